import type { Tables } from '../../kube/columns/tables.ts';
import type { RowFilter } from '../../kube/columns/view.ts';
import { compileFilter } from '../resources/index.ts';
import type { TopologyHead } from './contract.ts';

type Problems = ReturnType<typeof compileFilter>['problems'];

export interface Filters {
  /** By kind, without those that the filter does not fit; null when nothing is filtered. */
  filters: Map<string, RowFilter> | null;
  problems: Problems;
}

/**
 * A filter for tables of many kinds. One with a field that a kind does not have lets none of its objects through; when it
 * fits no kind at all, it is broken, nothing is filtered, and the problems say why.
 */
export function filtersFor(
  tables: Tables,
  kinds: readonly string[],
  {
    text,
    nameOf,
    skew,
    now,
  }: { text: string; nameOf(index: number): string; skew(index: number): number; now: number },
): Filters {
  if (text.trim() === '') return { filters: null, problems: [] };
  const filters = new Map<string, RowFilter>();
  let problems: Problems | undefined;
  for (const kind of kinds) {
    const table = tables.get(kind);
    if (table === undefined) continue;
    const compiled = compileFilter(text, table, nameOf, skew);
    if (compiled.problems.length === 0) {
      compiled.filter?.begin(now);
      if (compiled.filter !== null) filters.set(kind, compiled.filter);
    } else if (problems === undefined || compiled.problems.length < problems.length) problems = compiled.problems;
  }
  return filters.size > 0 ? { filters, problems: [] } : { filters: null, problems: problems ?? [] };
}

/** As the contract has them. */
export function toldProblems(problems: Problems): TopologyHead['filterProblems'] {
  return problems.map(({ message, start, end }) => ({ message, start, end }));
}
