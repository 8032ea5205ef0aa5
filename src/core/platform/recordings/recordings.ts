import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Recording } from './contract.ts';
import { endMark, type Recorded, type Recorder, startRecorder } from './recorder.ts';

export interface Recordings {
  /** Rejects with `unavailable` when nothing can be recorded here. `failed` is called once when it cannot go on. */
  start(recorded: Recorded, failed: (error: KubeSageError) => void): Promise<Recorder>;
  /** Newest first. */
  list(): Promise<Recording[]>;
  /** Whole lines from an offset on, about 256 KiB of them. Rejects with `notFound`. */
  part(key: string, offset: number): Promise<{ text: string; next?: number }>;
  sha256(key: string): Promise<string>;
  remove(key: string): Promise<void>;
}

const partBytes = 256 * 1024;
/** A first line has some hundred bytes, and is written by this program. */
const headBytes = 8 * 1024;
/** The last line's time is looked for in so much of the end. */
const tailBytes = 64 * 1024;
const ending = '.cast';

/** Without a folder nothing is kept, and so nothing can be recorded. */
export function createRecordings({ folder, clock }: { folder: string | undefined; clock: Clock }): Recordings {
  const running = new Set<string>();
  const place = (key: string) => {
    if (folder === undefined || !/^[\w-]+$/.test(key)) throw gone(key);
    return join(folder, `${key}${ending}`);
  };
  return {
    async start(recorded, failed) {
      if (folder === undefined) {
        throw new KubeSageError('unavailable', 'Nothing can be recorded: this program keeps nothing', {
          hint: 'Start it with a data folder.',
        });
      }
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const recorder = await startRecorder({ folder, clock, recorded }, failed);
      running.add(recorder.key);
      const end = recorder.end.bind(recorder);
      recorder.end = () => end().finally(() => running.delete(recorder.key));
      return recorder;
    },
    async list() {
      if (folder === undefined) return [];
      const found: Recording[] = [];
      for (const name of await namesIn(folder)) {
        const key = name.slice(0, -ending.length);
        const recording = await read(join(folder, name), key, running.has(key));
        if (recording !== undefined) found.push(recording);
      }
      return found.sort((a, b) => b.startedAt - a.startedAt);
    },
    async part(key, offset) {
      return withFile(place(key), key, async (file) => {
        const { size } = await file.stat();
        const bytes = await readAt(file, offset, partBytes);
        // A line that is longer than a part is taken whole with the next ones: none is, since screens get less at once.
        const end = offset + bytes.length >= size ? bytes.length : bytes.lastIndexOf(10) + 1;
        const taken = end === 0 ? bytes.length : end;
        const next = offset + taken;
        return { text: bytes.toString('utf8', 0, taken), ...(next < size && { next }) };
      });
    },
    async sha256(key) {
      const hash = createHash('sha256');
      try {
        for await (const bytes of createReadStream(place(key))) hash.update(bytes as Buffer);
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone(key) : error;
      }
      return hash.digest('hex');
    },
    async remove(key) {
      if (running.has(key)) {
        throw new KubeSageError('conflict', 'It is being recorded', { hint: 'End the terminal first.' });
      }
      await withFile(place(key), key, async () => undefined);
      await rm(place(key));
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(ending));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for a file that is none of ours. */
async function read(path: string, key: string, runs: boolean): Promise<Recording | undefined> {
  return withFile(path, key, async (file) => {
    const { size } = await file.stat();
    const head = (await readAt(file, 0, headBytes)).toString('utf8').split('\n')[0] ?? '';
    const last = (await readAt(file, Math.max(0, size - tailBytes), tailBytes))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .at(-1);
    const about = (parsed(head) as { kubesage?: Omit<Recording, 'key' | 'bytes' | 'state' | 'seconds'> } | undefined)
      ?.kubesage;
    if (about === undefined) return undefined;
    const event = parsed(last ?? '');
    const ended = Array.isArray(event) && event[1] === 'm' && event[2] === endMark;
    const seconds = Array.isArray(event) && typeof event[0] === 'number' ? event[0] : undefined;
    return {
      ...about,
      key,
      bytes: size,
      state: runs ? 'running' : ended ? 'done' : 'cut',
      ...(seconds !== undefined && !runs && { seconds }),
    };
  });
}

async function withFile<T>(path: string, key: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? gone(key) : error;
  }
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Cut off in its middle, or somebody else's file.
    return undefined;
  }
}

function gone(key: string): KubeSageError {
  return new KubeSageError('notFound', `There is no recording ${key}`);
}
