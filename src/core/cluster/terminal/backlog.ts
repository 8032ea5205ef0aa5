/** More lines than this are not kept by a screen either: what comes before them would be gone from it as well. */
const keptLines = 10_000;
/** Lines may be long. */
const keptBytes = 4 * 1024 * 1024;

const newLine = 10;

export interface Piece {
  stream: 'out' | 'err';
  bytes: Buffer;
}

/** Output that waits for a screen: its end, as long as a screen remembers. What is left out at its beginning is counted. */
export class Backlog {
  #pieces: (Piece & { lines: number })[] = [];
  #bytes = 0;
  #lines = 0;
  #left = 0;

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  push(stream: Piece['stream'], bytes: Uint8Array): void {
    const lines = linesIn(bytes);
    this.#pieces.push({ stream, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), lines });
    this.#bytes += bytes.length;
    this.#lines += lines;
    for (let [first] = this.#pieces; first !== undefined; [first] = this.#pieces) {
      const enough = this.#lines - first.lines > keptLines || this.#bytes - first.bytes.length > keptBytes;
      if (!enough) break;
      this.#left += first.bytes.length;
      this.#shift();
    }
  }

  /** The oldest piece, and how many bytes were left out before it: it then begins at the beginning of a line. */
  take(): (Piece & { left: number }) | undefined {
    const first = this.#shift();
    if (first === undefined) return undefined;
    const left = this.#left;
    this.#left = 0;
    if (left === 0) return { stream: first.stream, bytes: first.bytes, left };
    const cut = first.bytes.indexOf(newLine) + 1;
    return { stream: first.stream, bytes: first.bytes.subarray(cut), left: left + cut };
  }

  /** All that waits, and what was left out before; nothing waits then. */
  clear(): { pieces: readonly Piece[]; left: number } {
    const all = { pieces: this.#pieces, left: this.#left };
    this.#pieces = [];
    this.#bytes = this.#lines = this.#left = 0;
    return all;
  }

  #shift(): (Piece & { lines: number }) | undefined {
    const first = this.#pieces.shift();
    this.#bytes -= first?.bytes.length ?? 0;
    this.#lines -= first?.lines ?? 0;
    return first;
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === newLine) lines++;
  return lines;
}
