import type { ClusterNames } from '../../../kube/columns/keys.ts';
import { labelValue } from '../../../kube/columns/labels.ts';
import { meta, tones } from '../../../kube/columns/schema.ts';
import type { NumberStore } from '../../../kube/columns/stores.ts';
import type { Table } from '../../../kube/columns/table.ts';
import type { RowFilter } from '../../../kube/columns/view.ts';
import { type Field, findField, similarFields, tonesOfWord } from './fields.ts';
import {
  allOf,
  anyOf,
  byAge,
  byCluster,
  byName,
  byNumber,
  byText,
  type Matcher,
  nameContains,
  not,
} from './matchers.ts';
import { readDuration, readInstant, readOperand } from './operand.ts';
import { parseFilter } from './parse.ts';
import { compilePattern } from './pattern.ts';
import type { FieldTerm, FieldValue, FilterNode, FilterProblem, Operator, TextTerm } from './syntax.ts';

export interface CompiledFilter {
  /** Null when it lets everything through. */
  filter: RowFilter | null;
  problems: readonly FilterProblem[];
}

/**
 * Makes a test for the rows of one table out of a filter's text. Never throws; what it can't use is a problem.
 * @param skew milliseconds by which the clock that wrote a cluster's times is ahead of the one that is asked
 */
export function compileFilter(
  text: string,
  table: Table,
  clusterNames: ClusterNames,
  skew: (cluster: number) => number = () => 0,
): CompiledFilter {
  const parsed = parseFilter(text);
  const compiler = new Compiler(table, clusterNames, skew);
  const matcher = compiler.node(parsed.node);
  const problems = [...parsed.problems, ...compiler.problems].sort((a, b) => a.start - b.start);
  if (matcher === undefined) return { filter: null, problems };
  const filter: RowFilter = {
    timed: matcher.timed === true,
    begin: (nowMs) => matcher.begin?.(nowMs),
    test: (row) => matcher.test(row),
  };
  return { filter, problems };
}

class Compiler {
  readonly problems: FilterProblem[] = [];
  readonly #table: Table;
  readonly #clusterNames: ClusterNames;
  readonly #skew: (cluster: number) => number;

  constructor(table: Table, clusterNames: ClusterNames, skew: (cluster: number) => number) {
    this.#table = table;
    this.#skew = skew;
    this.#clusterNames = clusterNames;
  }

  /** Undefined for a part that is broken: it then neither lets through nor refuses. */
  node(node: FilterNode): Matcher | undefined {
    switch (node.type) {
      case 'all':
      case 'any': {
        const parts = node.parts.map((part) => this.node(part)).filter((part) => part !== undefined);
        if (parts.length === 0) return undefined;
        return node.type === 'all' ? allOf(parts) : anyOf(parts);
      }
      case 'not': {
        const part = this.node(node.part);
        return part && not(part);
      }
      case 'text':
        return this.#text(node);
      case 'field':
        return this.#field(node);
    }
  }

  /** Free text: in the name, or in a text that the list shows, or the key of a label. */
  #text(term: TextTerm): Matcher | undefined {
    let accepts: (text: string) => boolean;
    if (term.pattern) {
      const pattern = this.#pattern(term.text, term);
      if (pattern === undefined) return undefined;
      accepts = pattern;
    } else {
      accepts = contains(term.text);
    }
    const matchers: Matcher[] = [];
    const { columns } = this.#table.schema;
    for (let index = 0; index < columns.length; index++) {
      const store = this.#table.stores[index];
      if (columns[index]?.priority !== 0 && index !== meta.name) continue;
      if (store?.type === 'name') matchers.push(term.pattern ? byName(store, accepts) : nameContains(store, term.text));
      else if (store?.type === 'text')
        matchers.push(byText(store, seen(this.#table.schema.id, columns[index]?.id, accepts)));
    }
    if (!term.pattern) {
      const key = term.text;
      matchers.push(byText(this.#table.textStore(meta.labels), (text) => hasLabelKey(text, key)));
    }
    return anyOf(matchers);
  }

  #field(term: FieldTerm): Matcher | undefined {
    const values = term.values.filter((value) => value.text !== '' || value.quoted);
    // Parsing has told already that the value is missing.
    if (values.length === 0) return undefined;
    const field = findField(this.#table.schema, term.field);
    if (field === undefined) return this.#unknown(term, values);
    const { operator } = term;
    const negated = operator === '!=' || operator === '!~';
    const matchers = values.map((value) => this.#value(field, positive(operator), { term, value }));
    const usable = matchers.filter((matcher) => matcher !== undefined);
    if (usable.length === 0) return undefined;
    return negated ? not(anyOf(usable)) : anyOf(usable);
  }

  /** `app=web` is a label; other operators need a field that is known. */
  #unknown(term: FieldTerm, values: readonly FieldValue[]): Matcher | undefined {
    const { operator, field } = term;
    if (operator === '=' || operator === '==' || operator === '!=') {
      const matcher = anyOf(values.map((value) => this.#label(field, (text) => text === value.text)));
      return operator === '!=' ? not(matcher) : matcher;
    }
    if (operator === '~' || operator === '!~') {
      const patterns = values.map((value) => this.#pattern(value.text, value)).filter((it) => it !== undefined);
      if (patterns.length === 0) return undefined;
      const matcher = anyOf(
        patterns.map((pattern) => this.#label(field, (text) => text !== undefined && pattern(text))),
      );
      return operator === '!~' ? not(matcher) : matcher;
    }
    const similar = similarFields(this.#table.schema, field);
    const advice =
      similar.length > 0 ? `did you mean ${similar.join(' or ')}?` : 'put it in quotes to look for the text';
    this.#problem(`${this.#table.schema.kind} has no column ${field}; ${advice}`, {
      start: term.start,
      end: term.fieldEnd,
    });
    return undefined;
  }

  #value(field: Field, operator: Operator, at: { term: FieldTerm; value: FieldValue }): Matcher | undefined {
    const { value, term } = at;
    switch (field.type) {
      case 'cluster': {
        const accepts = this.#textTest(operator, value, term);
        return accepts && byCluster(this.#table, (cluster) => accepts(this.#clusterNames(cluster)));
      }
      case 'tone':
        return this.#tone(value);
      case 'labels':
        return this.#labels(operator, value);
      case 'uid': {
        const start = value.text.toLowerCase();
        return { test: (row) => this.#table.uid(row).startsWith(start) };
      }
      case 'age':
        return this.#age(field, operator, at);
      case 'column':
        return this.#column(field, operator, at);
    }
  }

  #column(
    field: Extract<Field, { type: 'column' }>,
    operator: Operator,
    at: { term: FieldTerm; value: FieldValue },
  ): Matcher | undefined {
    const { term, value } = at;
    const store = this.#table.stores[field.index];
    if (store?.type === 'number') return this.#number(field, operator, at);
    if (store?.type === 'time') {
      const instant = readInstant(value.text);
      if (instant === undefined) return this.#age({ ...field, type: 'age' }, operator, at);
      const compare = comparison(operator);
      return byNumberOf(
        () => store.seconds,
        (seconds) => seconds !== 0 && compare(seconds, instant),
      );
    }
    if (store === undefined) return undefined;
    const accepts = isOrdering(operator) ? this.#leadingNumber(operator, value) : this.#textTest(operator, value, term);
    if (accepts === undefined) return undefined;
    if (store.type === 'name') {
      return operator === ':' && !value.text.includes('*') && value.text !== ''
        ? nameContains(store, value.text)
        : byName(store, accepts);
    }
    const matcher = byText(store, accepts);
    const ofWord = operator === ':' && field.index === meta.status ? tonesOfWord(value.text) : undefined;
    return ofWord === undefined ? matcher : anyOf([matcher, this.#toneIn(ofWord.map((tone) => tones.indexOf(tone)))]);
  }

  #number(
    field: Extract<Field, { type: 'column' }>,
    operator: Operator,
    at: { term: FieldTerm; value: FieldValue },
  ): Matcher | undefined {
    const store = this.#table.stores[field.index] as NumberStore;
    if (operator === '~') {
      this.#problem(`${field.column.title} is a number: use = < >`, at.term);
      return undefined;
    }
    if (at.value.quoted && at.value.text === '') return byNumber(() => store.values, Number.isNaN);
    const operand = readOperand(at.value.text, field.column.unit);
    if (typeof operand !== 'number') {
      this.#problem(`${field.column.title} is compared with ${operand.expected}`, at.value);
      return undefined;
    }
    const compare = comparison(operator);
    return byNumber(
      () => store.values,
      (value) => compare(value, operand),
    );
  }

  #age(
    field: Extract<Field, { type: 'age' }>,
    operator: Operator,
    at: { term: FieldTerm; value: FieldValue },
  ): Matcher | undefined {
    const store = this.#table.stores[field.index];
    if (store?.type !== 'time') return undefined;
    const seconds = readDuration(at.value.text);
    if (seconds === undefined || !isOrdering(operator)) {
      const example =
        seconds === undefined ? `${at.term.field}<2h or ${at.term.field}>3d` : `${at.term.field}<${at.value.text}`;
      this.#problem(`A time is compared with < or > and a duration: ${example}`, at.term);
      return undefined;
    }
    const compare = comparison(operator);
    return byAge(
      () => store.seconds,
      (age) => compare(age, seconds),
      (row) => this.#skew(this.#table.clusters[row] as number) / 1000,
    );
  }

  #tone(value: FieldValue): Matcher | undefined {
    if (value.text.toLowerCase() === 'deleting') {
      const store = this.#table.stores[meta.deleting];
      if (store?.type === 'time')
        return byNumberOf(
          () => store.seconds,
          (seconds) => seconds !== 0,
        );
    }
    const found = tonesOfWord(value.text);
    if (found === undefined) {
      this.#problem(`Health is one of ${tones.join(', ')}, unhealthy, deleting`, value);
      return undefined;
    }
    return this.#toneIn(found.map((tone) => tones.indexOf(tone)));
  }

  #toneIn(wanted: readonly number[]): Matcher {
    const store = this.#table.stores[meta.tone] as NumberStore;
    return byNumber(
      () => store.values,
      (value) => wanted.includes(value),
    );
  }

  /** `label:app`, `label:app=web`, `label:app!=web` */
  #labels(operator: Operator, value: FieldValue): Matcher | undefined {
    if (operator === '~') {
      const pattern = this.#pattern(value.text, value);
      return pattern && byText(this.#table.textStore(meta.labels), (text) => text.split('\n').some(pattern));
    }
    const [, key, sign, wanted] = /^([^=!]+?)(==|=|!=)(.*)$/s.exec(value.text) ?? [undefined, value.text, '', ''];
    if (sign === '') return this.#label(key as string, (text) => text !== undefined);
    return this.#label(key as string, (text) => (sign === '!=' ? text !== wanted : text === wanted));
  }

  #label(key: string, accepts: (value: string | undefined) => boolean): Matcher {
    return byText(this.#table.textStore(meta.labels), (text) => accepts(labelValue(text, key)));
  }

  #textTest(operator: Operator, value: FieldValue, term: FieldTerm): ((text: string) => boolean) | undefined {
    switch (operator) {
      case '~':
        return this.#pattern(value.text, value);
      case ':':
        if (value.text === '') return (text) => text === '';
        return value.text.includes('*') && !value.quoted ? glob(value.text) : contains(value.text);
      case '=':
      case '==': {
        const wanted = value.text.toLowerCase();
        return (text) => text.toLowerCase() === wanted;
      }
      default:
        this.#problem(`${term.field} is text: use : = or ~`, term);
        return undefined;
    }
  }

  /** Texts such as `1/2` compare by the number that they begin with. */
  #leadingNumber(operator: Operator, value: FieldValue): ((text: string) => boolean) | undefined {
    const operand = readOperand(value.text, undefined);
    if (typeof operand !== 'number') {
      this.#problem('< and > need a number here', value);
      return undefined;
    }
    const compare = comparison(operator);
    return (text) => {
      const found = /^-?\d+(?:\.\d+)?/.exec(text);
      return found !== null && compare(Number(found[0]), operand);
    };
  }

  #pattern(source: string, at: { start: number; end: number }): ((text: string) => boolean) | undefined {
    const pattern = compilePattern(source);
    if (!('problem' in pattern)) return (text) => pattern.test(text);
    this.#problem(pattern.problem, at);
    return undefined;
  }

  #problem(message: string, at: { start: number; end: number }): void {
    this.problems.push({ message, start: at.start, end: at.end });
  }
}

/** A pod's containers are letters for role and state and then a name, a line each: only the names are read. */
function seen(kind: string, column: string | undefined, accepts: (text: string) => boolean): (text: string) => boolean {
  if (kind !== 'pods' || column !== 'containers') return accepts;
  return (text) => accepts(text.replaceAll(/^\S+ /gm, ''));
}

function byNumberOf(values: () => Uint32Array, accepts: (value: number) => boolean): Matcher {
  return { test: (row) => accepts(values()[row] as number) };
}

function positive(operator: Operator): Operator {
  return operator === '!=' ? '=' : operator === '!~' ? '~' : operator;
}

function isOrdering(operator: Operator): boolean {
  return operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
}

/** Comparisons with NaN (an absent cell) are false. */
function comparison(operator: Operator): (a: number, b: number) => boolean {
  switch (operator) {
    case '>':
      return (a, b) => a > b;
    case '>=':
      return (a, b) => a >= b;
    case '<':
      return (a, b) => a < b;
    case '<=':
      return (a, b) => a <= b;
    default:
      // 0.1 + 0.2: quantities are read from decimal text, so that equal means equal up to rounding.
      return (a, b) => a === b || Math.abs(a - b) <= Math.abs(b) * 1e-12;
  }
}

function contains(part: string): (text: string) => boolean {
  const lower = part.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
}

/** `*` stands for anything; the whole text must match. Linear: the parts are looked for one after the other. */
function glob(text: string): (text: string) => boolean {
  const parts = text.toLowerCase().split('*');
  const first = parts[0] as string;
  const final = parts[parts.length - 1] as string;
  return (candidate) => {
    const lower = candidate.toLowerCase();
    if (!lower.startsWith(first) || lower.length < first.length + final.length || !lower.endsWith(final)) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = lower.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= lower.length - final.length;
  };
}

function hasLabelKey(labels: string, key: string): boolean {
  return labels.startsWith(`${key}=`) || labels.includes(`\n${key}=`);
}
