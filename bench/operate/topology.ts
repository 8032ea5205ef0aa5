import { setImmediate } from 'node:timers/promises';
import { discovered, FakeFleet } from '../../src/core/cluster/resources/fakeFleet.ts';
import { type TopologyHead, type TopologyNode, TopologyQuery } from '../../src/core/cluster/topology/contract.ts';
import { topologyApi } from '../../src/core/cluster/topology/index.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import type { CallContext, LiveSource } from '../../src/core/kernel/contract.ts';
import { type SampleRow, sampleBatches, sampleUid } from '../../src/core/kube/columns/rowBatches.ts';
import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { arrange } from '../../src/renderer/features/topology/layout.ts';
import { type Figure, toFigure } from '../figure.ts';

const kinds = [
  'deployments.apps',
  'replicasets.apps',
  'services',
  'ingresses.networking.k8s.io',
  'nodes',
  'pods',
] as const;
type Kind = (typeof kinds)[number];

const repeats = 5;
const podsOfOne = 8;
const context: CallContext = { principal: { id: 'bench', name: 'Bench' }, signal: new AbortController().signal };

/**
 * From the question to a laid-out picture, in one process: the graph out of the tables, its way through JSON, and the
 * places of its nodes. What the browser adds is one frame.
 */
export async function run(): Promise<Figure[]> {
  return [
    await first('operate.topology.first5k', { objects: 5_000, clusters: 1, atMost: 300 }),
    await first('operate.topology.first100k', { objects: 100_000, clusters: 20, atMost: 1_000 }),
    await lost(),
  ];
}

/** Objects that were filled in and that no node stands for, for every budget and both sorts of boxes. */
async function lost(): Promise<Figure> {
  const missing: number[] = [];
  for (const [objects, clusters] of [
    [5_000, 1],
    [100_000, 20],
  ] as const) {
    const { fleet, tables, shown } = filled(objects, clusters);
    const api = topologyApi({ fleet, tables, clock: systemClock });
    for (const budget of [20, 400, 4_000]) {
      for (const by of ['namespace', 'app'] as const) {
        const source = api.graph(TopologyQuery.parse({ budget, by }), context) as LiveSource<
          TopologyHead,
          TopologyNode
        >;
        const counted = source.read().rows.reduce((sum, { count }) => sum + count, 0);
        missing.push(Math.abs(shown - counted));
        source.dispose();
      }
    }
  }
  return toFigure(missing, {
    id: 'operate.topology.aggregates',
    unit: 'objects',
    against: 'objects in no node, of 5000 and of 100000, with 20, 400 and 4000 nodes, by namespace and by application',
    atMost: 0,
  });
}

async function first(
  id: string,
  { objects, clusters, atMost }: { objects: number; clusters: number; atMost: number },
): Promise<Figure> {
  const { fleet, tables } = filled(objects, clusters);
  const api = topologyApi({ fleet, tables, clock: systemClock, pause: () => setImmediate() });
  const times: number[] = [];
  for (let at = 0; at < repeats; at++) {
    const started = performance.now();
    const source = api.graph(TopologyQuery.parse({}), context) as LiveSource<TopologyHead, TopologyNode>;
    if (source.read().rows.length === 0) await new Promise<void>((resolve) => source.onChange(() => resolve()));
    const { head, rows } = source.read();
    const told = JSON.parse(JSON.stringify(rows)) as TopologyNode[];
    const nodes = told.map(({ key, group, stage, edges }) => ({ key, group, stage, to: edges.map(({ to }) => to) }));
    const { nodes: places } = arrange(nodes);
    times.push(performance.now() - started);
    const counted = told.reduce((sum, { count }) => sum + count, 0);
    if (counted !== head.objects) throw new Error(`${head.objects - counted} objects are in no node`);
    if (places.size !== told.length) throw new Error(`${told.length - places.size} nodes have no place`);
    source.dispose();
  }
  return toFigure(times, { id, unit: 'ms', against: `${objects} objects in ${clusters} clusters`, atMost });
}

/** Applications of an ingress (every third), a service, a deployment and eight pods, in fifty namespaces a cluster. */
function filled(objects: number, clusters: number) {
  const fleet = new FakeFleet();
  const tables = createTables();
  const schemas = kinds.map((kind) => {
    const schema = builtInSchema(kind);
    if (schema === undefined) throw new Error(`${kind} is not built in`);
    return schema;
  });
  const ids = Array.from({ length: clusters }, (_, index) => ({ id: `c${index}`, index }));
  const served = schemas.map((schema) => discovered(schema));
  fleet.setClusters(ids.map((cluster) => ({ ...cluster, kinds: served })));
  for (const schema of schemas) {
    tables.table(schema);
    for (const { id } of ids) fleet.setScope(schema.id, { cluster: id, state: 'live' });
  }
  const makers = new Map(schemas.map((schema) => [schema.id, sampleBatches(schema)]));
  let next = 1;
  let shown = 0;
  for (const { index } of ids) {
    const rows = new Map<Kind, SampleRow[]>(kinds.map((kind) => [kind, []]));
    const add = (kind: Kind, row: Omit<SampleRow, 'uid' | 'version'>): string => {
      const uid = sampleUid(next);
      rows.get(kind)?.push({ uid, version: String(next++), ...row });
      return uid;
    };
    const all = Math.floor(objects / clusters);
    const nodes = Math.ceil(all / 80);
    for (let node = 0; node < nodes; node++) add('nodes', { name: `n${node}` });
    let made = nodes;
    for (let app = 0; made < all; app++) {
      const [namespace, name] = [`ns-${app % 50}`, `app-${app}`];
      const deployment = add('deployments.apps', { name, namespace, labels: { app: name } });
      const owner = { owner: `Deployment/${name}`, ownerUid: deployment };
      const set = add('replicasets.apps', { name: `${name}-7c`, namespace, ...owner });
      add('services', { name, namespace, cells: { selector: `app=${name}` } });
      made += 3 + podsOfOne;
      if (app % 3 === 0) {
        add('ingresses.networking.k8s.io', { name, namespace, cells: { backends: `Service/${name}` } });
        made++;
      }
      for (let pod = 0; pod < podsOfOne; pod++) {
        add('pods', {
          name: `${name}-7c-${pod}`,
          namespace,
          owner: `ReplicaSet/${name}-7c`,
          ownerUid: set,
          labels: { app: name, 'pod-template-hash': '7c' },
          tone: app % 97 === 0 && pod === 0 ? 'failed' : 'healthy',
          cells: { node: `n${(app * podsOfOne + pod) % nodes}`, refs: `Secret/s-${app % 20}` },
        });
      }
    }
    for (const kind of kinds) {
      // ReplicaSets are their Deployment's.
      if (kind !== 'replicasets.apps') shown += rows.get(kind)?.length ?? 0;
      const batch = makers.get(kind)?.(index, rows.get(kind) ?? []);
      if (batch !== undefined) tables.apply({ type: 'rows', batch, scope: '' });
    }
  }
  return { fleet, tables, shown };
}
