import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { parseJsonPath } from '../../kube/projectors/index.ts';
import type { UserColumn } from '../../platform/settings/contract.ts';
import type { Settings } from '../../platform/settings/index.ts';

/** The columns of the user's own that watches read with every object, so that lists sort, filter and group by them. */
export interface UserColumns {
  /** Of a kind; labels are not among them, which every row has anyway. */
  of(kind: string): readonly UserColumn[];
  /** Fires with the kind whose columns are others now. */
  readonly onChange: Event<string>;
}

/** The columns that the user's preferences name. A JSONPath that can't be read is left out: its list shows it empty. */
export function createUserColumns(settings: Pick<Settings, 'preferences' | 'onChange'>): UserColumns & Disposable {
  const changed = new Emitter<string>();
  const read = () => {
    const columns = new Map<string, readonly UserColumn[]>();
    for (const [kind, { userColumns = [] }] of Object.entries(settings.preferences.kinds)) {
      const usable = userColumns.filter(isWatchable);
      if (usable.length > 0) columns.set(kind, usable);
    }
    return columns;
  };
  let columns = read();
  const subscription = settings.onChange(() => {
    const before = columns;
    columns = read();
    for (const kind of new Set([...before.keys(), ...columns.keys()])) {
      if (!isDeepStrictEqual(before.get(kind), columns.get(kind))) changed.fire(kind);
    }
  });
  return {
    of: (kind) => columns.get(kind) ?? [],
    onChange: changed.event,
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}

function isWatchable({ from, path }: UserColumn): boolean {
  if (from === 'label') return false;
  if (from === 'annotation') return true;
  try {
    parseJsonPath(path);
    return true;
  } catch {
    // The user may still be typing it; the column is shown, and stays empty.
    return false;
  }
}
