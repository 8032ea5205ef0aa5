import { labelValue } from '../../kube/columns/labels.ts';
import { decodeLabels, meta, type Tone } from '../../kube/columns/schema.ts';
import type { NumberStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { ownerOf } from '../namespaces/index.ts';
import type { By } from './contract.ts';
import { applicationOf, imageVersion } from './model.ts';

/** Kinds that an application is made of. Jobs and pods without an owner are what somebody ran, and no application. */
export const workloadKinds = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'replicationcontrollers',
  'rollouts.argoproj.io',
] as const;

/** One workload as its row tells it. */
export interface Workload {
  cluster: FleetCluster;
  kind: string;
  kindName: string;
  namespace: string;
  name: string;
  uid: string;
  labels: string;
  tone: Tone;
  status: string;
  images: string[];
  selector: string;
  ready: number;
  wanted: number;
  application: string;
  instance: string;
  partOf: string;
  /** By the version label; '' when there is none. */
  labelled: string;
  /** By an image's tag; '' when there is none. */
  tagged: string;
  /** `name version` as charts write it in a label: `redis-18.1.0`. */
  chart: string;
  owner: string;
}

/** The workloads of these clusters, those of some namespaces when given. */
export function workloadsOf(
  tables: Tables,
  clusters: readonly FleetCluster[],
  how: { by: By; namespaces: ReadonlySet<string> | undefined },
): Workload[] {
  const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
  const owners = namespaceOwners(tables.get('namespaces'));
  const found: Workload[] = [];
  for (const kind of workloadKinds) {
    const table = tables.get(kind);
    if (table === undefined) continue;
    const cells = cellsOf(table);
    for (const row of table.rows()) {
      const cluster = byIndex.get(table.clusters[row] as number);
      if (cluster === undefined) continue;
      const namespace = table.text(row, meta.namespace);
      if (how.namespaces !== undefined && !how.namespaces.has(namespace)) continue;
      // What another workload made (a rollout's, an operator's) is still a workload, and a StatefulSet of an operator counts.
      const name = table.text(row, meta.name);
      const labels = table.text(row, meta.labels);
      const images = cells.images(row);
      const application = applicationOf(labels, how.by, name);
      const instance = labelValue(labels, 'app.kubernetes.io/instance') ?? '';
      found.push({
        cluster,
        kind,
        kindName: table.schema.kind,
        namespace,
        name,
        uid: table.uid(row),
        labels,
        tone: table.tone(row),
        status: table.text(row, meta.status),
        images,
        selector: cells.selector(row),
        ready: cells.ready(row),
        wanted: cells.wanted(row),
        application,
        instance,
        partOf: labelValue(labels, 'app.kubernetes.io/part-of') ?? '',
        labelled: labelValue(labels, 'app.kubernetes.io/version') ?? '',
        tagged: imageVersion(images, application, name),
        chart: labelValue(labels, 'helm.sh/chart') ?? labelValue(labels, 'chart') ?? '',
        owner: ownerOf(decodeLabels(labels)) || (owners.get(`${cluster.index}/${namespace}`) ?? ''),
      });
    }
  }
  return found;
}

function namespaceOwners(table: Table | undefined): Map<string, string> {
  const owners = new Map<string, string>();
  if (table === undefined) return owners;
  for (const row of table.rows()) {
    const owner = ownerOf(decodeLabels(table.text(row, meta.labels)));
    if (owner !== '') owners.set(`${table.clusters[row]}/${table.text(row, meta.name)}`, owner);
  }
  return owners;
}

/** Cells by what they are called in each kind. */
function cellsOf(table: Table) {
  const text = (id: string) => {
    const column = table.column(id);
    return (row: number) => (column === -1 ? '' : table.text(row, column));
  };
  const number = (...ids: string[]) => {
    const store = ids.map((id) => table.store(id)).find((each) => each?.type === 'number') as NumberStore | undefined;
    return (row: number) => store?.values[row] || 0;
  };
  const images = text('images');
  return {
    images: (row: number) =>
      images(row)
        .split(',')
        .filter((image) => image !== ''),
    selector: text('selector'),
    ready: number('readyreplicas', 'ready', 'available'),
    wanted: number('desired'),
  };
}
