import { KubeSageError } from '../../kernel/errors.ts';
import { isRecord } from './read.ts';

/**
 * kubectl's JSONPath, as far as one value needs it: `.a.b`, `['a.b']`, `.a\.b`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `.*`,
 * `['a','b']`, `[0,2]`, `..name`, `[?(@.type=="Ready")]` with == != < <= > >= and existence. The braces around and the
 * `$` or `@` before it may be there or not. No templates (text, `range`), and nothing is ever executed.
 */
export interface JsonPath {
  text: string;
  steps: readonly Step[];
  /** Property names from the root on before the first step that is more than a name: what of an object it can read. */
  prefix: readonly string[];
}

type Step =
  | { step: 'key'; key: string }
  | { step: 'union'; keys: readonly (string | number)[] }
  | { step: 'slice'; from: number | undefined; to: number | undefined; by: number }
  | { step: 'all' }
  | { step: 'deep' }
  | { step: 'filter'; left: readonly Step[]; operator: Operator | undefined; right: Operand | undefined };

type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Operand = { value: string | number | boolean | null } | { path: readonly Step[] };

/** Throws KubeSageError `invalid` with the position of what is not understood. */
export function parseJsonPath(text: string): JsonPath {
  let source = text.trim();
  if (source.startsWith('{') && source.endsWith('}')) source = source.slice(1, -1).trim();
  const parser = new Parser(source);
  const steps = parser.path();
  parser.end();
  const prefix: string[] = [];
  for (const step of steps) {
    if (step.step !== 'key') break;
    prefix.push(step.key);
  }
  return { text, steps, prefix };
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  path(): Step[] {
    const steps: Step[] = [];
    const first = this.#text[this.#at];
    if (first === '$' || first === '@') this.#at += 1;
    else if (first !== '.' && first !== '[' && first !== undefined) steps.push({ step: 'key', key: this.#name() });
    for (;;) {
      const next = this.#text[this.#at];
      if (next === '.') {
        this.#at += 1;
        if (this.#text[this.#at] === '.') {
          this.#at += 1;
          steps.push({ step: 'deep' });
        }
        const after = this.#text[this.#at];
        if (after === '*') {
          this.#at += 1;
          steps.push({ step: 'all' });
        } else if (after === '[' || (after === undefined && steps.length === 0)) continue;
        else steps.push({ step: 'key', key: this.#name() });
      } else if (next === '[') {
        this.#at += 1;
        steps.push(this.#bracket());
      } else return steps;
    }
  }

  end(): void {
    this.#spaces();
    if (this.#at < this.#text.length) this.#fail('this is not understood');
  }

  #name(): string {
    let name = '';
    for (; this.#at < this.#text.length; this.#at += 1) {
      const letter = this.#text[this.#at] as string;
      if (letter === '\\') {
        this.#at += 1;
        name += this.#text[this.#at] ?? '';
      } else if (/[.[\]()=!<>&|\s,'"{}]/.test(letter)) break;
      else name += letter;
    }
    if (name === '') this.#fail('a name is missing');
    return name;
  }

  #bracket(): Step {
    this.#spaces();
    const next = this.#text[this.#at];
    if (next === '*') {
      this.#at += 1;
      this.#expect(']');
      return { step: 'all' };
    }
    if (next === '?') {
      this.#at += 1;
      this.#expect('(');
      const step = this.#filter();
      this.#expect(')');
      this.#expect(']');
      return step;
    }
    if (next !== "'" && next !== '"') {
      const slice = /^(-?\d+)?\s*:\s*(-?\d+)?(?:\s*:\s*(\d+))?\s*\]/.exec(this.#text.slice(this.#at));
      if (slice !== null) {
        this.#at += slice[0].length;
        const bound = (part: string | undefined): number | undefined => (part === undefined ? undefined : Number(part));
        return { step: 'slice', from: bound(slice[1]), to: bound(slice[2]), by: Number(slice[3] ?? 1) || 1 };
      }
    }
    const keys: (string | number)[] = [];
    for (;;) {
      this.#spaces();
      const letter = this.#text[this.#at];
      if (letter === "'" || letter === '"') keys.push(this.#quoted());
      else {
        const word = /^[^\],\s]+/.exec(this.#text.slice(this.#at))?.[0];
        if (word === undefined) this.#fail('a key or an index is missing');
        else {
          this.#at += word.length;
          keys.push(/^-?\d+$/.test(word) ? Number(word) : word);
        }
      }
      this.#spaces();
      if (this.#text[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#expect(']');
    const [only] = keys;
    return keys.length === 1 && typeof only === 'string' ? { step: 'key', key: only } : { step: 'union', keys };
  }

  #filter(): Step {
    this.#spaces();
    const left = this.path();
    this.#spaces();
    const operator = /^(==|!=|<=|>=|<|>)/.exec(this.#text.slice(this.#at))?.[0] as Operator | undefined;
    if (operator === undefined) return { step: 'filter', left, operator, right: undefined };
    this.#at += operator.length;
    this.#spaces();
    const right = this.#operand();
    this.#spaces();
    return { step: 'filter', left, operator, right };
  }

  #operand(): Operand {
    const letter = this.#text[this.#at];
    if (letter === "'" || letter === '"') return { value: this.#quoted() };
    if (letter === '@' || letter === '$') return { path: this.path() };
    const word = /^[^)\s]+/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += word.length;
    if (word === 'true' || word === 'false') return { value: word === 'true' };
    if (word === 'null' || word === 'nil') return { value: null };
    const value = Number(word);
    if (word === '' || Number.isNaN(value)) this.#fail('a value is missing: quote text');
    return { value };
  }

  #quoted(): string {
    const quote = this.#text[this.#at] as string;
    let value = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const letter = this.#text[this.#at] as string;
      if (letter === quote) {
        this.#at += 1;
        return value;
      }
      if (letter === '\\') this.#at += 1;
      value += this.#text[this.#at] ?? '';
    }
    return this.#fail('a quote is not closed');
  }

  #expect(letter: string): void {
    this.#spaces();
    if (this.#text[this.#at] !== letter) this.#fail(`'${letter}' is missing`);
    this.#at += 1;
  }

  #spaces(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #fail(why: string): never {
    throw new KubeSageError('invalid', `JSONPath ${this.#text}: ${why} at position ${this.#at}`, {
      hint: 'Write a path as kubectl does, such as .status.conditions[?(@.type=="Ready")].status',
    });
  }
}

/** Every value that the path finds, in document order; none when something on the way is missing. */
export function findAll(path: JsonPath, value: unknown): unknown[] {
  return follow(path.steps, value);
}

function follow(steps: readonly Step[], root: unknown): unknown[] {
  let found: unknown[] = [root];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of found) take(step, value, next);
    found = next;
    if (found.length === 0) break;
  }
  return found;
}

function take(step: Step, value: unknown, into: unknown[]): void {
  switch (step.step) {
    case 'key':
      if (isRecord(value)) {
        if (Object.hasOwn(value, step.key)) into.push(value[step.key]);
      } else if (Array.isArray(value) && /^\d+$/.test(step.key) && Number(step.key) < value.length) {
        into.push(value[Number(step.key)]);
      }
      return;
    case 'union':
      for (const key of step.keys) {
        if (typeof key === 'number' && Array.isArray(value)) {
          const index = key < 0 ? value.length + key : key;
          if (index >= 0 && index < value.length) into.push(value[index]);
        } else if (isRecord(value) && Object.hasOwn(value, String(key))) into.push(value[String(key)]);
      }
      return;
    case 'slice':
      if (Array.isArray(value)) {
        for (const [index, entry] of value.slice(step.from, step.to).entries())
          if (index % step.by === 0) into.push(entry);
      }
      return;
    case 'all':
      if (Array.isArray(value)) into.push(...value);
      else if (isRecord(value)) into.push(...Object.values(value));
      return;
    case 'deep':
      descend(value, into);
      return;
    case 'filter':
      for (const entry of Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []) {
        if (holds(step, entry)) into.push(entry);
      }
  }
}

function descend(value: unknown, into: unknown[]): void {
  into.push(value);
  if (Array.isArray(value)) for (const entry of value) descend(entry, into);
  else if (isRecord(value)) for (const entry of Object.values(value)) descend(entry, into);
}

function holds(filter: Extract<Step, { step: 'filter' }>, entry: unknown): boolean {
  const left = follow(filter.left, entry);
  if (filter.operator === undefined || filter.right === undefined) return left.length > 0;
  const a = left[0];
  const b = 'path' in filter.right ? follow(filter.right.path, entry)[0] : filter.right.value;
  if (filter.operator === '==') return left.length > 0 && a === b;
  if (filter.operator === '!=') return left.length > 0 && a !== b;
  if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string')) return false;
  const order = (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
  return filter.operator === '<'
    ? order < 0
    : filter.operator === '<='
      ? order <= 0
      : filter.operator === '>'
        ? order > 0
        : order >= 0;
}

/** A value as a cell's text: text as it is, lists and objects as JSON, nothing as ''. */
export function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
