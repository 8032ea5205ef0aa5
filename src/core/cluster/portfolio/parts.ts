import { meta, type Tone } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import { parseSelector } from '../resources/index.ts';
import { byDelivery, byRelease, type Delivered, Deliverers } from './applications.ts';
import type { ApplicationPart, DeliveredBy } from './contract.ts';
import type { Workload } from './workloads.ts';

/** Kinds that lead to workloads or act on them. */
export const partKinds = [
  'pods',
  'services',
  'ingresses.networking.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'poddisruptionbudgets.policy',
] as const;

/** What an application is made of, at all of its places. */
export function partsOf(tables: Tables, workloads: readonly Workload[], delivered: Delivered): ApplicationPart[] {
  const parts = workloads.map(workloadPart);
  const places = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const key = `${workload.cluster.index}/${workload.namespace}`;
    places.set(key, [...(places.get(key) ?? []), workload]);
  }
  const labels = podLabels(tables.get('pods'), places);
  const services = servicesOf(tables.get('services'), places, labels);
  parts.push(...services);
  parts.push(...entriesOf(tables.get('ingresses.networking.k8s.io'), places, services));
  parts.push(...scalingOf(tables, places, labels));
  parts.push(...deliveryParts(workloads, delivered));
  return parts;
}

function workloadPart(workload: Workload): ApplicationPart {
  const { cluster, kind, kindName, namespace, name, uid, tone, status, images, ready, wanted } = workload;
  return {
    key: `${cluster.id}/${kind}/${namespace}/${name}`,
    role: 'workload',
    object: { cluster: cluster.id, kind, namespace, name, uid },
    kindName,
    cluster: cluster.id,
    clusterName: cluster.name,
    namespace,
    name,
    tone,
    status,
    version: workload.labelled || workload.tagged,
    detail: kind === 'cronjobs.batch' ? '' : `${ready}/${wanted}`,
    images,
  };
}

/** Different sets of labels of the pods of these workloads, by place. */
function podLabels(
  pods: Table | undefined,
  places: ReadonlyMap<string, readonly Workload[]>,
): Map<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  if (pods === undefined) return found;
  const tests = new Map(
    [...places].map(([key, workloads]) => [key, workloads.map(({ selector }) => parseSelector(selector))]),
  );
  const clusters = new Set([...places.values()].flat().map(({ cluster }) => cluster.index));
  for (const row of pods.rows()) {
    const cluster = pods.clusters[row] as number;
    if (!clusters.has(cluster)) continue;
    const key = `${cluster}/${pods.text(row, meta.namespace)}`;
    const own = tests.get(key);
    if (own === undefined) continue;
    const labels = pods.text(row, meta.labels);
    if (!own.some((test) => test(labels))) continue;
    const known = found.get(key);
    if (known === undefined) found.set(key, new Set([labels]));
    else known.add(labels);
  }
  return found;
}

function rowPart(
  table: Table,
  row: number,
  workload: Workload,
  of: Pick<ApplicationPart, 'role' | 'detail'> & { tone?: Tone; status?: string },
): ApplicationPart {
  const { id: kind, kind: kindName } = table.schema;
  const { cluster } = workload;
  const namespace = table.text(row, meta.namespace);
  const name = table.text(row, meta.name);
  return {
    key: `${cluster.id}/${kind}/${namespace}/${name}`,
    object: { cluster: cluster.id, kind, namespace, name, uid: table.uid(row) },
    kindName,
    cluster: cluster.id,
    clusterName: cluster.name,
    namespace,
    name,
    tone: table.tone(row),
    status: table.text(row, meta.status),
    version: '',
    images: [],
    ...of,
  };
}

/** Rows of a table in the places of an application, with a workload of each place. */
function* inPlaces(
  table: Table | undefined,
  places: ReadonlyMap<string, readonly Workload[]>,
): Generator<{ table: Table; row: number; key: string; workloads: readonly [Workload, ...Workload[]] }> {
  if (table === undefined) return;
  for (const row of table.rows()) {
    const key = `${table.clusters[row]}/${table.text(row, meta.namespace)}`;
    const [first, ...others] = places.get(key) ?? [];
    if (first !== undefined) yield { table, row, key, workloads: [first, ...others] };
  }
}

function servicesOf(
  services: Table | undefined,
  places: ReadonlyMap<string, readonly Workload[]>,
  labels: ReadonlyMap<string, ReadonlySet<string>>,
): ApplicationPart[] {
  const parts: ApplicationPart[] = [];
  for (const { table, row, key, workloads } of inPlaces(services, places)) {
    const selector = table.text(row, table.column('selector'));
    if (selector === '') continue;
    const test = parseSelector(selector);
    if (![...(labels.get(key) ?? [])].some(test)) continue;
    const detail = `${table.text(row, table.column('type'))} ${table.text(row, table.column('ports'))}`.trim();
    parts.push(rowPart(table, row, workloads[0], { role: 'service', detail }));
  }
  return parts;
}

function entriesOf(
  ingresses: Table | undefined,
  places: ReadonlyMap<string, readonly Workload[]>,
  services: readonly ApplicationPart[],
): ApplicationPart[] {
  const names = new Set(services.map(({ cluster, namespace, name }) => `${cluster}/${namespace}/Service/${name}`));
  const parts: ApplicationPart[] = [];
  for (const { table, row, workloads } of inPlaces(ingresses, places)) {
    const where = `${workloads[0].cluster.id}/${table.text(row, meta.namespace)}`;
    const backends = table.text(row, table.column('backends')).split('\n');
    if (!backends.some((backend) => names.has(`${where}/${backend}`))) continue;
    parts.push(rowPart(table, row, workloads[0], { role: 'entry', detail: table.text(row, table.column('hosts')) }));
  }
  return parts;
}

function scalingOf(
  tables: Tables,
  places: ReadonlyMap<string, readonly Workload[]>,
  labels: ReadonlyMap<string, ReadonlySet<string>>,
): ApplicationPart[] {
  const parts: ApplicationPart[] = [];
  for (const { table, row, workloads } of inPlaces(tables.get('horizontalpodautoscalers.autoscaling'), places)) {
    const target = table.text(row, table.column('target'));
    const own = workloads.find(({ kindName, name }) => target === `${kindName}/${name}`);
    if (own !== undefined) parts.push(rowPart(table, row, own, { role: 'scaling', detail: target }));
  }
  for (const { table, row, key, workloads } of inPlaces(tables.get('poddisruptionbudgets.policy'), places)) {
    const test = parseSelector(table.text(row, table.column('selector')));
    if (![...(labels.get(key) ?? [])].some(test)) continue;
    parts.push(rowPart(table, row, workloads[0], { role: 'scaling', detail: '' }));
  }
  return parts;
}

function deliveryParts(workloads: readonly Workload[], delivered: Delivered): ApplicationPart[] {
  const deliverers = new Deliverers(delivered);
  const names = new Map<string, string>(workloads.map(({ cluster }) => [cluster.id, cluster.name]));
  const found = new Map<string, ApplicationPart>();
  const add = (by: DeliveredBy, object: ApplicationPart['object']) => {
    const key = `${by.cluster}/${by.tool}/${by.kind}/${by.namespace}/${by.name}`;
    if (found.has(key)) return;
    const { cluster, namespace, name, tone, status, version } = by;
    found.set(key, {
      key,
      role: 'delivery',
      ...(object !== undefined && { object }),
      kindName: by.tool === 'helm' ? 'Helm release' : by.kind,
      cluster,
      clusterName: names.get(cluster) ?? '',
      namespace,
      name,
      tone,
      status,
      version,
      detail: '',
      images: [],
    });
  };
  for (const workload of workloads) {
    const release = deliverers.releaseOf(workload);
    if (release !== undefined) add(byRelease(release), undefined);
    for (const delivery of deliverers.deliveriesOf(workload)) {
      names.set(delivery.object.cluster, delivery.clusterName);
      add(byDelivery(delivery), delivery.object);
    }
  }
  return [...found.values()];
}
