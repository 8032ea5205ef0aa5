import type { RowBatch } from '../../src/core/kube/columns/batch.ts';
import { type SampleRow, sampleBatches } from '../../src/core/kube/columns/rowBatches.ts';
import type { KindSchema } from '../../src/core/kube/columns/schema.ts';

/** A pod as a tool that keeps objects would hold what its list shows. */
export interface PlainPod {
  cluster: string;
  name: string;
  namespace: string;
  status: string;
  tone: string;
  created: number;
  labels: Record<string, string>;
  owner: string;
  node: string;
  restarts: number;
  cpu: number;
  memory: number;
}

const teams = ['shop', 'payments', 'search', 'data', 'platform', 'media', 'ads', 'infra', 'ml', 'web'];
const apps = ['api', 'frontend', 'worker', 'scheduler', 'cache', 'gateway', 'ingest', 'indexer', 'billing', 'auth'];
const consonants = 'bcdfghjklmnpqrstvwxz2456789';
const statuses: [status: string, tone: SampleRow['tone'], share: number][] = [
  ['Running', 'healthy', 0.93],
  ['Completed', 'stopped', 0.97],
  ['Pending', 'progressing', 0.98],
  ['CrashLoopBackOff', 'failed', 0.99],
  ['ImagePullBackOff', 'failed', 0.995],
  ['OOMKilled', 'failed', 1],
];

/** Numbers in [0, 1) that are the same in every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Pods of a fleet of 20 clusters: deployments of 1 to 12 replicas with pod-template hashes, 200 nodes a cluster, names,
 * labels and owners of their real lengths. The same for the same count.
 */
export function syntheticPods(schema: KindSchema, count: number): { batches: RowBatch[]; plain: PlainPod[] } {
  const random = seeded(7);
  const word = (length: number) => Array.from({ length }, () => consonants[Math.floor(random() * 27)]).join('');
  const uid = () => {
    const hex = () =>
      Math.floor(random() * 65_536)
        .toString(16)
        .padStart(4, '0');
    return `${hex()}${hex()}-${hex()}-4${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`;
  };
  const plain: PlainPod[] = [];
  const byCluster: SampleRow[][] = Array.from({ length: 20 }, () => []);
  const now = 1_767_225_600;
  while (plain.length < count) {
    const cluster = Math.floor(random() * 20);
    const team = teams[Math.floor(random() * teams.length)] as string;
    const namespace = `${team}-${['prod', 'staging', 'dev'][Math.floor(random() * 3)]}`;
    const app = `${team}-${apps[Math.floor(random() * apps.length)]}-${Math.floor(random() * 20)}`;
    const hash = word(10);
    const ownerUid = uid();
    const replicas = 1 + Math.floor(random() * 12);
    for (let replica = 0; replica < replicas && plain.length < count; replica++) {
      const fate = random();
      const [status, tone] = statuses.find(([, , share]) => fate < share) ?? ['Running', 'healthy'];
      const name = `${app}-${hash}-${word(5)}`;
      const labels = {
        app,
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/part-of': team,
        'pod-template-hash': hash,
        version: `v1.${Math.floor(random() * 3)}.0`,
      };
      const created = now - Math.floor(random() ** 3 * 90 * 86_400);
      const restarts = tone === 'failed' ? Math.floor(random() * 200) : Math.floor(random() ** 8 * 5);
      const cpu = [50, 100, 250, 500, 1000, 2000][Math.floor(random() * 6)] as number;
      const memory = ([64, 128, 256, 512, 1024, 4096][Math.floor(random() * 6)] as number) * 1024 ** 2;
      const node = `ip-10-${cluster}-${Math.floor(random() * 200)}-17.eu-central-1.compute.internal`;
      const owner = `ReplicaSet/${app}-${hash}`;
      const shared = { name, namespace, status, created, labels, owner };
      plain.push({ ...shared, cluster: `cluster-${cluster}`, tone: tone ?? 'healthy', node, restarts, cpu, memory });
      byCluster[cluster]?.push({
        ...shared,
        uid: uid(),
        version: String(1_000_000 + plain.length * 7),
        ...(tone !== undefined && { tone }),
        ownerUid,
        cells: {
          ready: tone === 'healthy' ? '2/2' : '1/2',
          containers: `main ${app}\nsidecar istio-proxy`,
          restarts,
          lastrestart: restarts > 0 ? created + 4000 : 0,
          lastreason: tone === 'failed' ? 'Error' : '',
          node,
          ip: `10.${cluster}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`,
          cpurequest: cpu,
          memoryrequest: memory,
          cpulimit: cpu * 2,
          memorylimit: memory * 2,
          qos: 'Burstable',
          serviceaccount: app,
          priority: 0,
          images: `registry.example.com/${team}/${app}:1.${Math.floor(random() * 3)}.0, istio/proxyv2:1.29`,
          started: created + 2,
          phase: 'Running',
          readycontainers: 2,
          containercount: 2,
          hostnetwork: 0,
          refs: `ConfigMap/${app}\nSecret/${app}-credentials`,
        },
      });
    }
  }
  // As watchers deliver them: a few thousand rows at a time, one dictionary for all clusters.
  const make = sampleBatches(schema);
  const batches: RowBatch[] = [];
  for (const [cluster, rows] of byCluster.entries()) {
    for (let at = 0; at < rows.length; at += 2000) batches.push(make(cluster, rows.slice(at, at + 2000)));
  }
  return { batches, plain };
}
