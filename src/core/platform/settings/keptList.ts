import { z } from 'zod';
import type { LiveSource } from '../../kernel/contract.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import type { Documents } from './documents.ts';

/** Entries that the user keeps in a document of their own, each under its key: rules, templates, folders. */
export interface KeptList<Entry extends { key: string }> {
  readonly all: readonly Entry[];
  readonly onChange: Event<unknown>;
  follow(): LiveSource<{ count: number }, Entry>;
  /** In the place of the entry with the same key, or at the end; returns when it is on the disk. */
  save(entry: Entry): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface KeptListOptions<S extends z.ZodType<{ key: string }>> {
  /** Of the document: `<name>.json`. */
  name: string;
  /** The document's field with the entries. */
  field: string;
  entry: S;
  /** What is there until somebody changes it. */
  first: readonly z.output<S>[];
}

export async function openKeptList<S extends z.ZodType<{ key: string }>>(
  documents: Documents,
  { name, field, entry, first }: KeptListOptions<S>,
): Promise<KeptList<z.output<S>>> {
  type Entry = z.output<S>;
  const schema = z.object({ [field]: z.array(entry).default([...first]) });
  const document = await documents.open(name, schema);
  const entries = () => document.value[field] as readonly Entry[];
  const change = (next: (entries: readonly Entry[]) => Entry[]) =>
    document.update((value) => ({ ...value, [field]: next(entries()) }));
  return {
    get all() {
      return entries();
    },
    onChange: document.onChange,
    follow() {
      const changed = new Emitter<void>();
      let rev = 1;
      const subscription = document.onChange(() => {
        rev++;
        changed.fire();
      });
      return {
        read: () => ({ rev, head: { count: entries().length }, rows: entries() }),
        onChange: changed.event,
        dispose() {
          subscription.dispose();
          changed.dispose();
        },
      };
    },
    save: (saved) =>
      change((known) => {
        const at = known.findIndex(({ key }) => key === saved.key);
        return at === -1 ? [...known, saved] : known.with(at, saved);
      }),
    remove: (removed) => change((known) => known.filter(({ key }) => key !== removed)),
  };
}
