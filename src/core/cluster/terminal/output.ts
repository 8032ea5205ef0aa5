import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Backlog } from './backlog.ts';

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
/** A source that was ahead of the screen within this time is one that floods. */
const floodMs = 500;
/** Read within each such time at most: some ten times what a screen shows, a fraction of what a computer could send. */
const rate = { ms: 250, bytes: 8 * 1024 * 1024 };
/** What the terminal's driver writes where an interrupt takes effect: all before it had been written before. */
const interruptMarks = ['^C', '^\\', '^Z'].map((mark) => Buffer.from(mark));

export interface OutputOptions {
  clock: Clock;
  send(stream: 'out' | 'err', text: string): void;
  /** So many bytes are left out here: after an interrupt, or since the screen would not keep them either. */
  skipped(count: number, why: 'interrupt' | 'flood'): void;
  /** The source is to be held back, or let go. */
  hold(held: boolean): void;
}

/**
 * What a program writes, on its way to a screen: decoded, gathered and never more than the screen can take. What comes
 * faster waits here, as much of it as a screen remembers, and the rest is left out: so nothing waits in the connections
 * between, where an interrupt would have to wait behind it. What comes faster than is sensible to read is held back at
 * its source.
 *
 * An interrupt (Ctrl-C) during a flood is to be answered at once. So what waits, and what still comes, is left out but
 * for its end, as the terminal driver of a local shell throws away its queue; the screen says how much that was.
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
  readonly #backlog = new Backlog();
  #lastBehindMs = Number.NEGATIVE_INFINITY;
  /** What was read since when. */
  #read = { at: Number.NEGATIVE_INFINITY, bytes: 0 };
  #letGo: Disposable | undefined;
  #gathered: { stream: 'out' | 'err'; text: string }[] = [];
  #gathering: Disposable | undefined;
  #lastSentMs = Number.NEGATIVE_INFINITY;
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
    const interrupted = this.#isFull && this.#options.clock.steady() < this.#interruptedUntil;
    // A flood that comes again after a pause; not the prompt, which goes after what the screen is still busy with.
    if (interrupted && this.#skip === undefined && this.#sinceSkip + bytes.length > keptBytes) this.#startSkip();
    if (this.#skip !== undefined) {
      this.#leaveOut(stream, bytes);
      return;
    }
    if ((this.#isFull && !interrupted) || !this.#backlog.isEmpty) {
      this.#backlog.push(stream, bytes);
      this.#sinceSkip += bytes.length;
      this.#lastBehindMs = this.#options.clock.steady();
    } else this.#keep(stream, this.#decoders[stream].decode(bytes, { stream: true }));
    this.#limit(bytes.length);
  }

  /** So many characters are on the screen. */
  taken(count: number): void {
    this.#onTheWay = Math.max(0, this.#onTheWay - count);
    this.#takenCount += count;
    this.#adapt();
    if (this.#skip === undefined && this.#onTheWay < this.#window / 2) this.#catchUp();
  }

  /** Another screen: what the one before had not shown is not waited for. */
  forget(): void {
    this.#flush();
    this.#onTheWay = 0;
    this.#takenCount = this.#sentCount;
    this.#sent = [];
    this.#window = window.first;
    if (this.#skip === undefined) this.#catchUp();
  }

  /** Whoever looks at it wants what is written now to stop. */
  interrupt(): void {
    const now = this.#options.clock.steady();
    // Without a flood nothing waits anywhere, and nothing is to be left out.
    if (!this.#isFull && this.#backlog.isEmpty && now - this.#lastBehindMs > floodMs) return;
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
    this.#catchUp(Number.POSITIVE_INFINITY);
    this.#flush();
  }

  dispose(): void {
    this.#disposed = true;
    this.#gathering?.dispose();
    this.#letGo?.dispose();
    this.#backlog.clear();
    this.#skip?.quiet.dispose();
    this.#skip?.end.dispose();
    this.#skip = undefined;
    this.#gathered = [];
  }

  get #isFull(): boolean {
    return this.#onTheWay > this.#window;
  }

  /** Sends of what waits as much as the screen takes. */
  #catchUp(most = this.#window): void {
    while (this.#onTheWay <= most) {
      const next = this.#backlog.take();
      if (next === undefined) return;
      if (next.left > 0) {
        this.#flush();
        this.#decoders[next.stream] = new TextDecoder();
        this.#options.skipped(next.left, 'flood');
      }
      this.#keep(next.stream, this.#decoders[next.stream].decode(next.bytes, { stream: true }));
    }
  }

  /** Holds the source back for the rest of the time in which enough was read. */
  #limit(bytes: number): void {
    const { clock } = this.#options;
    const now = clock.steady();
    if (now - this.#read.at >= rate.ms) this.#read = { at: now, bytes: 0 };
    this.#read.bytes += bytes;
    if (this.#read.bytes <= rate.bytes || this.#held) return;
    this.#hold(true);
    this.#letGo = clock.after(this.#read.at + rate.ms - now, () => this.#hold(false));
  }

  #keep(stream: 'out' | 'err', text: string): void {
    if (text === '') return;
    this.#onTheWay += text.length;
    this.#sinceSkip += text.length;
    const last = this.#gathered.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.#gathered.push({ stream, text });
    const { clock } = this.#options;
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
    else if (tookMs < aimMs.least && !this.#backlog.isEmpty) this.#window = Math.min(window.most, this.#window * 1.3);
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
    this.#letGo?.dispose();
    this.#hold(false);
    const { pieces, left } = this.#backlog.clear();
    if (this.#skip !== undefined) this.#skip.count += left;
    for (const piece of pieces) this.#leaveOut(piece.stream, piece.bytes, true);
  }

  /** As bytes and without a look at them: megabytes are to be through in some tens of milliseconds. */
  #leaveOut(stream: 'out' | 'err', bytes: Uint8Array, waited = false): void {
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
    // What had come before the interrupt says nothing about it.
    if (waited) return;
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
      this.#options.skipped(skip.count + cut, 'interrupt');
    }
    const text = this.#decoders[skip.stream].decode(kept.subarray(cut), { stream: true });
    this.#sinceSkip = -text.length;
    this.#keep(skip.stream, text);
    this.#flush();
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#options.hold(held);
  }
}
