/** Longer lines are cut here: something that is not a log, or a whole document on one line. Bytes. */
const longestLine = 256 * 1024;

/** Makes lines with their times out of the bytes of an answer with `timestamps=true`. */
export class LineReader {
  readonly #onLine: (at: number, text: string) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** Bytes of the line under way that were not kept. */
  #cut = 0;
  /** `2026-11-23T23:50:33` and what it is: the lines of a second share it. */
  #second = '';
  #secondMs = 0;
  #at = 0;

  /** @param onLine `at` is in milliseconds with fractions; a line without a time has that of the line before */
  constructor(onLine: (at: number, text: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes bytes `start` to `end`; they are not kept. */
  push(bytes: Uint8Array, start: number, end: number): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const last = chunk.lastIndexOf(10);
    if (last === -1) {
      this.#keep(chunk);
      return;
    }
    let from = 0;
    if (this.#restBytes > 0) {
      const first = chunk.indexOf(10);
      this.#keep(chunk.subarray(0, first));
      this.#endRest();
      from = first + 1;
    }
    if (from <= last) this.#readAll(chunk.toString('utf8', from, last));
    this.#keep(chunk.subarray(last + 1));
  }

  /** The answer ended: what came of a line without an end is a line. */
  end(): void {
    if (this.#restBytes > 0) this.#endRest();
  }

  /** What came of a line that was broken off is forgotten: it comes again, whole. */
  drop(): void {
    this.#rest = [];
    this.#restBytes = 0;
    this.#cut = 0;
  }

  #keep(chunk: Buffer): void {
    const room = longestLine - this.#restBytes;
    const kept = Math.min(room, chunk.length);
    this.#cut += chunk.length - kept;
    if (kept === 0) return;
    this.#rest.push(Buffer.from(chunk.subarray(0, kept)));
    this.#restBytes += kept;
  }

  #endRest(): void {
    const line = Buffer.concat(this.#rest).toString('utf8');
    const cut = this.#cut;
    this.drop();
    this.#read(cut === 0 ? line : `${line}… (${cut} more bytes)`);
  }

  #readAll(text: string): void {
    for (let from = 0; from <= text.length; ) {
      const next = text.indexOf('\n', from);
      const end = next === -1 ? text.length : next;
      const more = end - from - longestLine;
      if (more <= 0) this.#read(text.slice(from, end));
      else this.#read(`${text.slice(from, from + longestLine)}… (${more} more bytes)`);
      from = end + 1;
    }
  }

  #read(line: string): void {
    const space = line.indexOf(' ');
    const stamped = space >= 20 && space <= 36 ? this.#readTime(line, space) : Number.NaN;
    if (Number.isNaN(stamped)) {
      this.#onLine(this.#at, withoutReturn(line));
      return;
    }
    this.#at = stamped;
    this.#onLine(stamped, withoutReturn(line.slice(space + 1)));
  }

  /** RFC 3339 with any number of decimals; NaN when it is not. */
  #readTime(line: string, end: number): number {
    const second = line.slice(0, 19);
    let at = 19;
    let fraction = 0;
    let scale = 1000;
    if (line.charCodeAt(at) === 46) {
      for (at++; at < end; at++) {
        const digit = line.charCodeAt(at) - 48;
        if (digit < 0 || digit > 9) break;
        fraction = fraction * 10 + digit;
        scale /= 10;
      }
    }
    if (second !== this.#second) {
      const parsed = Date.parse(`${second}Z`);
      if (Number.isNaN(parsed)) return Number.NaN;
      this.#second = second;
      this.#secondMs = parsed;
    }
    const zone = line.charCodeAt(at) === 90 && at + 1 === end ? 0 : readZone(line.slice(at, end));
    // Whole microseconds: more does not fit into a number beside the date.
    return this.#secondMs - zone + Math.floor(fraction * scale * 1000) / 1000;
  }
}

/** `+02:00` in milliseconds; NaN when it is not. */
function readZone(text: string): number {
  const parts = /^([+-])(\d\d):(\d\d)$/.exec(text);
  if (parts === null) return Number.NaN;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) * 60_000;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
