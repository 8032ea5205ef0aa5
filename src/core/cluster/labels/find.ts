import { meta } from '../../kube/columns/schema.ts';
import type { TextStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Violation } from './contract.ts';
import { type CompiledRule, sourceOfLabels, verdicts } from './model.ts';

/** An object that breaks a rule, by its row. */
interface Hit {
  rule: CompiledRule;
  table: Table;
  row: number;
  missing: boolean;
}

export interface Found {
  tested: number;
  total: number;
  hits: Hit[];
  rules: { key: string; tested: number; broken: number; problem: string }[];
  kinds: Map<string, { name: string; count: number }>;
  /** By number. */
  clusters: Map<number, number>;
}

interface Question {
  clusters: readonly FleetCluster[];
  namespaces: ReadonlySet<string> | undefined;
  rule?: string | undefined;
  kind?: string | undefined;
  text: string;
}

/**
 * What breaks the rules, rule by rule and kind by kind, each by name. A hundred thousand objects have some hundred different
 * sets of labels and some hundred namespaces: each is tested once, and objects are compared by number.
 */
export function findViolations(tables: Tables, rules: readonly CompiledRule[], question: Question): Found {
  const { clusters, namespaces } = question;
  const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
  const spaces = namespaceLabels(tables.get('namespaces'));
  const found: Found = { tested: 0, total: 0, hits: [], rules: [], kinds: new Map(), clusters: new Map() };
  const word = question.text.trim().toLowerCase();
  for (const compiled of rules) {
    const { rule, problem } = compiled;
    const told = { key: rule.key, tested: 0, broken: 0, problem };
    found.rules.push(told);
    if (problem !== '') continue;
    const covered = clusters.filter(({ name }) => compiled.coversCluster(name)).map(({ index }) => index);
    for (const kind of rule.kinds) {
      const table = tables.get(kind);
      if (table === undefined || covered.length === 0) continue;
      const isNarrowed =
        (question.rule !== undefined && question.rule !== rule.key) ||
        (question.kind !== undefined && question.kind !== kind);
      const covers = namespaceTest(compiled, table, { spaces, namespaces });
      const test = labelTest(compiled, table);
      const owners = table.stores[meta.owner] as TextStore;
      const marks = clusterMarks(covered);
      const { rows, count } = table.byName();
      for (let at = 0; at < count; at++) {
        const row = rows[at] as number;
        const cluster = table.clusters[row] as number;
        if (marks[cluster] !== 1 || !covers(row, cluster)) continue;
        if (!rule.owned && owners.ids[row] !== 0) continue;
        told.tested++;
        const verdict = test(row);
        if (verdict === verdicts.good) continue;
        told.broken++;
        count1(found.kinds, kind, table.schema.kind);
        found.clusters.set(cluster, (found.clusters.get(cluster) ?? 0) + 1);
        if (isNarrowed) continue;
        if (word !== '' && !mentions(table, row, byIndex.get(cluster)?.name ?? '', word)) continue;
        found.hits.push({ rule: compiled, table, row, missing: verdict === verdicts.missing });
      }
    }
    found.tested += told.tested;
    found.total += told.broken;
  }
  return found;
}

/** A hit as the contract has it. */
export function violationOf({ rule: { rule }, table, row, missing }: Hit, cluster: FleetCluster): Violation {
  const labels = table.text(row, meta.labels);
  const uid = table.uid(row);
  const start = `${rule.label}=`;
  const line = missing ? undefined : labels.split('\n').find((each) => each.startsWith(start));
  return {
    key: `${rule.key} ${cluster.id}/${uid}`,
    rule: rule.key,
    label: rule.label,
    problem: missing ? 'missing' : 'value',
    value: line?.slice(start.length) ?? '',
    object: {
      cluster: cluster.id,
      kind: table.schema.id,
      namespace: table.text(row, meta.namespace),
      name: table.text(row, meta.name),
      uid,
    },
    kindName: table.schema.kind,
    clusterName: cluster.name,
    owner: table.text(row, meta.owner),
    source: sourceOfLabels(labels),
  };
}

function count1(counts: Found['kinds'], kind: string, name: string): void {
  const known = counts.get(kind);
  if (known === undefined) counts.set(kind, { name, count: 1 });
  else known.count++;
}

function mentions(table: Table, row: number, cluster: string, word: string): boolean {
  return (
    table.text(row, meta.name).toLowerCase().includes(word) ||
    table.text(row, meta.namespace).toLowerCase().includes(word) ||
    cluster.toLowerCase().includes(word)
  );
}

function clusterMarks(indexes: readonly number[]): Uint8Array {
  const marks = new Uint8Array(Math.max(0, ...indexes) + 1);
  for (const index of indexes) marks[index] = 1;
  return marks;
}

/** Labels of namespaces by `cluster/name`. */
function namespaceLabels(table: Table | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (table === undefined) return found;
  for (const row of table.rows()) {
    found.set(`${table.clusters[row]}/${table.text(row, meta.name)}`, table.text(row, meta.labels));
  }
  return found;
}

function labelTest(compiled: CompiledRule, table: Table): (row: number) => number {
  const store = table.stores[meta.labels] as TextStore;
  const known = new Uint8Array(store.dictionary.size);
  return (row) => {
    const id = store.ids[row] as number;
    let verdict = known[id] as number;
    if (verdict === verdicts.unknown) {
      verdict = compiled.test(store.dictionary.text(id));
      known[id] = verdict;
    }
    return verdict;
  };
}

function namespaceTest(
  compiled: CompiledRule,
  table: Table,
  { spaces, namespaces }: { spaces: ReadonlyMap<string, string>; namespaces: ReadonlySet<string> | undefined },
): (row: number, cluster: number) => boolean {
  if (table.schema.id === 'namespaces') {
    return (row) => {
      const name = table.text(row, meta.name);
      return namespaces?.has(name) !== false && compiled.coversNamespace(name, table.text(row, meta.labels));
    };
  }
  const store = table.stores[meta.namespace] as TextStore;
  /** 0 not known, 1 covered, 2 not; by cluster, and in it by the namespace's number. */
  const known: Uint8Array[] = [];
  return (row, cluster) => {
    const id = store.ids[row] as number;
    // Without a namespace: a node, or a volume.
    if (id === 0) return namespaces === undefined;
    let own = known[cluster];
    if (own === undefined) {
      own = new Uint8Array(store.dictionary.size);
      known[cluster] = own;
    }
    if (own[id] === 0) {
      const name = store.dictionary.text(id);
      const labels = spaces.get(`${cluster}/${name}`) ?? '';
      own[id] = namespaces?.has(name) !== false && compiled.coversNamespace(name, labels) ? 1 : 2;
    }
    return own[id] === 1;
  };
}
