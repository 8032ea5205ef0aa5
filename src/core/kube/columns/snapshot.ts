import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { CellColumn, RowBatch } from './batch.ts';
import { type KindSchema, schemaFingerprint } from './schema.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** File access of the snapshots. Paths are the caller's. */
export interface SnapshotFiles {
  /** Null when there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
  /** The file is either as it was or complete, also after a power cut: written beside, flushed, renamed. */
  replace(path: string, parts: readonly Uint8Array[]): Promise<void>;
}

/** A cluster as the file names it: its number is of this session only. */
export interface SnapshotCluster {
  index: number;
  id: string;
  /** UID of the namespace kube-system: what makes it the same cluster. */
  uid: string;
}

interface PartHead {
  kind: string;
  cluster: string;
  fingerprint: string;
  schema: KindSchema;
  rows: number;
  resourceVersions: Record<string, string>;
  /** Of the part's bytes in the file, after the header. */
  offset: number;
  length: number;
  /** `crc32:` and its number; files of earlier versions have a SHA-256 in hexadecimal. */
  checksum: string;
  /** By column: texts of text columns, in JSON, after the arrays. */
  arrays: {
    column: number;
    offset: number;
    length: number;
    field: 'ids' | 'values' | 'seconds' | 'bytes' | 'ends' | 'texts';
  }[];
}

interface FileHead {
  /** Milliseconds. */
  writtenAt: number;
  clusters: { id: string; uid: string }[];
  /** What else the writer wants to know when it reads the file; must be JSON. */
  about?: unknown;
  parts: PartHead[];
}

const magic = new TextEncoder().encode('KSAGESN1');
/** Magic, length of the header in JSON, checksum of the header. */
const preamble = magic.length + 4 + 32;

interface SnapshotMeta {
  writtenAt: number;
  clusters: readonly SnapshotCluster[];
  about?: unknown;
}

/** Rows of one part: encoding them takes some milliseconds. */
const partRows = 10_000;

/** The rows of some clusters as one file: see `encodeInSteps`. */
export function encodeSnapshot(tables: Tables, meta: SnapshotMeta): Uint8Array[] {
  const steps = encodeInSteps(tables, meta);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same with a pause after every few milliseconds of work. Rows may change in the pauses. */
export async function encodeSnapshotGently(
  tables: Tables,
  meta: SnapshotMeta,
  pause: () => Promise<void>,
): Promise<Uint8Array[]> {
  const steps = encodeInSteps(tables, meta);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}

/**
 * Arrays as they are in memory, so that reading is copying. Little-endian, as every machine that this runs on.
 *
 * Rows that change between two steps are written as they are when their part's turn comes, and never with cells of two
 * moments. The versions are those of the beginning: a watch that goes on from there tells all that changed in between.
 */
function* encodeInSteps(tables: Tables, meta: SnapshotMeta): Generator<void, Uint8Array[]> {
  const parts: PartHead[] = [];
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (const table of tables.all()) {
    for (const { index, id } of meta.clusters) {
      const versions = new Map(table.resourceVersions(index));
      const rows = table.rowsOf(index);
      if (rows.length === 0 && versions.size === 0) continue;
      const heads: PartHead[] = [];
      const before = table.resourceVersions(index);
      for (let from = 0; from === 0 || from < rows.length; from += partRows) {
        const still = rows
          .subarray(from, from + partRows)
          .filter((row) => table.has(row) && table.clusters[row] === index);
        const { head, body } = encodePart(table, still);
        const length = body.reduce((sum, bytes) => sum + bytes.byteLength, 0);
        let sum = 0;
        for (const bytes of body) sum = crc32(bytes, sum);
        heads.push({ ...head, cluster: id, resourceVersions: {}, offset, length, checksum: `crc32:${sum}` });
        bodies.push(...body);
        offset += length;
        yield;
      }
      // Rows were forgotten meanwhile: what was written is not all that there was, and must be listed.
      const after = table.resourceVersions(index);
      const isComplete =
        versions.size === 0 || (after === before && [...versions.keys()].every((scope) => after.has(scope)));
      if (isComplete) for (const head of heads) head.resourceVersions = Object.fromEntries(versions);
      parts.push(...heads);
    }
  }
  const clusters = meta.clusters.map(({ id, uid }) => ({ id, uid }));
  const head: FileHead = { writtenAt: meta.writtenAt, clusters, about: meta.about, parts };
  const text = new TextEncoder().encode(JSON.stringify(head));
  // Arrays of eight-byte numbers begin at multiples of eight.
  const padded = new Uint8Array(roundUp(preamble + text.length) - preamble).fill(0x20);
  padded.set(text);
  const start = new Uint8Array(preamble);
  start.set(magic);
  new DataView(start.buffer).setUint32(magic.length, padded.length, true);
  start.set(createHash('sha256').update(padded).digest(), magic.length + 4);
  return [start, padded, ...bodies];
}

export interface SnapshotContents {
  writtenAt: number;
  clusters: { id: string; uid: string }[];
  /** Clusters and kinds whose rows were taken over, with the versions to resume the watches from. */
  loaded: { cluster: string; schema: KindSchema; rows: number; resourceVersions: Record<string, string> }[];
  /**
   * What was not used, and why. The rest is not affected, but for other parts of the same kind and cluster: without all
   * rows there is no version to resume from.
   */
  refused: { cluster: string; kind: string; reason: string }[];
}

/**
 * Puts a file's rows into the tables. Parts are refused one by one: those that are damaged, of a cluster that
 * `indexOf` does not know (or knows under another uid), or made with other columns than `schemaOf` names.
 * @returns null when the file as a whole can't be read, with the reason
 */
export function decodeSnapshot(
  file: Uint8Array,
  tables: Tables,
  known: {
    /** The cluster's number in this session; undefined when its rows are not wanted. */
    indexOf(cluster: { id: string; uid: string }): number | undefined;
    /** The columns that the kind has now; undefined when those of the file are right (a custom kind's). */
    schemaOf(kind: string, kept: KindSchema): KindSchema | undefined;
    /** Cells may be computed otherwise by now: the rows are to be shown, and written again by the next list. */
    outdated?: boolean;
    /** Rows by kind that this file and those to be read after it bring: room is made once. Counted down. */
    toCome?: Map<string, number>;
  },
): SnapshotContents | { problem: string } {
  const head = readHead(file);
  if ('problem' in head) return head;
  const contents: SnapshotContents = { writtenAt: head.writtenAt, clusters: head.clusters, loaded: [], refused: [] };
  const bodies = preamble + head.headerLength;
  for (const part of head.parts) {
    const { kind } = part;
    const refuse = (reason: string) => contents.refused.push({ cluster: part.cluster, kind, reason });
    const cluster = head.clusters.find((it) => it.id === part.cluster);
    const index = cluster === undefined ? undefined : known.indexOf(cluster);
    if (index === undefined) {
      refuse('The cluster is not known any more');
      continue;
    }
    const schema = known.schemaOf(kind, part.schema) ?? part.schema;
    if (schemaFingerprint(schema) !== part.fingerprint || schemaFingerprint(part.schema) !== part.fingerprint) {
      refuse('The columns of this kind have changed since');
      continue;
    }
    const from = bodies + part.offset;
    const body = file.subarray(from, from + part.length);
    if (body.length !== part.length) {
      refuse('The file ends before this part does');
      continue;
    }
    if (!isWhole(body, part.checksum)) {
      refuse('The checksum is wrong: this part of the file is damaged');
      continue;
    }
    const table = tables.table(schema, index);
    const toCome = known.toCome?.get(kind) ?? 0;
    table.reserve(toCome);
    known.toCome?.set(kind, Math.max(0, toCome - part.rows));
    const batch = decodePart(part, body, index);
    // A list writes rows again whose versions can't be compared.
    if (known.outdated === true) batch.versions = new Float64Array(batch.count).fill(Number.NaN);
    table.apply(batch, '', 'snapshot');
    const { rows, resourceVersions } = part;
    contents.loaded.push({ cluster: part.cluster, schema, rows, resourceVersions });
  }
  for (const loaded of contents.loaded) {
    const { cluster, schema } = loaded;
    if (contents.refused.some((part) => part.cluster === cluster && part.kind === schema.id)) {
      loaded.resourceVersions = {};
    }
    const index = known.indexOf(head.clusters.find((it) => it.id === cluster) ?? { id: cluster, uid: '' });
    if (known.outdated === true || index === undefined) continue;
    const versions = Object.entries(loaded.resourceVersions);
    for (const [scope, version] of versions) tables.get(schema.id)?.progress(index, scope, version);
  }
  return contents;
}

/** @param meta see `encodeSnapshot` */
export async function writeSnapshot(
  files: SnapshotFiles,
  path: string,
  what: SnapshotMeta & { tables: Tables },
): Promise<void> {
  await files.replace(path, encodeSnapshot(what.tables, what));
}

/** @returns null when there is no file */
export async function readSnapshot(
  files: SnapshotFiles,
  path: string,
  what: { tables: Tables } & Parameters<typeof decodeSnapshot>[2],
): Promise<SnapshotContents | { problem: string } | null> {
  const file = await files.read(path);
  return file === null ? null : decodeSnapshot(file, what.tables, what);
}

export interface SnapshotDescription {
  writtenAt: number;
  clusters: { id: string; uid: string }[];
  about: unknown;
  /** How many rows it has, by kind. */
  rows: ReadonlyMap<string, number>;
}

/** What a file says of itself, without its rows: whose it is, and what its writer noted. */
export function describeSnapshot(file: Uint8Array): SnapshotDescription | { problem: string } {
  const head = readHead(file);
  if ('problem' in head) return head;
  const rows = new Map<string, number>();
  for (const part of head.parts) rows.set(part.kind, (rows.get(part.kind) ?? 0) + part.rows);
  return { writtenAt: head.writtenAt, clusters: head.clusters, about: head.about, rows };
}

function readHead(file: Uint8Array): (FileHead & { headerLength: number }) | { problem: string } {
  if (file.length < preamble) return { problem: 'The file is too short to be a snapshot' };
  if (!magic.every((byte, at) => file[at] === byte)) {
    return { problem: 'The file is no snapshot, or one of another version of KubeSage' };
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getUint32(magic.length, true);
  const header = file.subarray(preamble, preamble + headerLength);
  const checksum = createHash('sha256').update(header).digest();
  if (header.length !== headerLength || !checksum.equals(file.subarray(magic.length + 4, preamble))) {
    return { problem: "The snapshot's header is damaged" };
  }
  // The checksum says that it is what was written.
  const head = JSON.parse(new TextDecoder().decode(header)) as FileHead;
  return { ...head, headerLength };
}

/** A checksum that finds damage fast: nobody who could write the file needs to fool it. */
function isWhole(body: Uint8Array, checksum: string): boolean {
  if (checksum.startsWith('crc32:')) return checksum === `crc32:${crc32(body)}`;
  return createHash('sha256').update(body).digest('hex') === checksum;
}

type Field = PartHead['arrays'][number]['field'];

/** Arrays of a part: uids, versions, and every column's. */
function encodePart(table: Table, rows: Uint32Array) {
  const body: Uint8Array[] = [];
  const arrays: PartHead['arrays'] = [];
  let offset = 0;
  const add = (column: number, field: Field, array: ArrayBufferView) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    arrays.push({ column, field, offset, length: bytes.length });
    body.push(bytes);
    const padding = roundUp(bytes.length) - bytes.length;
    if (padding > 0) body.push(new Uint8Array(padding));
    offset += bytes.length + padding;
  };
  const uids = new Uint32Array(rows.length * 4);
  for (let at = 0; at < rows.length; at++) {
    const from = (rows[at] as number) * 4;
    for (let word = 0; word < 4; word++) uids[at * 4 + word] = table.uids[from + word] as number;
  }
  add(uidColumn, 'ids', uids);
  add(versionColumn, 'values', picked(table.versions, rows, new Float64Array(rows.length)));
  for (const [column, store] of table.stores.entries()) {
    if (store.type === 'number') add(column, 'values', picked(store.values, rows, new Float64Array(rows.length)));
    else if (store.type === 'time') add(column, 'seconds', picked(store.seconds, rows, new Uint32Array(rows.length)));
    else if (store.type === 'text') {
      const texts: string[] = [''];
      const local = new Uint32Array(store.dictionary.size);
      const ids = new Uint32Array(rows.length);
      for (let at = 0; at < rows.length; at++) {
        const id = store.ids[rows[at] as number] as number;
        if (id !== 0 && local[id] === 0) {
          local[id] = texts.length;
          texts.push(store.dictionary.text(id));
        }
        ids[at] = local[id] as number;
      }
      add(column, 'ids', ids);
      add(column, 'texts', new TextEncoder().encode(JSON.stringify(texts)));
    } else {
      const ends = new Uint32Array(rows.length);
      let end = 0;
      for (let at = 0; at < rows.length; at++) {
        end += store.lengths[rows[at] as number] as number;
        ends[at] = end;
      }
      const bytes = new Uint8Array(end);
      for (let at = 0, to = 0; at < rows.length; at++) {
        const row = rows[at] as number;
        const start = store.starts[row] as number;
        bytes.set(store.arena.subarray(start, start + (store.lengths[row] as number)), to);
        to = ends[at] as number;
      }
      add(column, 'ends', ends);
      add(column, 'bytes', bytes);
    }
  }
  const { schema } = table;
  return { head: { kind: schema.id, fingerprint: schemaFingerprint(schema), schema, rows: rows.length, arrays }, body };
}

const uidColumn = -1;
const versionColumn = -2;

/** Numbers of the interners that snapshots stand for; watchers' are positive. */
let lastInterner = 0;

function decodePart(part: PartHead, body: Uint8Array, cluster: number): RowBatch {
  const find = (column: number, field: Field): Uint8Array => {
    const array = part.arrays.find((it) => it.column === column && it.field === field);
    const bytes = body.subarray(array?.offset ?? 0, (array?.offset ?? 0) + (array?.length ?? 0));
    // Typed arrays begin at multiples of their size; the file as a whole may lie anywhere.
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  };
  const words = (column: number, field: Field) => {
    const bytes = find(column, field);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
  const doubles = (column: number) => {
    const bytes = find(column, 'values');
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  };
  const strings = new Map<number, string[]>();
  const cells = part.schema.columns.map(({ type }, column): CellColumn => {
    if (type === 'number') return { type, values: doubles(column) };
    if (type === 'time') return { type, seconds: words(column, 'seconds') };
    if (type === 'name') return { type, bytes: find(column, 'bytes'), ends: words(column, 'ends') };
    strings.set(column, JSON.parse(new TextDecoder().decode(find(column, 'texts'))) as string[]);
    return { type, ids: words(column, 'ids') };
  });
  return {
    cluster,
    kind: part.kind,
    interner: --lastInterner,
    sequence: 0,
    count: part.rows,
    ops: new Uint8Array(part.rows),
    uids: words(uidColumn, 'ids'),
    versions: doubles(versionColumn),
    cells,
    strings,
  };
}

function picked<T extends Uint32Array | Float64Array>(from: ArrayLike<number>, rows: Uint32Array, to: T): T {
  for (let at = 0; at < rows.length; at++) to[at] = from[rows[at] as number] as number;
  return to;
}

function roundUp(length: number): number {
  return (length + 7) & ~7;
}
