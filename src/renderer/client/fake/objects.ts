import type { KindRow, Row, Tone } from '../../../core/cluster/resources/contract.ts';

type Unit = 'count' | 'bytes' | 'millicores' | 'seconds' | 'percent' | 'flag';

export interface FakeColumn {
  id: string;
  title: string;
  type: 'text' | 'name' | 'number' | 'time';
  unit?: Unit;
  priority: number;
  width?: number;
}

const shared: FakeColumn[] = [
  { id: 'name', title: 'Name', type: 'name', priority: 0, width: 280 },
  { id: 'namespace', title: 'Namespace', type: 'text', priority: 0, width: 140 },
  { id: 'status', title: 'Status', type: 'text', priority: 0, width: 150 },
  { id: 'reason', title: 'Reason', type: 'text', priority: 1, width: 220 },
  { id: 'created', title: 'Age', type: 'time', priority: 0, width: 70 },
  { id: 'labels', title: 'Labels', type: 'text', priority: 1, width: 240 },
  { id: 'owner', title: 'Controlled by', type: 'text', priority: 1, width: 180 },
];

const own: Record<string, FakeColumn[]> = {
  pods: [
    { id: 'ready', title: 'Ready', type: 'text', priority: 0, width: 70 },
    { id: 'containers', title: 'Containers', type: 'text', priority: 0, width: 90 },
    { id: 'restarts', title: 'Restarts', type: 'number', unit: 'count', priority: 0, width: 104 },
    { id: 'lastrestart', title: 'Last restart', type: 'time', priority: 0 },
    { id: 'lastreason', title: 'Last reason', type: 'text', priority: 0, width: 120 },
    { id: 'cpu', title: 'CPU', type: 'number', unit: 'millicores', priority: 0, width: 80 },
    { id: 'memory', title: 'Memory', type: 'number', unit: 'bytes', priority: 0, width: 90 },
    { id: 'node', title: 'Node', type: 'text', priority: 0, width: 150 },
  ],
  'deployments.apps': [
    { id: 'ready', title: 'Ready', type: 'text', priority: 0, width: 80 },
    { id: 'replicas', title: 'Replicas', type: 'number', unit: 'count', priority: 0, width: 80 },
  ],
};

export function columnsOf(kind: string): FakeColumn[] {
  return [...shared.slice(0, 3), ...(own[kind] ?? []), ...shared.slice(3)];
}

const builtIn: [section: string, group: string, kinds: [resource: string, kind: string, short: string][]][] = [
  [
    'Workloads',
    '',
    [
      ['pods', 'Pod', 'po'],
      ['replicationcontrollers', 'ReplicationController', 'rc'],
    ],
  ],
  [
    'Workloads',
    'apps',
    [
      ['deployments', 'Deployment', 'deploy'],
      ['statefulsets', 'StatefulSet', 'sts'],
      ['daemonsets', 'DaemonSet', 'ds'],
      ['replicasets', 'ReplicaSet', 'rs'],
    ],
  ],
  [
    'Workloads',
    'batch',
    [
      ['jobs', 'Job', ''],
      ['cronjobs', 'CronJob', 'cj'],
    ],
  ],
  [
    'Network',
    '',
    [
      ['services', 'Service', 'svc'],
      ['endpoints', 'Endpoints', 'ep'],
    ],
  ],
  [
    'Network',
    'networking.k8s.io',
    [
      ['ingresses', 'Ingress', 'ing'],
      ['networkpolicies', 'NetworkPolicy', 'netpol'],
    ],
  ],
  [
    'Config',
    '',
    [
      ['configmaps', 'ConfigMap', 'cm'],
      ['secrets', 'Secret', ''],
      ['resourcequotas', 'ResourceQuota', 'quota'],
    ],
  ],
  ['Config', 'autoscaling', [['horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'hpa']]],
  [
    'Storage',
    '',
    [
      ['persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc'],
      ['persistentvolumes', 'PersistentVolume', 'pv'],
    ],
  ],
  ['Storage', 'storage.k8s.io', [['storageclasses', 'StorageClass', 'sc']]],
  ['Access', '', [['serviceaccounts', 'ServiceAccount', 'sa']]],
  [
    'Access',
    'rbac.authorization.k8s.io',
    [
      ['roles', 'Role', ''],
      ['rolebindings', 'RoleBinding', ''],
      ['clusterroles', 'ClusterRole', ''],
    ],
  ],
  [
    'Cluster',
    '',
    [
      ['nodes', 'Node', 'no'],
      ['namespaces', 'Namespace', 'ns'],
      ['events', 'Event', 'ev'],
    ],
  ],
  ['Policy', 'policy', [['poddisruptionbudgets', 'PodDisruptionBudget', 'pdb']]],
];

const custom: [group: string, resource: string, kind: string][] = [
  ['argoproj.io', 'applications', 'Application'],
  ['argoproj.io', 'rollouts', 'Rollout'],
  ['cert-manager.io', 'certificates', 'Certificate'],
  ['cert-manager.io', 'issuers', 'Issuer'],
  ['monitoring.coreos.com', 'servicemonitors', 'ServiceMonitor'],
  ['monitoring.coreos.com', 'prometheusrules', 'PrometheusRule'],
];

const unscoped = ['nodes', 'namespaces', 'persistentvolumes', 'storageclasses', 'clusterroles'];
const open = ['c1', 'c2', 'c3', 'c4', 'c5'];

function kindRow(section: string, group: string, resource: string, kind: string, short: string): KindRow {
  const id = group === '' ? resource : `${resource}.${group}`;
  const hidden = id === 'nodes' || id === 'secrets';
  return {
    key: id,
    id,
    group,
    version: 'v1',
    resource,
    kind,
    namespaced: !unscoped.includes(resource),
    verbs: ['get', 'list', 'watch'],
    shortNames: short === '' ? [] : [short],
    categories: [],
    custom: section === 'Custom resources',
    section,
    clusters: group === 'argoproj.io' ? ['c1', 'c3'] : open,
    forbidden:
      id === 'clusterroles.rbac.authorization.k8s.io'
        ? open.map((cluster) => ({
            cluster,
            reason: 'clusterroles is forbidden: User "ana" cannot list resource "clusterroles"',
          }))
        : hidden
          ? [{ cluster: 'c5', reason: `${id} is forbidden: User "ana" cannot list resource "${id}"` }]
          : [],
    count: id === 'pods' ? 1855 : id === 'deployments.apps' ? 214 : null,
    failing: id === 'pods' ? 17 : id === 'deployments.apps' ? 3 : id === 'nodes' ? 1 : null,
  };
}

export const fakeKinds: KindRow[] = [
  ...builtIn.flatMap(([section, group, kinds]) =>
    kinds.map(([resource, kind, short]) => kindRow(section, group, resource, kind, short)),
  ),
  ...custom.map(([group, resource, kind]) => kindRow('Custom resources', group, resource, kind, '')),
];

export const fakeNamespaces = [
  'checkout',
  'payments',
  'search',
  'catalog',
  'kube-system',
  'monitoring',
  'argocd',
  'batch',
];

const statuses: [status: string, tone: Tone, reason: string, weight: number][] = [
  ['Running', 'healthy', '', 80],
  ['Completed', 'stopped', '', 8],
  ['CrashLoopBackOff', 'failed', 'back-off 5m0s restarting failed container=api', 2],
  ['ImagePullBackOff', 'failed', 'Back-off pulling image "registry.example.org/shop/cart:2.41.0"', 1],
  ['ContainerCreating', 'progressing', '', 3],
  ['Pending', 'warning', '0/24 nodes are available: 24 Insufficient memory.', 2],
  ['OOMKilled', 'warning', 'Container used more than its limit of 512 Mi', 1],
  ['Terminating', 'progressing', '', 2],
];

const apps = [
  'cart-api',
  'checkout-web',
  'ledger',
  'search-indexer',
  'catalog-sync',
  'gateway',
  'session-store',
  'image-resizer',
  'report-builder',
];

/** A small generator with a seed: the same data at every start. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function pick<T>(from: readonly T[], share: number): T {
  const value = from[Math.min(from.length - 1, Math.floor(share * from.length))];
  if (value === undefined) throw new RangeError('Nothing to pick from');
  return value;
}

export interface FakeObject extends Row {
  kind: string;
  status: string;
  values: Record<string, string | number | null>;
}

/** Picks by weight. */
function roll(from: typeof statuses, share: number): (typeof statuses)[number] {
  let left = share * from.reduce((sum, [, , , weight]) => sum + weight, 0);
  const found = from.find(([, , , weight]) => {
    left -= weight;
    return left < 0;
  });
  return found ?? pick(from, 0);
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Objects of one kind over the open clusters. Instants are milliseconds. */
export function fakeObjects(kind: string, now: number): FakeObject[] {
  const next = random(kind.length * 7919 + 17);
  const word = (length: number) => Array.from({ length }, () => pick([...letters], next())).join('');
  const count = kind === 'pods' ? 1855 : kind === 'deployments.apps' ? 214 : 24;
  const known = fakeKinds.find((row) => row.id === kind);
  return Array.from({ length: count }, (_, index) => {
    const app = pick(apps, next());
    const [status, tone, reason] = roll(statuses, next());
    const name = kind === 'pods' ? `${app}-${word(9)}-${word(5)}` : `${app}-${index}`;
    const cluster = pick(known?.clusters ?? open, next());
    const namespace = known?.namespaced === false ? '' : pick(fakeNamespaces, next());
    const uid = `${kind}-${index}`;
    const values = {
      name,
      namespace,
      status: kind === 'pods' ? status : tone === 'failed' ? 'Degraded' : 'Available',
      reason,
      created: now - Math.floor(next() ** 3 * 90 * 86_400_000) - 4000,
      ready: tone === 'healthy' ? '2/2' : '1/2',
      restarts: tone === 'failed' ? 14 + Math.floor(next() * 80) : Math.floor(next() ** 6 * 12),
      containers: `ie migrate\ncr proxy\nc${{ healthy: 'r', failed: 'f', progressing: 'p', warning: 'n', stopped: 'e', unknown: '?' }[tone]} api`,
      lastrestart: now - Math.floor(next() * 50_000_000) - 60_000,
      lastreason: 'OOMKilled',
      labels: `app=${app}\nteam=checkout`,
      owner: `ReplicaSet/${name.slice(0, -6)}`,
      cpu: Math.floor(next() * 900),
      memory: Math.floor(next() * 900 * 2 ** 20),
      node: `ip-10-4-${Math.floor(next() * 99)}-${Math.floor(next() * 250)}`,
      replicas: 1 + Math.floor(next() * 12),
    };
    return {
      key: `${cluster}/${uid}`,
      cluster,
      namespace,
      name,
      uid,
      tone,
      cells: [],
      kind,
      status: values.status,
      values,
    };
  });
}
