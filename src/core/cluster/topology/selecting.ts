import { parseSelector } from '../resources/index.ts';

/** Labels of pods that belong together, as the labels column has them, with how many pods have them. */
export interface Labelled<T> {
  labels: string;
  of: T;
  count: number;
}

/**
 * Finds what selectors select among many labels. A selector with an equality looks only at labels that have that line:
 * thousands of services beside thousands of pods cost what they select, not their product.
 */
export class Selecting<T> {
  readonly #all: readonly Labelled<T>[];
  #lines: Map<string, Labelled<T>[]> | undefined;

  constructor(all: readonly Labelled<T>[]) {
    this.#all = all;
  }

  /** What the selector lets through, in no order, with how many pods of each. */
  select(selector: string): Map<T, number> {
    const found = new Map<T, number>();
    if (selector === '') return found;
    const matches = parseSelector(selector);
    for (const labelled of this.#candidates(selector)) {
      if (matches(labelled.labels)) found.set(labelled.of, (found.get(labelled.of) ?? 0) + labelled.count);
    }
    return found;
  }

  #candidates(selector: string): readonly Labelled<T>[] {
    if (this.#all.length < 8) return this.#all;
    const first = /^([^=!\s,()]+)=([^=,][^,]*|)(?:,|$)/.exec(selector);
    if (first === null) return this.#all;
    if (this.#lines === undefined) {
      this.#lines = new Map();
      for (const labelled of this.#all) {
        for (const line of labelled.labels.split('\n')) {
          const known = this.#lines.get(line);
          if (known === undefined) this.#lines.set(line, [labelled]);
          else known.push(labelled);
        }
      }
    }
    return this.#lines.get(`${first[1]}=${first[2]}`) ?? [];
  }
}
