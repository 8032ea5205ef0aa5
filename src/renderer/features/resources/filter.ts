/**
 * The filter line as someone edits it. The engine alone decides what it means; here it is only cut into its parts, to
 * colour them, to show them as chips and to take one out.
 */

export interface FilterPart {
  start: number;
  end: number;
  /** As it was typed. */
  text: string;
  negated: boolean;
  /** Field, label key or ''. */
  field: string;
  /** `:`, `=`, `!=`, `>`, `<`, `>=`, `<=`, `~`, `!~`, or '' for free text. */
  operator: string;
  value: string;
}

const shape = /^([A-Za-z0-9_./-]+)(!=|!~|>=|<=|:|=|~|>|<)(.*)$/s;

/** Parts in order. Blanks separate them, except inside quotes; an open quote runs to the end. */
export function splitFilter(filter: string): FilterPart[] {
  const parts: FilterPart[] = [];
  let start = -1;
  let quote = '';
  for (let place = 0; place <= filter.length; place++) {
    const letter = filter[place];
    if (letter === undefined || (quote === '' && /\s/.test(letter))) {
      if (start >= 0) parts.push(readPart(filter, start, place));
      start = -1;
      continue;
    }
    if (start < 0) start = place;
    if (quote !== '') {
      if (letter === '\\') place++;
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
  }
  return parts;
}

function readPart(filter: string, start: number, end: number): FilterPart {
  // A backslash may step over the end.
  const text = filter.slice(start, end);
  const negated = text.startsWith('!') && text.length > 1;
  const match = shape.exec(negated ? text.slice(1) : text);
  return {
    start,
    end: Math.min(end, filter.length),
    text,
    negated,
    field: match?.[1] ?? '',
    operator: match?.[2] ?? '',
    value: match?.[3] ?? (negated ? text.slice(1) : text),
  };
}

/** The filter without the part at `index`, with single blanks between the rest. */
export function withoutPart(filter: string, index: number): string {
  return splitFilter(filter)
    .filter((_, place) => place !== index)
    .map((part) => part.text)
    .join(' ');
}

/** Adds a part unless it is there. */
export function withPart(filter: string, part: string): string {
  const parts = splitFilter(filter).map((other) => other.text);
  return parts.includes(part) ? parts.join(' ') : [...parts, part].join(' ');
}

/** Replaces every positive part of one field and operator; null takes them out. */
export function withField(filter: string, field: string, operator: string, value: string | null): string {
  const rest = splitFilter(filter)
    .filter((part) => part.negated || part.field !== field || part.operator !== operator)
    .map((part) => part.text);
  return (value === null ? rest : [...rest, `${field}${operator}${quoteValue(value)}`]).join(' ');
}

/** The value of the first positive part of one field and operator, without quotes. */
export function fieldValue(filter: string, field: string, operator = ':'): string | null {
  const part = splitFilter(filter).find(
    (other) => !other.negated && other.field === field && other.operator === operator,
  );
  return part === undefined ? null : part.value.replace(/^(["'])(.*)\1$/s, '$2');
}

/** Quotes a value that would not stay one part. */
export function quoteValue(value: string): string {
  return value === '' || /[\s"'\\]/.test(value) ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
}

export interface Problem {
  message: string;
  start: number;
  end: number;
}

export type PartRole = 'blank' | 'text' | 'field' | 'operator' | 'value' | 'not';

export interface FilterPiece {
  text: string;
  role: PartRole;
  problem: string | null;
}

/**
 * The whole filter as coloured pieces, which together are exactly the filter. Problems underline what they cover; one
 * of no length covers the letter before it.
 */
export function highlightFilter(filter: string, problems: readonly Problem[]): FilterPiece[] {
  const roles = new Array<PartRole>(filter.length).fill('blank');
  const paint = (from: number, to: number, role: PartRole) => {
    for (let place = from; place < Math.min(to, filter.length); place++) roles[place] = role;
  };
  for (const part of splitFilter(filter)) {
    let at = part.start;
    if (part.negated) paint(at, ++at, 'not');
    if (part.operator === '') {
      paint(at, part.end, 'text');
      continue;
    }
    paint(at, at + part.field.length, 'field');
    at += part.field.length;
    paint(at, at + part.operator.length, 'operator');
    paint(at + part.operator.length, part.end, 'value');
  }
  const wrong = new Array<string | null>(filter.length).fill(null);
  for (const problem of problems) {
    const end = Math.min(filter.length, Math.max(problem.end, problem.start + 1));
    for (let place = Math.max(0, Math.min(problem.start, end - 1)); place < end; place++)
      wrong[place] = problem.message;
  }
  const pieces: FilterPiece[] = [];
  for (let place = 0; place < filter.length; place++) {
    const role = roles[place] ?? 'blank';
    const problem = wrong[place] ?? null;
    const last = pieces.at(-1);
    if (last !== undefined && last.role === role && last.problem === problem) last.text += filter[place];
    else pieces.push({ text: filter[place] ?? '', role, problem });
  }
  return pieces;
}

/** Takes a completion: replaces [start, end) and says where the cursor goes. */
export function applyCompletion(filter: string, range: { start: number; end: number }, text: string) {
  const next = filter.slice(0, range.start) + text + filter.slice(range.end);
  return { filter: next, cursor: range.start + text.length };
}
