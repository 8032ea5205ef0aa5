import {
  type FieldValue,
  type FilterNode,
  type FilterProblem,
  operators,
  type ParsedFilter,
  type Term,
} from './syntax.ts';

/** Parentheses within parentheses beyond this are refused: nobody writes them, and every level is a call. */
const deepest = 50;

/** Reads a filter. Never throws: what makes no sense is a problem with its place, and the rest still counts. */
export function parseFilter(text: string): ParsedFilter {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  readonly #terms: Term[] = [];
  readonly #problems: FilterProblem[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedFilter {
    const parts: FilterNode[] = [this.#any()];
    while (this.#at < this.#text.length) {
      // Only a parenthesis that nothing opened stops the reading before the end.
      this.#problem('This parenthesis closes nothing', this.#at, ++this.#at);
      parts.push(this.#any());
    }
    return { node: all(parts), terms: this.#terms, problems: this.#problems };
  }

  #any(): FilterNode {
    const parts = [this.#all()];
    for (;;) {
      const start = this.#at;
      if (!this.#takeOr()) break;
      const part = this.#all();
      if (isEmpty(part)) this.#problem('An alternative is missing here', start, this.#at);
      else parts.push(part);
    }
    const real = parts.filter((part) => !isEmpty(part));
    return real.length > 1 ? { type: 'any', parts: real } : (real[0] ?? all([]));
  }

  #all(): FilterNode {
    const parts: FilterNode[] = [];
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length || this.#peek(')') || this.#isOr()) break;
      if (this.#wordIs('AND')) {
        this.#at += 3;
        continue;
      }
      const part = this.#unary();
      if (part !== undefined) parts.push(part);
    }
    return all(parts);
  }

  #unary(): FilterNode | undefined {
    const start = this.#at;
    let negations = 0;
    for (;;) {
      if (this.#peek('!') || (this.#peek('-') && !isBlank(this.#text[this.#at + 1]))) {
        negations++;
        this.#at++;
      } else if (this.#wordIs('NOT')) {
        negations++;
        this.#at += 3;
        this.#skipBlanks();
      } else break;
    }
    const part = this.#peek('(') ? this.#group() : this.#term();
    if (part === undefined || isEmpty(part)) {
      if (negations > 0) this.#problem('Nothing follows that could be excluded', start, Math.max(this.#at, start + 1));
      return undefined;
    }
    return negations % 2 === 1 ? { type: 'not', part } : part;
  }

  #group(): FilterNode | undefined {
    const start = this.#at++;
    if (++this.#depth > deepest) {
      this.#problem('Too many parentheses within each other', start, this.#at);
      this.#at = this.#text.length;
      this.#depth--;
      return undefined;
    }
    const inside = this.#any();
    this.#depth--;
    if (this.#peek(')')) this.#at++;
    else this.#problem('This parenthesis is not closed', start, start + 1);
    return inside;
  }

  #term(): FilterNode | undefined {
    const start = this.#at;
    const next = this.#text[start];
    if (next === undefined || isBlank(next) || next === ')' || next === '|') return undefined;
    if (next === '/') return this.#patternTerm(start);
    const field = this.#field();
    if (field !== undefined) {
      this.#terms.push(field);
      return field;
    }
    this.#at = start;
    const { text } = this.#value(false);
    if (text === '') {
      // An empty pair of quotes, or a character that begins nothing.
      if (this.#at === start) this.#at++;
      this.#problem('Nothing to look for', start, this.#at);
      return undefined;
    }
    const term: Term = { type: 'text', text, pattern: false, start, end: this.#at };
    this.#terms.push(term);
    return term;
  }

  /** `/expression/`; without the second slash it is the start of a word such as a path. */
  #patternTerm(start: number): FilterNode | undefined {
    let at = start + 1;
    while (at < this.#text.length && this.#text[at] !== '/') at += this.#text[at] === '\\' ? 2 : 1;
    const after = this.#text[at + 1];
    const closed = this.#text[at] === '/' && at > start + 1;
    let term: Term;
    if (closed && (after === undefined || isBlank(after) || after === ')' || after === '|')) {
      this.#at = at + 1;
      term = { type: 'text', text: this.#text.slice(start + 1, at), pattern: true, start, end: this.#at };
    } else {
      const { text } = this.#value(false);
      term = { type: 'text', text, pattern: false, start, end: this.#at };
    }
    this.#terms.push(term);
    return term;
  }

  #field(): Term | undefined {
    const start = this.#at;
    const quoted = this.#peek('"');
    const name = /[A-Za-z0-9_][A-Za-z0-9_./-]*/y;
    name.lastIndex = start;
    const field = quoted ? undefined : name.exec(this.#text)?.[0];
    if (field === undefined) return undefined;
    this.#at = start + field.length;
    const fieldEnd = this.#at;
    let operator = operators.find((it) => this.#text.startsWith(it, fieldEnd));
    if (operator === undefined) return undefined;
    this.#at += operator.length;
    // `restarts:>5` means what `restarts>5` means; `label:app=web` is a value of its own.
    const inner =
      operator === ':' ? operators.find((it) => it !== ':' && this.#text.startsWith(it, this.#at)) : undefined;
    if (inner !== undefined) {
      operator = inner;
      this.#at += inner.length;
    }
    const valueStart = this.#at;
    const values = this.#values(operator === '~' || operator === '!~');
    if (values.every((value) => value.text === '' && !value.quoted)) {
      this.#problem(`A value is missing after ${field}${operator}`, start, this.#at);
    }
    return { type: 'field', field, operator, values, start, fieldEnd, valueStart, end: this.#at };
  }

  #values(pattern: boolean): FieldValue[] {
    const values = [this.#value(true, pattern)];
    while (!pattern && this.#peek(',')) {
      this.#at++;
      values.push(this.#value(true));
    }
    const real = values.filter((value) => value.text !== '' || value.quoted);
    return real.length === 0 ? values.slice(0, 1) : real;
  }

  /** @param list commas end it; @param pattern balanced parentheses and bars belong to it */
  #value(list: boolean, pattern = false): FieldValue {
    const start = this.#at;
    if (this.#peek('"') || this.#peek("'")) return this.#quoted();
    let open = 0;
    while (this.#at < this.#text.length) {
      const next = this.#text[this.#at] as string;
      if (isBlank(next) || (list && !pattern && next === ',')) break;
      if (pattern) {
        if (next === '\\') this.#at++;
        else if (next === '(') open++;
        else if (next === ')' && --open < 0) break;
      } else if (next === '(' || next === ')' || next === '|') break;
      this.#at++;
    }
    this.#at = Math.min(this.#at, this.#text.length);
    return { text: this.#text.slice(start, this.#at), quoted: false, start, end: this.#at };
  }

  #quoted(): FieldValue {
    const start = this.#at;
    const quote = this.#text[this.#at++];
    let text = '';
    while (this.#at < this.#text.length && this.#text[this.#at] !== quote) {
      // Only the quote and the backslash itself are escaped, so that expressions stay as they are.
      const next = this.#text[this.#at + 1];
      if (this.#text[this.#at] === '\\' && (next === quote || next === '\\')) this.#at++;
      text += this.#text[this.#at++] ?? '';
    }
    if (this.#text[this.#at] === quote) this.#at++;
    else this.#problem('This quote is not closed', start, start + 1);
    return { text, quoted: true, start, end: this.#at };
  }

  #isOr(): boolean {
    return this.#peek('|') || this.#wordIs('OR');
  }

  #takeOr(): boolean {
    this.#skipBlanks();
    if (!this.#isOr()) return false;
    this.#at += this.#peek('|') ? (this.#text[this.#at + 1] === '|' ? 2 : 1) : 2;
    return true;
  }

  #wordIs(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    const after = this.#text[this.#at + word.length];
    return after === undefined || isBlank(after) || after === '(' || after === ')';
  }

  #peek(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text[this.#at])) this.#at++;
  }

  #problem(message: string, start: number, end: number): void {
    this.#problems.push({ message, start, end });
  }
}

function all(parts: readonly FilterNode[]): FilterNode {
  const real = parts.filter((part) => !isEmpty(part));
  return real.length === 1 && real[0] !== undefined ? real[0] : { type: 'all', parts: real };
}

function isEmpty(node: FilterNode): boolean {
  return node.type === 'all' && node.parts.length === 0;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
