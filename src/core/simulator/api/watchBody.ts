import type { ServerResponse } from 'node:http';

/** A reader that leaves this much unread has gone away or will never catch up. */
const unreadLimitBytes = 64 * 1024 * 1024;
/** What a list in front of a watch is written by. */
const listChunkBytes = 256 * 1024;

/** What a watch has sent and will send, in order. */
export interface WatchBody {
  /** Sends soon: what is written within one turn of the event loop goes together. */
  write(frame: Buffer): void;
  /** Sends frames as the reader takes them: a hundred lists at once would fill the memory otherwise. Once, at first. */
  list(frames: Iterator<Buffer>): void;
  /** Acts at once, or behind the list when it is still being sent. */
  inTurn(act: () => void): void;
  /** Sends what was written, now. */
  flush(): void;
  /** The reader has gone. */
  drop(): void;
}

export function createWatchBody(response: ServerResponse): WatchBody {
  let pending: Buffer[] = [];
  let scheduled = false;
  let listing: Iterator<Buffer> | undefined;
  let waiting: (() => void)[] = [];

  const isOver = () => response.destroyed || response.writableEnded;
  const flush = () => {
    scheduled = false;
    if (pending.length === 0 || isOver()) return;
    const bytes = pending.length === 1 ? pending[0] : Buffer.concat(pending);
    pending = [];
    response.write(bytes);
    if (response.writableLength > unreadLimitBytes) response.destroy();
  };
  /** The next piece of the list, empty at its end. */
  const piece = (frames: Iterator<Buffer>): Buffer[] => {
    const parts: Buffer[] = [];
    for (let bytes = 0; bytes < listChunkBytes; ) {
      const next = frames.next();
      if (next.done === true) break;
      parts.push(next.value);
      bytes += next.value.length;
    }
    return parts;
  };
  const pump = () => {
    while (listing !== undefined && !isOver()) {
      const parts = piece(listing);
      if (parts.length === 0) break;
      if (response.write(Buffer.concat(parts))) continue;
      response.once('drain', pump);
      return;
    }
    listing = undefined;
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  };

  return {
    write(frame) {
      pending.push(frame);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
    list(frames) {
      listing = frames;
      pump();
    },
    inTurn(act) {
      if (listing === undefined) act();
      else waiting.push(act);
    },
    flush,
    drop() {
      pending = [];
      waiting = [];
      listing = undefined;
    },
  };
}
