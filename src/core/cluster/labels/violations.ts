import type { z } from 'zod';
import type { LiveSource } from '../../kernel/contract.ts';
import { type Sources, WatchedRows } from '../topology/index.ts';
import type { labels, Violation, ViolationQuery } from './contract.ts';
import { type Found, findViolations, violationOf } from './find.ts';
import { compileRule } from './model.ts';
import type { LabelRules } from './rules.ts';

type Head = z.input<(typeof labels)['violations']['head']>;
type Query = z.output<typeof ViolationQuery>;

/** What breaks the rules, in a window, followed while somebody looks. */
export function followViolations(sources: Sources, rules: LabelRules, wanted: Query): LiveSource<Head, Violation> {
  const namespaces = wanted.namespaces === undefined ? undefined : new Set(wanted.namespaces);
  const kindsOf = () => [...new Set(['namespaces', ...enabled(rules).flatMap(({ kinds }) => kinds)])];
  return new WatchedRows<Head, Violation>(sources, {
    // Rules come and go while it is looked at.
    get kinds() {
      return kindsOf();
    },
    clusters: wanted.clusters,
    onOther: [rules.onChange],
    look({ clusters, loading, problems }) {
      const started = performance.now();
      const compiled = enabled(rules).map(compileRule);
      const found = findViolations(sources.tables, compiled, { ...wanted, clusters, namespaces });
      const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
      const rows = found.hits.slice(wanted.offset, wanted.offset + wanted.limit).flatMap((hit) => {
        const cluster = byIndex.get(hit.table.clusters[hit.row] as number);
        return cluster === undefined ? [] : [violationOf(hit, cluster)];
      });
      const names = new Map(clusters.map(({ index, id, name }) => [index, { id, name }]));
      const head: Head = {
        tested: found.tested,
        total: found.total,
        matched: found.hits.length,
        rules: found.rules,
        ...countsOf(found, names),
        loading,
        problems,
        tookMs: Math.round((performance.now() - started) * 10) / 10,
      };
      return { head, rows };
    },
  });
}

function countsOf(
  found: Found,
  names: ReadonlyMap<number, { id: string; name: string }>,
): Pick<Head, 'kinds' | 'clusters'> {
  return {
    kinds: [...found.kinds]
      .map(([value, { name, count }]) => ({ value, name, count }))
      .sort((a, b) => b.count - a.count),
    clusters: [...found.clusters]
      .map(([index, count]) => ({ value: names.get(index)?.id ?? '', name: names.get(index)?.name ?? '', count }))
      .sort((a, b) => b.count - a.count),
  };
}

function enabled({ all }: LabelRules) {
  return all.filter((rule) => rule.enabled);
}
