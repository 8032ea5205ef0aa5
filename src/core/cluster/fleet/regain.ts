import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';

/** First pause before refused kinds are asked about again; each is twice the one before, up to the last. */
const firstPauseMs = 60_000;
const lastPauseMs = 30 * 60_000;

/** Asks again, after growing pauses, whether kinds may be listed that were refused: a refusal may have been a moment's. */
export interface Regain extends Disposable {
  /** Some kind may have come to be limited to namespaces, or ceased to be. */
  look(): void;
  /** The user tries everything again: the pauses begin anew. */
  reset(): void;
}

export function createRegain(options: {
  clock: Clock;
  /** Between 0 and 1. */
  random(): number;
  /** Kinds that are watched in some namespaces only, since all of them were refused. */
  limited(): readonly DiscoveredKind[];
  /** Whether it may be listed everywhere now. Rejects when there is no answer. */
  mayList(kind: DiscoveredKind, signal: AbortSignal): Promise<boolean>;
  regained(kind: DiscoveredKind): void;
}): Regain {
  const { clock } = options;
  const ended = new AbortController();
  let pauseMs = firstPauseMs;
  let timer: Disposable | undefined;
  let asking = false;

  const ask = async () => {
    asking = true;
    // One after the other: nobody waits for it, and a server that refuses for lack of strength needs no crowd.
    for (const kind of options.limited()) {
      try {
        const may = await options.mayList(kind, ended.signal);
        if (ended.signal.aborted) return;
        if (may) options.regained(kind);
      } catch {
        // Not known now; the next pause ends with the same question.
        if (ended.signal.aborted) return;
        break;
      }
    }
    asking = false;
    look();
  };

  const look = () => {
    if (ended.signal.aborted || asking) return;
    if (options.limited().length === 0) {
      timer?.dispose();
      timer = undefined;
      return;
    }
    if (timer !== undefined) return;
    // Clusters that were refused together do not ask together.
    timer = clock.after(pauseMs * (0.8 + 0.4 * options.random()), () => {
      timer = undefined;
      void ask();
    });
    pauseMs = Math.min(lastPauseMs, pauseMs * 2);
  };

  return {
    look,
    reset() {
      pauseMs = firstPauseMs;
      timer?.dispose();
      timer = undefined;
      look();
    },
    dispose() {
      ended.abort();
      timer?.dispose();
    },
  };
}
