import { type Column, isUserColumn, type KindSchema, type Tone, tones } from '../../../kube/columns/schema.ts';

/** What a field's name means for a kind. */
export type Field =
  | { type: 'column'; index: number; column: Column }
  /** The instant column `index`, asked for as the time since then. */
  | { type: 'age'; index: number; column: Column }
  | { type: 'cluster' }
  | { type: 'tone' }
  | { type: 'labels' }
  | { type: 'uid' };

const aliases: Readonly<Record<string, string>> = {
  ns: 'namespace',
  labels: 'label',
  context: 'cluster',
  health: 'is',
  'controlled-by': 'owner',
};

/** Names that mean another column where the kind has none of that name: pods have requests and limits, but no `cpu`. */
const standIns: Readonly<Record<string, string>> = { cpu: 'cpurequest', memory: 'memoryrequest' };

/** Fields that every kind has besides its columns, with what they look at. */
export const commonFields: readonly { id: string; detail: string }[] = [
  { id: 'ns', detail: 'Namespace' },
  { id: 'cluster', detail: 'Name of the cluster' },
  { id: 'is', detail: 'Health: healthy, progressing, warning, failed, unknown, stopped' },
  { id: 'age', detail: 'Time since creation: age<2h' },
  { id: 'label', detail: 'Labels: label:app=web' },
  { id: 'uid', detail: 'Start of the UID' },
];

/** What a column is called in filters: its id, or the letters of its title for one that the user added. */
export function fieldName(column: Column): string {
  return isUserColumn(column.id) ? column.title.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') : column.id.toLowerCase();
}

/** Undefined when the kind has no such field. */
export function findField(schema: KindSchema, name: string): Field | undefined {
  const lower = name.toLowerCase();
  const id = aliases[lower] ?? lower;
  if (id === 'cluster') return { type: 'cluster' };
  if (id === 'is' || id === 'tone') return { type: 'tone' };
  if (id === 'label') return { type: 'labels' };
  const age = id === 'age' ? schema.columns.findIndex((column) => column.id === 'created') : -1;
  const created = schema.columns[age];
  if (created !== undefined) return { type: 'age', index: age, column: created };
  const named = schema.columns.findIndex((column) => fieldName(column) === id);
  const index = named === -1 ? schema.columns.findIndex((column) => column.id === standIns[id]) : named;
  const column = schema.columns[index];
  if (column !== undefined) return { type: 'column', index, column };
  return id === 'uid' ? { type: 'uid' } : undefined;
}

const toneWords: Readonly<Record<string, readonly Tone[]>> = {
  ...Object.fromEntries(tones.map((tone) => [tone, [tone]])),
  ok: ['healthy'],
  failing: ['failed'],
  error: ['failed'],
  pending: ['progressing'],
  unhealthy: ['failed', 'warning'],
  bad: ['failed', 'warning'],
};

/** The tones that a word stands for; undefined when it stands for none. */
export function tonesOfWord(word: string): readonly Tone[] | undefined {
  return toneWords[word.toLowerCase()];
}

/** Names that a mistyped field may have meant, nearest first. */
export function similarFields(schema: KindSchema, name: string): string[] {
  const known = [...commonFields.map((field) => field.id), ...schema.columns.map((column) => column.id)];
  return [...new Set(known)]
    .map((id) => ({ id, distance: editDistance(id.toLowerCase(), name.toLowerCase()) }))
    .filter(({ id, distance }) => distance <= Math.max(1, Math.floor(id.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    above = row;
  }
  return above[b.length] as number;
}
