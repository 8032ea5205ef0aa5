import { KubeSageError } from '../../../kernel/errors.ts';
import type { Store, StoreRow, StoreValue } from '../../../platform/store/index.ts';
import { severities } from '../contract.ts';
import type { CapturedLine, CapturedPlace, CapturedQuery, CapturedSource } from './contract.ts';

const columns = 'source, number, written_at, severity, line';

export interface FoundLines {
  lines: CapturedLine[];
  sources: CapturedSource[];
}

/** Lines that match, in the order of time; of one container in the order in which they were written. */
export async function searchLines(
  store: Store,
  sources: readonly CapturedSource[],
  query: CapturedQuery & { order: 'newest' | 'oldest'; after?: CapturedPlace | undefined; limit: number },
): Promise<FoundLines & { more: boolean }> {
  const { where, values } = await condition(store, sources, query);
  const [isAfter, direction] = query.order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC'];
  let after = '';
  if (query.after !== undefined) {
    const { at, source, number } = query.after;
    const [a, b, c] = [values.push(at), values.push(source), values.push(number)];
    after = `AND (written_at ${isAfter} $${a} OR (written_at = $${a} AND (source ${isAfter} $${b} OR (source = $${b} AND number ${isAfter} $${c}))))`;
  }
  const rows = await store.query(
    `SELECT ${columns} FROM captured_lines WHERE ${where} ${after}
     ORDER BY written_at ${direction}, source ${direction}, number ${direction} LIMIT ${query.limit + 1}`,
    values,
  );
  const lines = rows.slice(0, query.limit).map(toLine);
  return { lines, sources: sourcesOf(lines, sources), more: rows.length > query.limit };
}

/** How many lines match, over time and by severity. */
export async function countLines(
  store: Store,
  sources: readonly CapturedSource[],
  query: CapturedQuery & { buckets: number },
) {
  const { where, values } = await condition(store, sources, query);
  const rows = await store.query(
    `WITH found AS (SELECT written_at, severity FROM captured_lines WHERE ${where}),
          span AS (SELECT min(written_at) AS first, greatest(max(written_at) - min(written_at), 1) AS length FROM found)
     SELECT first, length, least(floor((written_at - first) / length * ${query.buckets}), ${query.buckets - 1})::INTEGER AS bucket,
            severity, count(*)::DOUBLE AS lines
     FROM found, span GROUP BY ALL ORDER BY bucket, severity`,
    values,
  );
  const buckets = rows.map((row) => ({
    bucket: Number(row.bucket),
    severity: Number(row.severity),
    lines: Number(row.lines),
  }));
  return {
    total: buckets.reduce((sum, { lines }) => sum + lines, 0),
    from: Number(rows[0]?.first ?? 0),
    step: Number(rows[0]?.length ?? 0) / query.buckets,
    buckets,
  };
}

/** The lines of a container before and after one, with that one, oldest first. */
export async function linesAround(
  store: Store,
  sources: readonly CapturedSource[],
  { source, number, lines: count }: CapturedPlace & { lines: number },
): Promise<FoundLines> {
  const side = (which: string, direction: string, limit: number) =>
    store.query(
      `SELECT ${columns} FROM captured_lines WHERE source = $1 AND number ${which} $2
       ORDER BY number ${direction} LIMIT ${limit}`,
      [source, number],
    );
  const [before, after] = [await side('<', 'DESC', count), await side('>=', 'ASC', count + 1)];
  const lines = [...before.reverse(), ...after].map(toLine);
  return { lines, sources: sourcesOf(lines, sources) };
}

/** @throws KubeSageError `invalid` for an expression that RE2 does not take */
async function condition(store: Store, all: readonly CapturedSource[], query: CapturedQuery) {
  const values: StoreValue[] = [];
  const value = (of: StoreValue) => `$${values.push(of)}`;
  const sources = all.filter((source) => isWanted(source, query)).map(({ index }) => index);
  const parts = [`source IN (SELECT unnest(from_json(${value(JSON.stringify(sources))}, '["UINTEGER"]')))`];
  if (query.from !== undefined) parts.push(`written_at >= ${value(query.from)}`);
  if (query.to !== undefined) parts.push(`written_at <= ${value(query.to)}`);
  if (query.severities !== undefined) {
    const places = query.severities.map((name) => severities.indexOf(name));
    parts.push(`severity IN (SELECT unnest(from_json(${value(JSON.stringify(places))}, '["UTINYINT"]')))`);
  }
  for (const [pattern, sign] of [
    [query.include, ''],
    [query.exclude, 'NOT '],
  ] as const) {
    if (pattern === undefined) continue;
    if (pattern.regex) await checkExpression(store, pattern.text);
    const text = value(pattern.text);
    parts.push(
      `${sign}${pattern.regex ? `regexp_matches(line, ${text}, 'i')` : `contains(lower(line), lower(${text}))`}`,
    );
  }
  return { where: parts.join(' AND '), values };
}

async function checkExpression(store: Store, text: string): Promise<void> {
  try {
    await store.query("SELECT regexp_matches('', $1, 'i')", [text]);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? String(error.cause) : String(error);
    throw new KubeSageError(
      'invalid',
      `This is no regular expression: ${cause.split('\n')[0]?.replace(/^.*?Error: /, '')}`,
      {
        hint: 'Captured lines are searched with RE2: without look-ahead and back references.',
      },
    );
  }
}

function isWanted({ capture, cluster, namespace, pod, container }: CapturedSource, query: CapturedQuery): boolean {
  const isIn = (wanted: readonly string[] | undefined, value: string) => wanted?.includes(value) ?? true;
  return (
    isIn(query.captures, capture) &&
    isIn(query.clusters, cluster) &&
    isIn(query.namespaces, namespace) &&
    isIn(query.containers, container) &&
    pod.toLowerCase().includes(query.pod?.toLowerCase() ?? '')
  );
}

function toLine(row: StoreRow): CapturedLine {
  return {
    source: Number(row.source),
    number: Number(row.number),
    at: Number(row.written_at),
    severity: Number(row.severity),
    text: String(row.line),
  };
}

function sourcesOf(lines: readonly CapturedLine[], all: readonly CapturedSource[]): CapturedSource[] {
  const wanted = new Set(lines.map(({ source }) => source));
  return all.filter(({ index }) => wanted.has(index));
}
