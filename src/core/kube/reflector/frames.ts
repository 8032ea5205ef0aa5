import { MalformedMessage } from '../projectors/protobuf.ts';

/** Takes a stream's bytes as they come, in any cut. */
export interface Splitter {
  push(bytes: Uint8Array, start: number, end: number): void;
  /** True when no part of a frame is held: the stream may end here without a loss. */
  readonly empty: boolean;
}

/** Longer than any object that etcd stores (1.5 MB, more by configuration) and any event around it. */
const maxFrameBytes = 64 * 1024 * 1024;
const lengthBytes = 4;

/**
 * Kubernetes' framing of a protobuf watch: a big-endian 32-bit length, then that many bytes
 * (apimachinery `pkg/util/framer`). A frame that lies whole in the input is handed on in place, one that is cut is
 * gathered first. Ranges are valid during the call only.
 */
export class FrameSplitter implements Splitter {
  readonly #onFrame: (bytes: Uint8Array, start: number, end: number) => void;
  #held = new Uint8Array(64 * 1024);
  #used = 0;
  /** Length of the held frame with its prefix; 0 while the prefix is incomplete. */
  #wanted = 0;

  constructor(onFrame: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onFrame = onFrame;
  }

  get empty(): boolean {
    return this.#used === 0;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    if (this.#used > 0) {
      at = this.#fill(bytes, at, end);
      if (this.#used > 0) return;
    }
    while (end - at >= lengthBytes) {
      const length = frameLength(bytes, at);
      if (end - at < lengthBytes + length) break;
      const from = at + lengthBytes;
      at = from + length;
      this.#onFrame(bytes, from, at);
    }
    if (at < end) this.#fill(bytes, at, end);
  }

  /** Adds to the held frame, and hands it on when it is whole. Returns the position of what was not used. */
  #fill(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.#wanted === 0) {
      const take = Math.min(lengthBytes - this.#used, end - at);
      this.#keep(bytes, at, at + take);
      at += take;
      if (this.#used < lengthBytes) return at;
      this.#wanted = lengthBytes + frameLength(this.#held, 0);
    }
    const take = Math.min(this.#wanted - this.#used, end - at);
    this.#keep(bytes, at, at + take);
    at += take;
    if (this.#used === this.#wanted) {
      const whole = this.#wanted;
      this.#used = 0;
      this.#wanted = 0;
      this.#onFrame(this.#held, lengthBytes, whole);
    }
    return at;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = Math.max(this.#used + end - start, this.#wanted);
    if (needed > this.#held.length) {
      const larger = new Uint8Array(Math.max(needed, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#used));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
  }
}

function frameLength(bytes: Uint8Array, at: number): number {
  const length =
    (bytes[at] as number) * 0x1000000 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
  if (length > maxFrameBytes) throw new MalformedMessage(`A frame claims to be ${length} bytes long`);
  return length;
}

const newline = 10;

/** A JSON watch: one event a line. Empty lines are skipped. Ranges are valid during the call only. */
export class LineSplitter implements Splitter {
  readonly #onLine: (bytes: Uint8Array, start: number, end: number) => void;
  #held = new Uint8Array(64 * 1024);
  #used = 0;

  constructor(onLine: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  get empty(): boolean {
    return this.#used === 0;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const cut = bytes.indexOf(newline, at);
      if (cut === -1 || cut >= end) break;
      if (this.#used > 0) {
        this.#keep(bytes, at, cut);
        const whole = this.#used;
        this.#used = 0;
        this.#onLine(this.#held, 0, whole);
      } else if (cut > at) this.#onLine(bytes, at, cut);
      at = cut + 1;
    }
    if (at < end) this.#keep(bytes, at, end);
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > maxFrameBytes) throw new MalformedMessage('A line of a watch is longer than 64 MiB');
    if (needed > this.#held.length) {
      const larger = new Uint8Array(Math.max(needed, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#used));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(start, end), this.#used);
    this.#used = needed;
  }
}
