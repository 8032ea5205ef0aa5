import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../kernel/disposable.ts';
import type { Event } from '../../kernel/emitter.ts';
import { Preferences, type PreferencesChange } from './contract.ts';
import type { Documents } from './documents.ts';

/** The user's preferences. */
export interface Settings extends Disposable {
  readonly preferences: Preferences;
  readonly onChange: Event<Preferences>;
  /** Fields that are absent stay; a field that is present is replaced as a whole. Resolves when it is stored. */
  update(change: PreferencesChange): Promise<void>;
}

export async function createSettings(options: { documents: Documents }): Promise<Settings> {
  const document = await options.documents.open('preferences', Preferences);
  return {
    get preferences() {
      return document.value;
    },
    onChange: document.onChange,
    update: (change) =>
      document.update((value) => {
        const present = Object.fromEntries(Object.entries(change).filter(([, field]) => field !== undefined));
        const next = Preferences.parse({ ...value, ...present });
        return isDeepStrictEqual(next, value) ? value : next;
      }),
    dispose: () => undefined,
  };
}
