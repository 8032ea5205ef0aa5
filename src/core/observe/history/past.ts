import { uidWords } from '../../kube/columns/batchBuilder.ts';
import { type KindSchema, meta } from '../../kube/columns/schema.ts';
import type { Store } from '../../platform/store/index.ts';
import { fingerprint } from './print.ts';
import { type Change, changes } from './tables.ts';
import type { VersionWriter } from './versionWriter.ts';

/** A version of an object from before it was watched. */
export interface PastVersion {
  /** The kind's, whose columns `values` follow. */
  schema: KindSchema;
  uid: string;
  /** Milliseconds. */
  at: number;
  change: Change;
  values: readonly (string | number | null)[];
}

/** Reads a past, telling each version. */
export type ReadPast = (add: (version: PastVersion) => void) => Promise<void>;

/** Takes a cluster's past in, whole or not at all, unless it has a history already. Rejects as `read` does. */
export async function takePast(store: Store, writer: VersionWriter, cluster: string, read: ReadPast): Promise<void> {
  const begun = await store.query('SELECT 1 FROM pasts_begun WHERE cluster = $1', [cluster]);
  if (begun.length > 0) await forgetPast(store, cluster);
  const known = await store.query('SELECT 1 FROM object_versions WHERE cluster = $1 LIMIT 1', [cluster]);
  if (known.length > 0) return;
  // Says on the disk that what follows may be half of it, also when the process is killed on the way.
  await store.run('INSERT INTO pasts_begun VALUES ($1)', [cluster]);
  try {
    await read((version) => add(writer, cluster, version));
    await writer.flush();
    await store.run('DELETE FROM pasts_begun WHERE cluster = $1', [cluster]);
  } catch (error) {
    await writer.flush();
    await forgetPast(store, cluster);
    throw error;
  }
}

/** Half of a past would never be completed: the next time tells all of it. */
async function forgetPast(store: Store, cluster: string): Promise<void> {
  await store.run('DELETE FROM versions WHERE place IN (SELECT id FROM places WHERE cluster = $1)', [cluster]);
  await store.run('DELETE FROM pasts_begun WHERE cluster = $1', [cluster]);
}

const words = new Uint32Array(4);

function add(writer: VersionWriter, cluster: string, { schema, uid, at, change, values }: PastVersion): void {
  const cell = (column: number) => values[column] ?? null;
  uidWords(uid, words, 0);
  writer.add(
    schema,
    {
      cluster,
      namespace: String(cell(meta.namespace) ?? ''),
      name: String(cell(meta.name) ?? ''),
      status: String(cell(meta.status) ?? ''),
      change: changes.indexOf(change),
      tone: Number(cell(meta.tone)) || 0,
      at: Math.trunc(at),
      fingerprint: change === 'deleted' ? 0 : fingerprint(schema, cell),
    },
    words,
    0,
    (page) => page.addCells(cell),
  );
}
