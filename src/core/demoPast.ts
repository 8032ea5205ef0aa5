import { type Clock, sleep } from './kernel/clock.ts';
import type { Disposable } from './kernel/disposable.ts';
import { KubeSageError, toErrorValue } from './kernel/errors.ts';
import { builtInSchema } from './kube/projectors/index.ts';
import type { History } from './observe/history/index.ts';

/** A version of an object of the demo fleet, as its lists would have shown it. */
interface DemoPastRow {
  /** Name of the context. */
  cluster: string;
  kind: string;
  uid: string;
  /** Milliseconds. */
  at: number;
  change: 'added' | 'modified' | 'deleted';
  values: readonly (string | number | null)[];
}

/** Tells the past of the clusters with these names; rejects when the signal is aborted. */
export type ReadDemoPast = (
  clusters: readonly string[],
  take: (rows: readonly DemoPastRow[]) => void,
  signal: AbortSignal,
) => Promise<void>;

/** The first lists come before the past: both come from the demo fleet's thread. */
const pauseMs = 3_000;

export interface DemoPast extends Disposable {
  /** Resolves when nothing more is written, because all is told or it was disposed. Never rejects. */
  readonly ended: Promise<void>;
}

/**
 * Fills the history with what the demo fleet lived through before it was started, once a data folder, one cluster after
 * the other. In the background; dispose to break off.
 */
export function importDemoPast(deps: {
  history: History;
  clock: Clock;
  contexts: readonly { id: string; context: string }[];
  read: ReadDemoPast;
  log(message: string): void;
}): DemoPast {
  const { history, clock, contexts, read, log } = deps;
  const stop = new AbortController();
  let before: Promise<void> = sleep(clock, pauseMs, stop.signal).catch(() => undefined);
  for (const { id, context } of contexts) {
    const earlier = before;
    before = history
      .importPast(id, async (add) => {
        await earlier;
        stop.signal.throwIfAborted();
        const take = (rows: readonly DemoPastRow[]) => {
          for (const { cluster: _, kind, ...version } of rows) {
            const schema = builtInSchema(kind);
            if (schema !== undefined) add({ schema, ...version });
          }
        };
        await read([context], take, stop.signal);
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) log(`The past of ${context} is not told: ${toErrorValue(error).message}`);
      });
  }
  return { ended: before, dispose: () => stop.abort(new KubeSageError('cancelled', 'The program ends')) };
}
