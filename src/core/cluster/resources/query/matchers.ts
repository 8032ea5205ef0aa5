import type { NameStore, NumberArray, TextStore } from '../../../kube/columns/stores.ts';
import type { Table } from '../../../kube/columns/table.ts';

/** Tests rows of one table. */
export interface Matcher {
  /** The answer depends on the time. */
  timed?: boolean;
  begin?(nowMs: number): void;
  test(row: number): boolean;
}

export const everything: Matcher = { test: () => true };
export const nothing: Matcher = { test: () => false };

/** Asks once per text, not once per row, and remembers the answers while the dictionary stays what it is. */
export function byText(store: TextStore, accepts: (text: string) => boolean): Matcher {
  const { dictionary } = store;
  let generation = dictionary.generation;
  /** By id: 0 not asked yet, 1 no, 2 yes. */
  let answers = new Uint8Array(dictionary.size + 64);
  return {
    begin() {
      if (generation !== dictionary.generation) answers.fill(0);
      generation = dictionary.generation;
      if (dictionary.size <= answers.length) return;
      const larger = new Uint8Array(dictionary.size + (dictionary.size >>> 1));
      larger.set(answers);
      answers = larger;
    },
    test(row) {
      const id = store.ids[row] as number;
      const known = answers[id] as number;
      if (known !== 0) return known === 2;
      const answer = accepts(dictionary.text(id));
      answers[id] = answer ? 2 : 1;
      return answer;
    },
  };
}

/** Asks per row, with the text decoded. */
export function byName(store: NameStore, accepts: (text: string) => boolean): Matcher {
  return { test: (row) => accepts(store.text(row)) };
}

/** Whether a name has `part` in it, small and capital letters alike; on the bytes where that is the same. */
export function nameContains(store: NameStore, part: string): Matcher {
  const lower = part.toLowerCase();
  const needle = new TextEncoder().encode(lower);
  if (needle.some((byte) => byte > 127)) return byName(store, (text) => text.toLowerCase().includes(lower));
  const first = needle[0] as number;
  const length = needle.length;
  return {
    test(row) {
      const { arena } = store;
      const start = store.starts[row] as number;
      const end = start + (store.lengths[row] as number) - length;
      for (let at = start; at <= end; at++) {
        if (lowerCase(arena[at] as number) !== first) continue;
        let matched = 1;
        while (matched < length && lowerCase(arena[at + matched] as number) === needle[matched]) matched++;
        if (matched === length) return true;
      }
      return false;
    },
  };
}

export function byNumber(values: () => NumberArray, accepts: (value: number) => boolean): Matcher {
  let current = values();
  return {
    begin() {
      current = values();
    },
    test: (row) => accepts(current[row] as number),
  };
}

/** Seconds since the instant, by the clock that wrote it: `ahead` of ours by so many. An absent one never matches. */
export function byAge(
  seconds: () => Uint32Array,
  accepts: (ageSeconds: number) => boolean,
  ahead: (row: number) => number,
): Matcher {
  let now = 0;
  let current = seconds();
  return {
    timed: true,
    begin(nowMs) {
      now = nowMs / 1000;
      current = seconds();
    },
    test(row) {
      const at = current[row] as number;
      return at !== 0 && accepts(now + ahead(row) - at);
    },
  };
}

/** Asks once per cluster and series of tests: names of clusters may change between two. */
export function byCluster(table: Table, accepts: (cluster: number) => boolean): Matcher {
  let answers: (boolean | undefined)[] = [];
  return {
    begin() {
      answers = [];
    },
    test(row) {
      const cluster = table.clusters[row] as number;
      let answer = answers[cluster];
      if (answer === undefined) {
        answer = accepts(cluster);
        answers[cluster] = answer;
      }
      return answer;
    },
  };
}

export function not(matcher: Matcher): Matcher {
  return { ...group([matcher]), test: (row) => !matcher.test(row) };
}

export function allOf(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (first === undefined) return everything;
  if (second === undefined) return first;
  return {
    ...group(matchers),
    test(row) {
      for (const matcher of matchers) if (!matcher.test(row)) return false;
      return true;
    },
  };
}

export function anyOf(matchers: readonly Matcher[]): Matcher {
  const [first, second] = matchers;
  if (first === undefined) return nothing;
  if (second === undefined) return first;
  return {
    ...group(matchers),
    test(row) {
      for (const matcher of matchers) if (matcher.test(row)) return true;
      return false;
    },
  };
}

function group(matchers: readonly Matcher[]): Pick<Matcher, 'timed' | 'begin'> {
  return {
    timed: matchers.some((matcher) => matcher.timed === true),
    begin(nowMs) {
      for (const matcher of matchers) matcher.begin?.(nowMs);
    },
  };
}

function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
