import { performance } from 'node:perf_hooks';

/** Below this, packing and unpacking a list is quicker than carrying it. */
const slowBytesPerSecond = 3_000_000;
/** Below this, slow bytes are the server's or this machine's doing: compressing would make both slower still. */
const farMs = 10;
/** As far away, a link is taken for slow until its pace is known: a compressed list then costs little, a stream may much. */
const presumedMs = 20;
/** What a pace is judged from: less may have lain in buffers. */
const judgedBytes = 256 * 1024;
const judgedMs = 100;
/** One hold-up is not a slow link. */
const judgedTimes = 2;
/** A thread that had no time to read knows nothing of the link. */
const busiestShare = 0.7;

/**
 * How far and how fast the way to one server is, out of the answers so far. Times are milliseconds by a clock that
 * nobody sets.
 */
export class Link {
  /** Shortest time in which the server said anything. */
  #roundTripMs = Number.POSITIVE_INFINITY;
  /** Shortest handshake: the one that says how far it is before anything was asked. */
  #handshakeMs: number | undefined;
  #bytesPerSecond: number | undefined;
  #judged = 0;
  readonly #busyShare: () => number;

  /** `busyShare`: of the time since it was called last, what share this thread was busy, 0 to 1. */
  constructor(busyShare: () => number = shareSinceLast()) {
    this.#busyShare = busyShare;
  }

  /** Compression pays. False while nothing is known. */
  get slow(): boolean {
    const rate = this.#bytesPerSecond;
    if (rate === undefined || this.#judged < judgedTimes) return (this.#handshakeMs ?? 0) >= presumedMs;
    return rate < slowBytesPerSecond && this.#roundTripMs >= farMs;
  }

  /** One round trip of a handshake, without the time in which this thread did something else. */
  shookHands(afterMs: number): void {
    this.#handshakeMs = Math.min(this.#handshakeMs ?? afterMs, afterMs);
    this.answered(afterMs);
  }

  answered(afterMs: number): void {
    this.#roundTripMs = Math.min(this.#roundTripMs, afterMs);
  }

  /**
   * Watches one body whose bytes the server has ready. The result is told of every read, with its time; `nowMs` is when
   * the body begins.
   */
  pace(nowMs: number): (bytes: number, nowMs: number) => void {
    let since = nowMs;
    let sum = 0;
    this.#busyShare();
    return (bytes, now) => {
      sum += bytes;
      const elapsedMs = now - since;
      if (sum < judgedBytes || elapsedMs < judgedMs) return;
      if (this.#busyShare() < busiestShare) {
        const rate = (sum * 1000) / elapsedMs;
        this.#judged++;
        this.#bytesPerSecond = this.#bytesPerSecond === undefined ? rate : (this.#bytesPerSecond + rate) / 2;
      }
      since = now;
      sum = 0;
    };
  }
}

function shareSinceLast(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
