import { createGunzip, gunzip } from 'node:zlib';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { cancelled } from './failures.ts';
import type { ResponseHead } from './http1.ts';

const maxBodyBytes = 512 * 1024 * 1024;

/** Gathers a body: copies, since the ranges belong to a shared buffer. */
export class BodyCollector {
  #whole: Uint8Array | undefined;
  #parts: Uint8Array[] = [];
  #length = 0;

  begin(head: ResponseHead): void {
    const length = Number(head.headers['content-length'] ?? Number.NaN);
    this.#whole = length > 0 && length <= 64 * 1024 * 1024 ? new Uint8Array(length) : undefined;
    this.#parts = [];
    this.#length = 0;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const part = bytes.subarray(start, end);
    if (this.#whole === undefined) this.#parts.push(part.slice());
    else this.#whole.set(part, this.#length);
    this.#length += part.length;
    if (this.#length > maxBodyBytes) throw new KubeSageError('tooLarge', 'The answer is larger than 512 MiB');
  }

  finish(head: ResponseHead): Promise<Uint8Array> {
    return plainBody(this.#whole ?? Buffer.concat(this.#parts, this.#length), head);
  }
}

export async function plainBody(body: Uint8Array, head: ResponseHead): Promise<Uint8Array> {
  if (head.headers['content-encoding'] !== 'gzip' || body.length === 0) return body;
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: maxBodyBytes }, (error, plain) => {
      if (error === null) resolve(plain);
      else reject(new KubeSageError('unavailable', 'A compressed answer is damaged', { cause: error }));
    });
  });
}

export interface Inflating extends Disposable {
  write(bytes: Uint8Array, start: number, end: number): void;
  end(): Promise<void>;
}

export function inflate(onData: (bytes: Uint8Array, start: number, end: number) => void): Inflating {
  const gunzipping = createGunzip({ chunkSize: 256 * 1024 });
  let failure: unknown;
  gunzipping.on('data', (bytes: Buffer) => {
    if (failure !== undefined) return;
    try {
      onData(bytes, 0, bytes.length);
    } catch (error) {
      failure = error;
    }
  });
  const ended = new Promise<void>((resolve, reject) => {
    gunzipping.on('end', () => (failure === undefined ? resolve() : reject(failure)));
    gunzipping.on('error', (error) =>
      reject(failure ?? new KubeSageError('unavailable', 'A compressed answer is damaged', { cause: error })),
    );
    gunzipping.on('close', () => reject(failure ?? cancelled()));
  });
  // Whoever has to know asks through end(); an ended stream that nobody waits for is no defect.
  ended.catch(() => undefined);
  return {
    write(bytes, start, end) {
      if (failure !== undefined) throw failure;
      gunzipping.write(bytes.slice(start, end));
    },
    end() {
      gunzipping.end();
      return ended;
    },
    dispose: () => gunzipping.destroy(),
  };
}
