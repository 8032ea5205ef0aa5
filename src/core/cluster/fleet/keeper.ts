import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { encodeSnapshotGently } from '../../kube/columns/snapshot.ts';
import { fileNameOf, type KeptFacts } from './kept.ts';
import type { FleetOptions, FleetSnapshots } from './ports.ts';

/** One cluster as it is written. */
export interface KeptCluster {
  index: number;
  id: string;
  name: string;
  uid: string | null;
  facts: KeptFacts;
}

/** Writes what is known of the clusters, a file a cluster, so that the next start shows it. */
export interface Keeper extends Disposable {
  /** Something of the cluster changed without a message of its watches. */
  changed(cluster: number): void;
  /** What is kept of it is removed. */
  forget(cluster: { index: number; id: string }): void;
  /** Resolves when everything that is not written yet was tried to be written. Never rejects: failures are notices. */
  flush(): Promise<void>;
}

const writeMs = 30_000;
/**
 * A quiet cluster's bookmarks come each minute, and are not worth a write each time: an API server can resume from
 * versions of several minutes ago.
 */
const progressMs = 5 * 60_000;

export function createKeeper(
  options: Pick<FleetOptions, 'tables' | 'clock' | 'watchers'> & {
    snapshots: FleetSnapshots;
    /** Undefined for what is not to be written. */
    describe(cluster: number): KeptCluster | undefined;
  },
): Keeper {
  const { snapshots, tables, clock, watchers } = options;
  const { folder, notify } = snapshots;
  const scope = new Scope();
  const dirty = new Set<number>();
  /** Clusters of which only versions are newer, with the time of the first. */
  const progressed = new Map<number, number>();
  /** One at a time, in order: what is forgotten must not come back with a write that was under way. */
  let last: Promise<void> = Promise.resolve();
  let running = 0;
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    running++;
    last = last.then(task).finally(() => {
      running--;
    });
    return last;
  };

  const write = async (index: number) => {
    const since = progressed.get(index);
    dirty.delete(index);
    progressed.delete(index);
    const cluster = options.describe(index);
    if (cluster === undefined) return;
    const { id, name, uid, facts } = cluster;
    const key = `snapshot:${fileNameOf(id)}`;
    try {
      const clusters = [{ index, id, uid: uid ?? '' }];
      const parts = await encodeSnapshotGently(
        tables,
        { writtenAt: clock.now(), clusters, about: facts },
        snapshots.pause,
      );
      await folder.replace(fileNameOf(id), parts);
      notify(key, null);
    } catch (error) {
      dirty.add(index);
      if (since !== undefined) progressed.set(index, since);
      const { message, hint } = toErrorValue(error);
      notify(key, {
        message: `What is known of ${name} can't be kept for the next start: ${message}`,
        hint: `It is tried again every half minute. ${hint ?? ''}`.trim(),
      });
    }
  };
  const writeAll = (isLast: boolean) =>
    inTurn(async () => {
      const now = clock.now();
      const due = [...progressed].filter(([, since]) => isLast || now - since >= progressMs).map(([index]) => index);
      for (const index of new Set([...dirty, ...due])) await write(index);
    });

  scope.add(
    watchers.onMessage((message) => {
      if (message.type === 'rows') dirty.add(message.batch.cluster);
      else if (message.type === 'listed') dirty.add(message.cluster);
      else if (message.type === 'progress' && !progressed.has(message.cluster)) {
        progressed.set(message.cluster, clock.now());
      }
    }),
  );
  scope.add(
    clock.every(writeMs, () => {
      // A disk that takes longer than half a minute is not helped by a queue.
      if (running === 0) void writeAll(false);
    }),
  );

  return {
    changed: (cluster) => void dirty.add(cluster),
    forget({ index, id }) {
      dirty.delete(index);
      progressed.delete(index);
      void inTurn(async () => {
        try {
          await folder.remove(fileNameOf(id));
        } catch (error) {
          notify(`snapshot:${fileNameOf(id)}`, {
            message: `What was kept of a cluster can't be removed: ${toErrorValue(error).message}`,
            hint: 'It is shown again after the next start. Check the permissions of the data folder.',
          });
        }
      });
    },
    flush: () => writeAll(true),
    dispose: () => scope.dispose(),
  };
}
