import { type Clock, systemClock } from '../../kernel/clock.ts';
import { type Disposable, toDisposable } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';

export interface PulseOptions {
  transport: Pick<Transport, 'request' | 'heardAt'>;
  clock?: Clock | undefined;
  /** No sign of life for ten seconds: rows are stale from now on, streams stay open. */
  onStall: (reason: string) => void;
  /** It answers again since `from`, milliseconds by the steady clock. */
  onRecover: (from: number) => void;
  /** Nothing for half a minute: the streams are dead, whatever TCP believes. */
  onDead: (reason: string) => void;
}

const tickMs = 1_000;
/** Bookmarks come once a minute, so silence is usual; after 5 s of it somebody asks. */
const quietMs = 5_000;
const probeMs = 5_000;
const deadMs = 28_000;
/** The machine slept, or the process was stopped. */
const gapMs = 15_000;

/**
 * Watches over one cluster's server while its streams say nothing (F2: a laptop that slept, a VPN that dropped, a
 * server that hangs): a small request on a connection of its own, and three words about its answer. A quiet healthy
 * watch is never touched.
 */
export function watchPulse(options: PulseOptions): Disposable {
  const { transport } = options;
  const clock = options.clock ?? systemClock;
  const end = new AbortController();
  const startedAt = clock.steady();
  let probing = false;
  let stalledSince: number | undefined;
  let dead = false;
  let lastTick = clock.now();
  let lastSteadyTick = startedAt;

  const heardAt = () => Math.max(transport.heardAt, startedAt);

  const probe = async () => {
    probing = true;
    const askedAt = clock.steady();
    let trouble: string | undefined;
    try {
      await transport.request({ path: '/livez', headers: { Accept: '*/*' }, timeoutMs: probeMs, signal: end.signal });
    } catch (error) {
      // Any answer is a sign of life, also one that says no.
      if (!(error instanceof ApiFailure)) trouble = toErrorValue(error).message;
    }
    probing = false;
    if (end.signal.aborted) return;
    if (trouble === undefined || transport.heardAt > askedAt) {
      if (stalledSince !== undefined) {
        stalledSince = undefined;
        dead = false;
        options.onRecover(askedAt);
      }
      return;
    }
    if (stalledSince === undefined) {
      stalledSince = heardAt();
      options.onStall(trouble);
    }
    if (!dead && clock.steady() - stalledSince >= deadMs) {
      dead = true;
      options.onDead(trouble);
    }
  };

  const timer = clock.every(tickMs, () => {
    const [wall, now] = [clock.now(), clock.steady()];
    // The one clock sees a machine that slept, the other a process that was stopped; either may be set or stand still.
    const slept = wall - lastTick > gapMs || now - lastSteadyTick > gapMs;
    lastTick = wall;
    lastSteadyTick = now;
    if (probing) return;
    if (slept || stalledSince !== undefined || now - heardAt() >= quietMs) void probe();
  });

  return toDisposable(() => {
    timer.dispose();
    end.abort();
  });
}
