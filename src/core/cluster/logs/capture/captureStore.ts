import { KubeSageError } from '../../../kernel/errors.ts';
import {
  appendColumns,
  bytesOf,
  type Store,
  type StoreConnection,
  type StoreRow,
} from '../../../platform/store/index.ts';
import type { LogSource } from '../contract.ts';
import { severities } from '../contract.ts';
import type { TakeUp } from '../follower.ts';
import { disorderMs } from '../overlap.ts';
import type { Capture, CapturedSource, CaptureLimits } from './contract.ts';

const note = severities.indexOf('note');

/** A capture as it stands on the disk. */
export interface StoredCapture {
  id: number;
  name: string;
  query: Capture['query'];
  limits: CaptureLimits;
  startedAt: number;
  seenAt: number;
  stoppedAt: number | null;
  isFull: boolean;
  letGo: number;
}

/** Lines and text of a source, and between when. */
export interface SourceCount {
  lines: number;
  bytes: number;
  oldest: number;
  newest: number;
  /** The greatest number of a line. */
  last: number;
}

export async function readCaptures(store: Store): Promise<StoredCapture[]> {
  const rows = await store.query('SELECT * FROM captures ORDER BY id');
  return rows.map((row) => ({
    id: Number(row.id),
    name: String(row.name),
    query: JSON.parse(String(row.query)) as Capture['query'],
    limits: JSON.parse(String(row.limits)) as CaptureLimits,
    startedAt: Number(row.started_at),
    seenAt: Number(row.seen_at),
    stoppedAt: row.stopped_at === null ? null : Number(row.stopped_at),
    isFull: row.is_full === true,
    letGo: Number(row.let_go),
  }));
}

export async function readSources(store: Store): Promise<CapturedSource[]> {
  return (await store.query('SELECT * FROM capture_sources ORDER BY id')).map(toSource);
}

export function toSource(row: StoreRow): CapturedSource {
  const text = (key: string) => String(row[key] ?? '');
  return {
    index: Number(row.id),
    capture: text('capture'),
    cluster: text('cluster'),
    namespace: text('namespace'),
    pod: text('pod'),
    uid: text('uid'),
    container: text('container'),
    type: text('type') as CapturedSource['type'],
    node: text('node'),
  };
}

/** By source. */
export async function readCounts(store: Store): Promise<Map<number, SourceCount>> {
  const rows = await store.query(
    `SELECT source, count(*)::DOUBLE AS lines, sum(strlen(line))::DOUBLE AS bytes, min(written_at) AS oldest,
            max(written_at) AS newest, max(number) AS last
     FROM captured_lines GROUP BY source`,
  );
  return new Map(
    rows.map((row) => [
      Number(row.source),
      {
        lines: Number(row.lines),
        bytes: Number(row.bytes),
        oldest: Number(row.oldest),
        newest: Number(row.newest),
        last: Number(row.last),
      },
    ]),
  );
}

/** Where the reading of sources stopped, by source; those without a line are not in it. */
export async function readTakeUps(store: Store, sources: readonly number[]): Promise<Map<number, TakeUp>> {
  const rows = await store.query(
    `SELECT l.source, l.run, l.written_at, l.line
     FROM captured_lines l
     JOIN (SELECT source, max(written_at) AS newest FROM captured_lines
           WHERE severity <> $2 AND source IN (SELECT unnest(from_json($1, '["UINTEGER"]'))) GROUP BY source) n
       ON n.source = l.source AND l.written_at >= n.newest - $3
     WHERE l.severity <> $2
     ORDER BY l.source, l.number`,
    [JSON.stringify(sources), note, disorderMs],
  );
  const found = new Map<number, { run: number; lines: { at: number; text: string }[] }>();
  for (const row of rows) {
    const source = Number(row.source);
    const known = found.get(source) ?? { run: 0, lines: [] };
    found.set(source, known);
    known.run = Math.max(known.run, Number(row.run));
    known.lines.push({ at: Number(row.written_at), text: String(row.line) });
  }
  return found;
}

export async function insertCapture(store: Store, capture: StoredCapture): Promise<void> {
  const { id, name, query, limits, startedAt, seenAt } = capture;
  await store.transaction(async (connection) => {
    await connection.run('INSERT INTO captures VALUES ($1, $2, $3, $4, $5, $6, NULL, false, 0)', [
      id,
      name,
      JSON.stringify(query),
      JSON.stringify(limits),
      startedAt,
      seenAt,
    ]);
  });
}

/** What changes of a capture while it lasts. */
export async function updateCapture(store: Store, capture: StoredCapture): Promise<void> {
  const { id, seenAt, stoppedAt, isFull, letGo } = capture;
  await store.transaction(async (connection) => {
    await connection.run('UPDATE captures SET seen_at = $2, stopped_at = $3, is_full = $4, let_go = $5 WHERE id = $1', [
      id,
      seenAt,
      stoppedAt,
      isFull,
      letGo,
    ]);
  });
}

/** Part of the connection's open transaction. */
export async function insertSources(connection: StoreConnection, sources: readonly CapturedSource[]): Promise<void> {
  const texts = (of: (source: CapturedSource) => string) => ({ type: 'varchar', texts: sources.map(of) }) as const;
  const numbers = (of: (source: CapturedSource) => number) =>
    ({ type: 'uinteger', bytes: bytesOf(Uint32Array.from(sources, of)) }) as const;
  const columns = [
    numbers(({ index }) => index),
    numbers(({ capture }) => Number(capture)),
    texts(({ cluster }) => cluster),
    texts(({ namespace }) => namespace),
    texts(({ pod }) => pod),
    texts(({ uid }) => uid),
    texts(({ container }) => container),
    texts(({ type }) => type),
    texts(({ node }) => node),
  ];
  await appendColumns(connection, 'capture_sources', columns, sources.length);
}

/** Forgets a capture with all that belongs to it. */
export async function deleteCapture(store: Store, id: number): Promise<void> {
  await store.transaction(async (connection) => {
    await connection.run(
      'DELETE FROM captured_lines WHERE source IN (SELECT id FROM capture_sources WHERE capture = $1)',
      [id],
    );
    await connection.run('DELETE FROM capture_sources WHERE capture = $1', [id]);
    await connection.run('DELETE FROM captures WHERE id = $1', [id]);
  });
}

/** Forgets the lines of these sources that are older. */
export async function deleteLines(store: Store, sources: readonly number[], before: number): Promise<void> {
  await store.transaction(async (connection) => {
    await connection.run(
      `DELETE FROM captured_lines
       WHERE written_at < $2 AND source IN (SELECT unnest(from_json($1, '["UINTEGER"]')))`,
      [JSON.stringify(sources), before],
    );
  });
}

export async function deleteLine(store: Store, source: number, number: number): Promise<void> {
  await store.transaction(async (connection) => {
    await connection.run('DELETE FROM captured_lines WHERE source = $1 AND number = $2', [source, number]);
  });
}

/** The moment before which a share of the lines of these sources was written; undefined where there are none. */
export async function readQuantile(
  store: Store,
  sources: readonly number[],
  share: number,
): Promise<number | undefined> {
  const [row] = await store.query(
    `SELECT quantile_disc(written_at, ${share.toFixed(3)}) AS moment FROM captured_lines
     WHERE source IN (SELECT unnest(from_json($1, '["UINTEGER"]')))`,
    [JSON.stringify(sources)],
  );
  return row?.moment === null || row === undefined ? undefined : Number(row.moment);
}

/** The same container of the same pod. */
export function isSame(stored: CapturedSource, { cluster, uid, container }: LogSource): boolean {
  return stored.cluster === cluster && stored.uid === uid && stored.container === container;
}

/** @throws KubeSageError `notFound` */
export function idOf(capture: string, all: ReadonlyMap<number, unknown>): number {
  const id = Number(capture);
  if (!all.has(id))
    throw new KubeSageError('notFound', `There is no capture ${capture}`, { hint: 'It may have been removed.' });
  return id;
}
