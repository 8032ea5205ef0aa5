import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';

/** Characters on their way to a screen that has not shown them yet: as many as it shows within `aimMs`, within these. */
const window = { first: 64 * 1024, least: 32 * 1024, most: 256 * 1024 };
/** What is on its way stands between a key and its answer: a screen that takes longer gets less at once. */
const aimMs = { least: 15, most: 40 };
/** Output within this time goes in one message; the first after quiet goes at once. */
const gatherMs = 8;
/** What is kept of the output behind an interrupt: some screens. */
const keptBytes = 16 * 1024;
/** Quiet for so long: what had been written before the interrupt is through. */
const quietMs = 25;
/** A program that goes on after the interrupt is shown again after this, or after so many bytes. */
const skipMs = 3000;
const skipBytes = 32 * 1024 * 1024;
/** A source that was held back within this time is one that floods. */
const floodMs = 500;
/** What the terminal's driver writes where an interrupt takes effect: all before it had been written before. */
const interruptMarks = ['^C', '^\\', '^Z'].map((mark) => Buffer.from(mark));

export interface OutputOptions {
  clock: Clock;
  send(stream: 'out' | 'err', text: string): void;
  /** So many bytes are left out here. */
  skipped(count: number): void;
  /** The source is to be held back, or let go. */
  hold(held: boolean): void;
}

/**
 * What a program writes, on its way to a screen: decoded, gathered and never more than the screen can take. The source
 * is held back while too much is on its way, so that a flood costs no memory.
 *
 * An interrupt (Ctrl-C) during a flood is to be answered at once, and megabytes wait in the connections between. So what
 * comes after it is read as fast as it can and left out but for its end, as the terminal driver of a local shell throws
 * away its queue; the screen says how much that was.
 */
export class Output implements Disposable {
  readonly #options: OutputOptions;
  readonly #decoders = { out: new TextDecoder(), err: new TextDecoder() };
  #onTheWay = 0;
  #window = window.first;
  /** When what was sent last, up to which count of all characters; the oldest that is not on the screen first. */
  #sent: { upTo: number; at: number }[] = [];
  #sentCount = 0;
  #takenCount = 0;
  #held = false;
  #gathered: { stream: 'out' | 'err'; text: string }[] = [];
  #gathering: Disposable | undefined;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #lastHeldMs = Number.NEGATIVE_INFINITY;
  #skip:
    | { kept: Buffer[]; keptBytes: number; stream: 'out' | 'err'; count: number; quiet: Disposable; end: Disposable }
    | undefined;
  /** Until then the end of an interrupted flood may still come, after a pause. */
  #interruptedUntil = Number.NEGATIVE_INFINITY;
  #sinceSkip = 0;
  #disposed = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  receive(stream: 'out' | 'err', bytes: Uint8Array): void {
    if (this.#disposed || bytes.length === 0) return;
    if (this.#skip !== undefined) this.#leaveOut(stream, bytes);
    else this.#keep(stream, this.#decoders[stream].decode(bytes, { stream: true }));
  }

  /** So many characters are on the screen. */
  taken(count: number): void {
    this.#onTheWay = Math.max(0, this.#onTheWay - count);
    this.#takenCount += count;
    this.#adapt();
    if (this.#held && this.#skip === undefined && this.#onTheWay < this.#window / 2) this.#hold(false);
  }

  /** Another screen: what the one before had not shown is not waited for. */
  forget(): void {
    this.#flush();
    this.#onTheWay = 0;
    this.#takenCount = this.#sentCount;
    this.#sent = [];
    this.#window = window.first;
    if (this.#skip === undefined) this.#hold(false);
  }

  /** Whoever looks at it wants what is written now to stop. */
  interrupt(): void {
    const now = this.#options.clock.steady();
    // Without a flood nothing waits anywhere, and nothing is to be left out.
    if (!this.#held && now - this.#lastHeldMs > floodMs) return;
    this.#interruptedUntil = now + skipMs;
    this.#startSkip();
  }

  /** A command is sent: what it writes belongs to it, and not to what was interrupted before. */
  command(): void {
    if (this.#skip === undefined) this.#interruptedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Sends what waits: nothing more comes. */
  finish(): void {
    this.#endSkip();
    this.#flush();
  }

  dispose(): void {
    this.#disposed = true;
    this.#gathering?.dispose();
    this.#skip?.quiet.dispose();
    this.#skip?.end.dispose();
    this.#skip = undefined;
    this.#gathered = [];
  }

  #keep(stream: 'out' | 'err', text: string): void {
    if (text === '') return;
    this.#onTheWay += text.length;
    this.#sinceSkip += text.length;
    const last = this.#gathered.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#gathered.push({ stream, text });
    const { clock } = this.#options;
    if (this.#onTheWay > this.#window) {
      if (clock.steady() >= this.#interruptedUntil) this.#hold(true);
      // Not for the prompt, while the screen is still busy with what came before it.
      else if (this.#sinceSkip > keptBytes) this.#startSkip();
    }
    if (this.#gathering !== undefined) return;
    const wait = this.#lastSentMs + gatherMs - clock.steady();
    if (wait <= 0) this.#flush();
    else this.#gathering = clock.after(wait, () => this.#flush());
  }

  #flush(): void {
    this.#gathering?.dispose();
    this.#gathering = undefined;
    if (this.#disposed || this.#gathered.length === 0) return;
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#lastSentMs = this.#options.clock.steady();
    for (const { stream, text } of gathered) {
      this.#sentCount += text.length;
      this.#options.send(stream, text);
    }
    this.#sent.push({ upTo: this.#sentCount, at: this.#lastSentMs });
  }

  /** Learns from how long the newest of what was taken had been on its way. */
  #adapt(): void {
    let at: number | undefined;
    for (let next = this.#sent[0]; next !== undefined && next.upTo <= this.#takenCount; next = this.#sent[0]) {
      at = next.at;
      this.#sent.shift();
    }
    if (at === undefined) return;
    const tookMs = this.#options.clock.steady() - at;
    if (tookMs > aimMs.most) this.#window = Math.max(window.least, this.#window * 0.7);
    else if (tookMs < aimMs.least && this.#held) this.#window = Math.min(window.most, this.#window * 1.3);
  }

  #startSkip(): void {
    if (this.#skip !== undefined) return;
    const { clock } = this.#options;
    this.#flush();
    this.#skip = {
      kept: [],
      keptBytes: 0,
      stream: 'out',
      count: 0,
      quiet: clock.after(quietMs, () => this.#endSkip()),
      end: clock.after(this.#interruptedUntil - clock.steady(), () => this.#endSkip()),
    };
    this.#hold(false);
  }

  /** As bytes and without a look at them: megabytes are to be through in some tens of milliseconds. */
  #leaveOut(stream: 'out' | 'err', bytes: Uint8Array): void {
    const skip = this.#skip;
    if (skip === undefined) return;
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    skip.stream = stream;
    skip.kept.push(piece);
    skip.keptBytes += piece.length;
    for (
      let [first] = skip.kept;
      first !== undefined && skip.keptBytes - first.length > keptBytes;
      [first] = skip.kept
    ) {
      skip.kept.shift();
      skip.keptBytes -= first.length;
      skip.count += first.length;
    }
    skip.quiet.dispose();
    if (skip.count > skipBytes) this.#interruptedUntil = Number.NEGATIVE_INFINITY;
    if (skip.count > skipBytes || interruptMarks.some((mark) => piece.includes(mark))) this.#endSkip();
    else skip.quiet = this.#options.clock.after(quietMs, () => this.#endSkip());
  }

  #endSkip(): void {
    const skip = this.#skip;
    if (skip === undefined || this.#disposed) return;
    this.#skip = undefined;
    skip.quiet.dispose();
    skip.end.dispose();
    const kept = Buffer.concat(skip.kept);
    // From a line's beginning on, so that neither a character nor a control sequence is cut in two.
    const most = Math.max(0, kept.length - 2 * keptBytes);
    const cut = skip.count + most === 0 ? 0 : Math.max(most, kept.indexOf(10, most) + 1);
    if (skip.count + cut > 0) {
      this.#decoders[skip.stream] = new TextDecoder();
      this.#options.skipped(skip.count + cut);
    }
    const text = this.#decoders[skip.stream].decode(kept.subarray(cut), { stream: true });
    this.#sinceSkip = -text.length;
    this.#keep(skip.stream, text);
    this.#flush();
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#lastHeldMs = this.#options.clock.steady();
    this.#options.hold(held);
  }
}
