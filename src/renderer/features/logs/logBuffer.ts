import type { LogLines, Severity } from '../../../core/cluster/logs/contract.ts';
import { plainOf } from './readable.ts';

/** Lines that a window keeps; older ones go. */
export const mostLines = 50_000;
/** Beyond that, so many are let go of at once. */
const slack = 5000;

export interface Line {
  /** Grows by one a line. */
  id: number;
  at: number;
  source: number;
  severity: number;
  /** As it was written, with its colours. */
  text: string;
  /** What is searched and measured: without colours, and readable where that is wanted. */
  plain: string;
}

export interface Wanted {
  find: string;
  regex: boolean;
  /** Only lines with `find` in them. */
  only: boolean;
  exclude: string;
  /** Places in `severities`. */
  hiddenSeverities: ReadonlySet<number>;
  hiddenSources: ReadonlySet<number>;
  /** JSON lines as message and fields. */
  readable: boolean;
}

export const everything: Wanted = {
  find: '',
  regex: false,
  only: true,
  exclude: '',
  hiddenSeverities: new Set(),
  hiddenSources: new Set(),
  readable: true,
};

export const noteSeverity = 7 satisfies number;
export const severityNames: readonly Severity[] = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'note'];

/** The lines of one tab: the newest ones, which of them are shown, and which of those match. */
export class LogBuffer {
  #lines: Line[] = [];
  #next = 0;
  /** Lines that were let go of for newer ones. */
  dropped = 0;
  shown: Line[] = [];
  /** Ids of lines with the searched text, ascending. */
  matches: number[] = [];
  /** Lines a severity. */
  counts: number[] = new Array(severityNames.length).fill(0);
  wanted = everything;
  /** What is wrong with the expression. */
  problem: string | undefined;
  /** Grows whenever `shown` is not the one before with lines added at its end. */
  generation = 0;
  /** Shown lines that went at the front, since the beginning of this generation. */
  trimmed = 0;
  #find: ((text: string) => boolean) | undefined;
  #exclude: ((text: string) => boolean) | undefined;

  get size(): number {
    return this.#lines.length;
  }

  add({ source, at, severity, text }: LogLines): void {
    for (let index = 0; index < at.length; index++) {
      this.#append(at[index] as number, source[index] as number, severity[index] as number, text[index] as string);
    }
    if (this.#lines.length > mostLines + slack) this.#trim(this.#lines.length - mostLines);
  }

  /** Says something of ours at this place. */
  note(at: number, text: string): void {
    this.#append(at, -1, noteSeverity, text);
  }

  /** Applies other wishes. */
  want(wanted: Wanted): void {
    const isReadable = wanted.readable !== this.wanted.readable;
    this.wanted = wanted;
    this.problem = undefined;
    this.#find = this.#matcher(wanted.find, wanted.regex);
    this.#exclude = this.#matcher(wanted.exclude, wanted.regex);
    this.shown = [];
    this.matches = [];
    this.generation++;
    this.trimmed = 0;
    for (const line of this.#lines) {
      if (isReadable) line.plain = this.#plain(line.text);
      this.#show(line);
    }
  }

  clear(): void {
    this.#lines = [];
    this.dropped = 0;
    this.counts.fill(0);
    this.want(this.wanted);
  }

  /** Place in `shown` of the first line of that time or later; the last one's when there is none. */
  placeAt(at: number): number {
    const found = this.shown.findIndex((line) => line.at >= at);
    return found === -1 ? Math.max(0, this.shown.length - 1) : found;
  }

  /** Place in `shown` of a line, or of the next one that is shown. */
  placeOf(id: number): number {
    let low = 0;
    let high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.shown[middle] as Line).id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #append(at: number, source: number, severity: number, text: string): void {
    const line = { id: this.#next++, at, source, severity, text, plain: this.#plain(text) };
    this.#lines.push(line);
    this.counts[severity] = (this.counts[severity] ?? 0) + 1;
    this.#show(line);
  }

  #plain(text: string): string {
    return plainOf(text, this.wanted.readable);
  }

  #show(line: Line): void {
    const { hiddenSeverities, hiddenSources, only } = this.wanted;
    if (line.severity !== noteSeverity) {
      if (hiddenSeverities.has(line.severity) || hiddenSources.has(line.source)) return;
      if (this.#exclude?.(line.plain) === true) return;
      if (this.#find !== undefined) {
        if (this.#find(line.plain)) this.matches.push(line.id);
        else if (only) return;
      }
    }
    this.shown.push(line);
  }

  #trim(count: number): void {
    for (const line of this.#lines.slice(0, count)) {
      this.counts[line.severity] = (this.counts[line.severity] ?? 1) - 1;
    }
    this.#lines = this.#lines.slice(count);
    this.dropped += count;
    const first = this.#lines[0]?.id ?? this.#next;
    const gone = this.placeOf(first);
    this.shown = this.shown.slice(gone);
    this.trimmed += gone;
    let matched = 0;
    while (matched < this.matches.length && (this.matches[matched] as number) < first) matched++;
    this.matches = this.matches.slice(matched);
  }

  #matcher(text: string, regex: boolean): ((line: string) => boolean) | undefined {
    if (text === '') return undefined;
    if (!regex) {
      const wanted = text.toLowerCase();
      return (line) => line.toLowerCase().includes(wanted);
    }
    const expression = patternOf(text, true);
    if (typeof expression !== 'string') return (line) => expression.test(line);
    this.problem = expression;
    return undefined;
  }
}

/** The expression of a search, or what is wrong with it. */
export function patternOf(text: string, regex: boolean, flags = 'i'): RegExp | string {
  try {
    return new RegExp(regex ? text : text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'), flags);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
  }
}
