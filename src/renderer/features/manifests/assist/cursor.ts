import { element, type Step } from '../../../ui/schema/schema.ts';

/** Where a cursor stands in a text that need not be whole. */
export interface Cursor {
  /** Keys and lists around the place. */
  path: Step[];
  /** `key`: a key is being written; `value`: what belongs to `key`. */
  at: 'key' | 'value';
  key: string;
  /** Column (from 0) at which what is being written begins. */
  start: number;
  /** Keys beside the one that is being written. */
  siblings: string[];
  /** Of the document, as far as they are written. */
  apiVersion: string;
  kind: string;
}

interface Token {
  column: number;
  /** Absent: the dash of a list's element. */
  key?: string;
}

const keyPattern = /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"[\]{},&*!|>%@`-][^#:]*?|-[^\s#:][^#:]*?))\s*:(?=\s|$)/;

/**
 * Finds the place by indentation: a text that is being written is seldom YAML as a whole. Flow style (`{ a: 1 }`) is not
 * looked into. `row` and `column` count from 0; undefined in a comment.
 */
export function cursorAt(lines: readonly string[], row: number, column: number): Cursor | undefined {
  const before = (lines[row] ?? '').slice(0, column);
  const written = /^(\s*(?:-\s+)*)(.*)$/.exec(before);
  const [, lead = '', rest = ''] = written ?? [];
  if (rest.startsWith('#') || /\s#/.test(rest)) return undefined;
  const value = keyPattern.exec(`${rest} `);
  const start = value === null ? lead.length : column - (/\S*$/.exec(rest)?.[0].length ?? 0);
  if (value === null && /[{[:"']/.test(rest)) return undefined;
  if (value !== null && rest.length <= value[0].length - 1 && !/\s$/.test(before)) return undefined;
  const cursor: Cursor = {
    path: [],
    at: value === null ? 'key' : 'value',
    key: value === null ? rest : keyText(value),
    start,
    siblings: [],
    ...headOf(lines, row),
  };
  let limit = lead.length;
  let inItem = false;
  const climb = (tokens: readonly Token[]) => {
    for (const { column: at, key } of [...tokens].reverse()) {
      const around = at < limit || (inItem && key !== undefined && at === limit);
      if (!around) continue;
      cursor.path.unshift(key ?? element);
      limit = at;
      inItem = key === undefined;
    }
  };
  climb(dashes(lead));
  const own = lead.length;
  let beside = !/-/.test(lead);
  for (let above = row - 1; above >= 0 && !isBorder(lines[above]); above--) {
    const tokens = tokensOf(lines[above] ?? '');
    if (tokens.length === 0) continue;
    const key = tokens.find((token) => token.key !== undefined);
    if (beside && key?.key !== undefined && key.column === own) cursor.siblings.push(key.key);
    if (beside && tokens.some((token) => token.column < own)) beside = false;
    climb(tokens);
  }
  for (let below = row + 1; below < lines.length && !isBorder(lines[below]); below++) {
    const tokens = tokensOf(lines[below] ?? '');
    const [first] = tokens;
    if (first === undefined) continue;
    if (first.column < own) break;
    if (first.column === own && first.key === undefined) break;
    if (first.column === own && first.key !== undefined) cursor.siblings.push(first.key);
  }
  return cursor;
}

/** apiVersion and kind of the document that a line belongs to. */
function headOf(lines: readonly string[], row: number): { apiVersion: string; kind: string } {
  let first = row;
  while (first > 0 && !isBorder(lines[first - 1])) first--;
  const head = { apiVersion: '', kind: '' };
  for (let at = first; at < lines.length && !isBorder(lines[at]); at++) {
    const found = /^(apiVersion|kind):\s*["']?([^\s"'#]+)/.exec(lines[at] ?? '');
    if (found !== null) head[found[1] as keyof typeof head] = found[2] ?? '';
  }
  return head;
}

function isBorder(line: string | undefined): boolean {
  return line === undefined || /^---(\s|$)/.test(line);
}

function tokensOf(line: string): Token[] {
  const [, lead = '', rest = ''] = /^(\s*(?:-\s+)*(?:-$)?)(.*)$/.exec(line) ?? [];
  if (rest.startsWith('#')) return [];
  const found = keyPattern.exec(rest);
  return found === null ? dashes(lead) : [...dashes(lead), { column: lead.length, key: keyText(found) }];
}

function dashes(lead: string): Token[] {
  return [...lead.matchAll(/-/g)].map(({ index }) => ({ column: index }));
}

function keyText([, double, single, plain]: RegExpExecArray): string {
  return double ?? single ?? plain ?? '';
}
