import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { DataFolder } from './folder.ts';
import { type Leftover, leftover, withLeftover } from './leftover.ts';

/** Something that the user should know about a stored document. */
export interface DocumentNotice {
  /** Milliseconds. */
  at: number;
  tone: 'warning' | 'failed';
  message: string;
  hint: string;
}

/** One small JSON document that outlives the process: read once, kept in memory, written behind. */
export interface Document<T> {
  readonly value: T;
  readonly onChange: Event<T>;
  /**
   * Changes the value at once and returns when it is on the disk. Changes that come while a write runs share the next
   * one. Rejects with `unavailable` when it cannot be written; the new value then holds until the process ends.
   */
  update(change: (value: T) => T): Promise<void>;
}

export interface Documents extends Disposable {
  /**
   * Reads `<name>.json`. A missing one gives the schema's defaults, so the schema must accept `{}`. A damaged one is set
   * aside under a name with `.damaged-` and reported; a field that does not fit is kept in the file and reported.
   * The same name always gives the same document.
   */
  open<S extends z.ZodType<object>>(name: string, schema: S): Promise<Document<z.output<S>>>;
  readonly notices: readonly DocumentNotice[];
  readonly onNotice: Event<DocumentNotice>;
  /** Resolves when nothing is left to be written. */
  flush(): Promise<void>;
}

export function createDocuments(options: { folder: DataFolder; clock: Clock }): Documents {
  const { clock } = options;
  const opened = new Map<string, Promise<StoredDocument<object>>>();
  const notices: DocumentNotice[] = [];
  const onNotice = new Emitter<DocumentNotice>();

  const notify = (tone: DocumentNotice['tone'], message: string, hint: string) => {
    const notice: DocumentNotice = { at: clock.now(), tone, message, hint };
    notices.push(notice);
    onNotice.fire(notice);
  };

  /** Said once, however many documents cannot be written; said again when it happens again. */
  let refuses = false;
  const folder: DataFolder = {
    ...options.folder,
    async write(name, content) {
      try {
        await options.folder.write(name, content);
        refuses = false;
      } catch (error) {
        if (!refuses) {
          const { path } = options.folder;
          const why = (error as NodeJS.ErrnoException).code ?? String(error);
          const hint = `Look at the free space and the permissions of ${path}. Changes hold until KubeSage ends.`;
          notify('failed', `Settings cannot be written to ${path} (${why})`, hint);
        }
        refuses = true;
        throw error;
      }
    },
  };

  async function load(name: string, schema: z.ZodType<object>): Promise<StoredDocument<object>> {
    const file = `${name}.json`;
    const content = await folder.read(file);
    if (content === null) return new StoredDocument(folder, file, schema.parse({}), undefined);
    let raw: unknown;
    try {
      raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    } catch {
      raw = undefined;
    }
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      const aside = `${name}.damaged-${clock.now()}.json`;
      const isAside = await folder.rename(file, aside).then(
        () => true,
        () => false,
      );
      notify(
        'warning',
        `The file ${file} is damaged${isAside ? ' and was set aside' : ''}; its defaults are used`,
        isAside
          ? `It is kept as ${aside} in ${folder.path}: repair it and put it back to get its content again.`
          : `It could not be set aside: the next change replaces it. Check the permissions of ${folder.path}.`,
      );
      return new StoredDocument(folder, file, schema.parse({}), undefined);
    }
    const { value, unfit } = parseLeniently(schema, raw as Record<string, unknown>);
    if (unfit.length > 0) {
      notify(
        'warning',
        `The file ${file} has values that this version cannot use: ${unfit.join(', ')}`,
        'They are left in the file; the defaults are used instead.',
      );
    }
    const unused = new Map(unfit.map((field) => [field, (raw as Record<string, unknown>)[field]]));
    return new StoredDocument(folder, file, value, leftover(raw, value), unused);
  }

  return {
    async open(name, schema) {
      let document = opened.get(name);
      if (document === undefined) {
        document = load(name, schema as z.ZodType<object>);
        opened.set(name, document);
        document.catch(() => opened.delete(name));
      }
      return (await document) as unknown as Document<z.output<typeof schema>>;
    },
    get notices() {
      return notices;
    },
    onNotice: onNotice.event,
    async flush() {
      for (const document of opened.values()) await (await document).flushed();
    },
    dispose: () => onNotice.dispose(),
  };
}

class StoredDocument<T extends object> implements Document<T> {
  #value: T;
  readonly #folder: DataFolder;
  readonly #file: string;
  readonly #rest: Leftover | undefined;
  /** Values that this version cannot use, by field: written back until somebody chooses another one. */
  readonly #unused: ReadonlyMap<string, unknown>;
  readonly #loaded: T;
  readonly #changed = new Emitter<T>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(
    folder: DataFolder,
    file: string,
    value: T,
    rest: Leftover | undefined,
    unused: ReadonlyMap<string, unknown> = new Map(),
  ) {
    this.#unused = unused;
    this.#loaded = value;
    this.#folder = folder;
    this.#file = file;
    this.#value = value;
    this.#rest = rest;
  }

  get value(): T {
    return this.#value;
  }

  get onChange(): Event<T> {
    return this.#changed.event;
  }

  update(change: (value: T) => T): Promise<void> {
    const value = change(this.#value);
    if (value === this.#value) return this.flushed();
    this.#value = value;
    const written = this.#schedule();
    // The caller may not look at the result at once; it is still told when it does.
    written.catch(() => undefined);
    this.#changed.fire(value);
    return written;
  }

  async flushed(): Promise<void> {
    await (this.#next ?? this.#running);
  }

  #text(): string {
    const saved = { ...(withLeftover(this.#value, this.#rest) as Record<string, unknown>) };
    for (const [field, raw] of this.#unused) {
      const key = field as keyof T;
      if (isDeepStrictEqual(this.#value[key], this.#loaded[key])) saved[field] = raw;
    }
    return `${JSON.stringify(saved, null, 2)}\n`;
  }

  #schedule(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const before = this.#running;
    const write = async () => {
      if (before !== undefined) await before.catch(() => undefined);
      // From here on a change needs another write: this one takes the value as it is now.
      this.#next = undefined;
      this.#running = next;
      try {
        await this.#folder.write(this.#file, this.#text());
      } catch (error) {
        throw new KubeSageError('unavailable', `${this.#file} could not be written`, {
          hint: `Look at the free space and the permissions of ${this.#folder.path}. The change holds until KubeSage ends.`,
          cause: error,
        });
      } finally {
        if (this.#running === next) this.#running = undefined;
      }
    };
    // Deferred by a microtask, so that `next` is known when the write begins.
    const next: Promise<void> = Promise.resolve().then(write);
    this.#next = next;
    return next;
  }
}

/** Parses; fields that do not fit are dropped one by one and named, so that one bad value does not cost the others. */
function parseLeniently(schema: z.ZodType<object>, raw: Record<string, unknown>): { value: object; unfit: string[] } {
  const candidate = { ...raw };
  const unfit: string[] = [];
  for (;;) {
    const result = schema.safeParse(candidate);
    if (result.success) return { value: result.data, unfit };
    const field = result.error.issues[0]?.path[0];
    // Not a field's fault: the schema does not accept {}, which is a defect of the caller.
    if (typeof field !== 'string' || !Object.hasOwn(candidate, field)) throw result.error;
    delete candidate[field];
    unfit.push(field);
  }
}
