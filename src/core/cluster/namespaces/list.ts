import type { LiveSource } from '../../kernel/contract.ts';
import { decodeLabels, meta, type Tone, tones } from '../../kube/columns/schema.ts';
import type { NumberStore, TextStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { type Sources, WatchedRows } from '../topology/index.ts';
import type { Namespace } from './contract.ts';
import { byShare, networkDefault, ownerOf, type PolicyRow, readUses } from './model.ts';

const policyKind = 'networkpolicies.networking.k8s.io';
const bindingKind = 'rolebindings.rbac.authorization.k8s.io';
const kinds = ['namespaces', 'pods', 'resourcequotas', 'limitranges', policyKind, bindingKind];

interface Head {
  loading: boolean;
  problems: string[];
  forbidden: { cluster: string; name: string; reason: string }[];
  clusters: number;
}

/** Namespaces out of the tables, anew for the clusters in which something changed. */
export function followNamespaces(
  sources: Sources,
  wanted: { clusters?: readonly string[] | undefined; namespaces?: readonly string[] | undefined },
): LiveSource<Head, Namespace> {
  const { fleet, tables } = sources;
  const only = wanted.namespaces === undefined ? undefined : new Set(wanted.namespaces);
  let kept = new Map<number, Namespace[]>();
  return new WatchedRows<Head, Namespace>(sources, {
    kinds,
    clusters: wanted.clusters,
    look({ clusters, dirty, loading, problems }) {
      const stale = clusters.filter(({ index }) => dirty === null || dirty.has(index) || !kept.has(index));
      const made = namespacesOf(tables, stale);
      kept = new Map(clusters.map(({ index }) => [index, made.get(index) ?? kept.get(index) ?? []]));
      const rows = [...kept.values()].flat();
      return {
        head: { loading, problems, forbidden: forbiddenIn(fleet, clusters), clusters: clusters.length },
        rows: only === undefined ? rows : rows.filter(({ name }) => only.has(name)),
      };
    },
  });
}

function forbiddenIn(fleet: OpenClusters, clusters: readonly FleetCluster[]): Head['forbidden'] {
  const names = new Map(clusters.map(({ id, name }) => [id, name]));
  return fleet.scopes('namespaces').flatMap(({ cluster, state, reason = '' }) => {
    const name = names.get(cluster);
    return state === 'forbidden' && name !== undefined ? [{ cluster, name, reason }] : [];
  });
}

/** The namespaces of these clusters, by the cluster's number; one pass over each table. */
export function namespacesOf(tables: Tables, clusters: readonly FleetCluster[]): Map<number, Namespace[]> {
  const found = new Map<number, Map<string, Namespace>>(clusters.map(({ index }) => [index, new Map()]));
  if (clusters.length === 0) return new Map();
  const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
  const each = (kind: string, visit: (table: Table, row: number, of: Map<string, Namespace>) => void) => {
    const table = tables.get(kind);
    if (table === undefined) return;
    for (const row of table.rows()) {
      const of = found.get(table.clusters[row] as number);
      if (of !== undefined) visit(table, row, of);
    }
  };
  each('namespaces', (table, row, of) => {
    const cluster = byIndex.get(table.clusters[row] as number);
    if (cluster === undefined) return;
    const name = table.text(row, meta.name);
    of.set(name, emptyNamespace(table, row, cluster, name));
  });
  const inside = (table: Table, row: number, of: Map<string, Namespace>) => of.get(table.text(row, meta.namespace));
  countPods(tables.get('pods'), found);
  each('resourcequotas', (table, row, of) => {
    const name = table.text(row, meta.name);
    inside(table, row, of)?.quotas.push(
      ...readUses(name, table.text(row, table.column('request'))),
      ...readUses(name, table.text(row, table.column('limit'))),
    );
  });
  each('limitranges', (table, row, of) => void inside(table, row, of)?.limitRanges.push(table.text(row, meta.name)));
  each(bindingKind, (table, row, of) => {
    const space = inside(table, row, of);
    if (space !== undefined) space.bindings++;
  });
  const policies = new Map<Namespace, PolicyRow[]>();
  each(policyKind, (table, row, of) => {
    const space = inside(table, row, of);
    if (space === undefined) return;
    const policy: PolicyRow = {
      selector: table.text(row, table.column('selector')),
      types: table.text(row, table.column('types')),
      ingress: Number(table.cell(row, table.column('ingress')) ?? 0),
      egress: Number(table.cell(row, table.column('egress')) ?? 0),
    };
    const others = policies.get(space);
    if (others === undefined) policies.set(space, [policy]);
    else others.push(policy);
  });
  for (const [space, rows] of policies) {
    space.policies = rows.length;
    space.ingress = networkDefault(rows, 'ingress');
    space.egress = networkDefault(rows, 'egress');
  }
  const rows = [...found].map(([index, spaces]): [number, Namespace[]] => [
    index,
    [...spaces.values()]
      .map((space) => ({ ...space, quotas: byShare(space.quotas), limitRanges: space.limitRanges.sort() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]);
  return new Map(rows);
}

function emptyNamespace(table: Table, row: number, cluster: FleetCluster, name: string): Namespace {
  const labels = decodeLabels(table.text(row, meta.labels));
  const created = table.cell(row, meta.created);
  return {
    key: `${cluster.id}/${name}`,
    cluster: cluster.id,
    clusterName: cluster.name,
    name,
    tone: table.tone(row),
    status: table.text(row, meta.status),
    reason: table.text(row, meta.reason),
    created: typeof created === 'number' ? created : null,
    labels,
    owner: ownerOf(labels),
    podSecurity: table.text(row, table.column('podsecurity')),
    pods: 0,
    podTones: { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 },
    cpuRequested: 0,
    memoryRequested: 0,
    cpuLimit: 0,
    memoryLimit: 0,
    quotas: [],
    limitRanges: [],
    policies: 0,
    ingress: 'open',
    egress: 'open',
    bindings: 0,
  };
}

/** Pods come by the hundred thousand: their namespaces are compared by number. */
function countPods(pods: Table | undefined, found: ReadonlyMap<number, Map<string, Namespace>>): void {
  if (pods === undefined) return;
  const spaces = pods.stores[meta.namespace] as TextStore;
  const toneOf = (pods.stores[meta.tone] as NumberStore).values;
  const phase = pods.store('phase') as TextStore | undefined;
  const ended = ['Succeeded', 'Failed'].map((word) => phase?.dictionary.find(word) ?? -1);
  const amounts = (['cpurequest', 'memoryrequest', 'cpulimit', 'memorylimit'] as const).map(
    (id) => (pods.store(id) as NumberStore | undefined)?.values,
  );
  const byNumber = new Map<number, (Namespace | undefined)[]>([...found.keys()].map((index) => [index, []]));
  for (let row = 0; row < pods.limit; row++) {
    if (!pods.has(row)) continue;
    const cluster = pods.clusters[row] as number;
    const known = byNumber.get(cluster);
    if (known === undefined) continue;
    const id = spaces.ids[row] as number;
    if (!(id in known)) known[id] = found.get(cluster)?.get(spaces.text(row));
    const space = known[id];
    if (space === undefined) continue;
    space.pods++;
    const tone: Tone = tones[toneOf[row] as number] ?? 'unknown';
    space.podTones[tone]++;
    // What has ended requests nothing any more.
    if (phase !== undefined && ended.includes(phase.ids[row] as number)) continue;
    space.cpuRequested += amounts[0]?.[row] || 0;
    space.memoryRequested += amounts[1]?.[row] || 0;
    space.cpuLimit += amounts[2]?.[row] || 0;
    space.memoryLimit += amounts[3]?.[row] || 0;
  }
}
