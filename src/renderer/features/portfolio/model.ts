import type { Application, By, Placement } from '../../../core/cluster/portfolio/contract.ts';
import { formatLocation, pathOf } from '../../app/router.ts';
import { type Tone, tonesByUrgency } from '../../ui/index.ts';

export const kindsOfRow = ['name', 'partOf', 'instance'] as const satisfies readonly By[];
export const groupings = ['none', 'owner', 'partOf'] as const;
export type Grouping = (typeof groupings)[number];
export const columnings = ['cluster', 'namespace'] as const;
export type Columning = (typeof columnings)[number];
export const orders = ['health', 'name', 'differences', 'size'] as const;
export type Order = (typeof orders)[number];

export function applicationPath(name: string, by: By): string {
  return formatLocation(pathOf('/applications/:name', { name }), { by: by === 'name' ? undefined : by });
}

/** One of some words of an address; the first where it says none of them. */
export function oneOf<T extends string>(words: readonly [T, ...T[]], word: string | undefined): T {
  return words.find((each) => each === word) ?? words[0];
}

/** Applications with all words in what is shown of them. */
export function findApplications(
  rows: readonly Application[],
  { text, order, differing }: { text: string; order: Order; differing: boolean },
): Application[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    if (differing && row.versions.length < 2) return false;
    const shown = [
      row.key,
      row.partOf,
      row.owner,
      row.tone,
      ...row.tools,
      ...row.versions.map(({ version }) => version),
      ...row.placements.flatMap(({ clusterName, namespace, chart, images }) => [
        clusterName,
        namespace,
        chart,
        ...images,
      ]),
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
  const value: Record<Order, (row: Application) => number> = {
    health: ({ tone }) => tonesByUrgency.indexOf(tone),
    name: () => 0,
    differences: ({ versions }) => -versions.length,
    size: ({ placements }) => -placements.length,
  };
  return found.sort((a, b) => value[order](a) - value[order](b) || a.key.localeCompare(b.key));
}

export interface Group {
  /** '' without groups, and for those that have no word. */
  name: string;
  rows: Application[];
}

/** In groups by name, those without a word last. */
export function groupApplications(rows: readonly Application[], by: Grouping): Group[] {
  if (by === 'none') return rows.length === 0 ? [] : [{ name: '', rows: [...rows] }];
  const groups = new Map<string, Application[]>();
  for (const row of rows) groups.set(row[by], [...(groups.get(row[by]) ?? []), row]);
  return [...groups]
    .map(([name, members]) => ({ name, rows: members }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name));
}

export interface MatrixColumn {
  key: string;
  cluster: string;
  clusterName: string;
  /** '' where a column is a whole cluster. */
  namespace: string;
}

/** The columns that these applications need. */
export function columnsOf(rows: readonly Application[], by: Columning): MatrixColumn[] {
  const columns = new Map<string, MatrixColumn>();
  for (const { placements } of rows) {
    for (const placement of placements) {
      const key = columnKey(placement, by);
      const { cluster, clusterName, namespace } = placement;
      if (!columns.has(key))
        columns.set(key, { key, cluster, clusterName, namespace: by === 'cluster' ? '' : namespace });
    }
  }
  return [...columns.values()].sort(
    (a, b) => a.clusterName.localeCompare(b.clusterName) || a.namespace.localeCompare(b.namespace),
  );
}

export function columnKey({ cluster, namespace }: Placement, by: Columning): string {
  return by === 'cluster' ? cluster : `${cluster}/${namespace}`;
}

/** What one version is at one place: equal ones are told once. */
export interface Cell {
  version: string;
  behind: boolean;
  tone: Tone;
  count: number;
  placements: Placement[];
}

/** The versions of an application in one column, in the order in which they are told. */
export function cellsOf(placements: readonly Placement[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const placement of placements) {
    const version = placement.versions.join(' + ');
    const known = cells.get(version);
    if (known === undefined) {
      const { behind, tone } = placement;
      cells.set(version, { version, behind, tone, count: 1, placements: [placement] });
      continue;
    }
    known.count++;
    known.placements.push(placement);
    if (tonesByUrgency.indexOf(placement.tone) < tonesByUrgency.indexOf(known.tone)) known.tone = placement.tone;
  }
  return [...cells.values()].sort((a, b) => Number(a.behind) - Number(b.behind) || b.count - a.count);
}

/** One line a placement, as CSV; texts that a spreadsheet would run are made harmless. */
export function applicationsCsv(rows: readonly Application[]): string {
  const head = [
    'application',
    'part of',
    'owner',
    'cluster',
    'namespace',
    'instance',
    'version',
    'older than the newest',
    'health',
    'status',
    'ready',
    'wanted',
    'chart',
    'delivered by',
    'images',
  ];
  const lines = rows.flatMap(({ key, partOf, owner, placements }) =>
    placements.map((each) => [
      key,
      partOf,
      each.owner || owner,
      each.clusterName,
      each.namespace,
      each.instance,
      each.versions.join(' + '),
      each.behind ? 'yes' : '',
      each.tone,
      each.status,
      each.ready,
      each.wanted,
      each.chart,
      each.delivered.map(({ tool, kind, name, status }) => `${tool} ${kind} ${name} ${status}`.trim()).join('; '),
      each.images.join(' '),
    ]),
  );
  return [head, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n');
}

function csvCell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
