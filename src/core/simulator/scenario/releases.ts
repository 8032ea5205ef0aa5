import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { type Fields, type KubeObject, recordAt } from '../objects.ts';
import type { ClusterPlan } from './clusters.ts';
import { companions, workload } from './manifests.ts';
import type { Deployed } from './populate.ts';
import type { Stage } from './stage.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Helm itself keeps ten. */
const revisionsKept = 10;

/** A chart that the fleet's platform was installed from, with the apps that are its objects. */
interface ChartPlan {
  release: string;
  namespace: string;
  chart: string;
  description: string;
  home: string;
  apps: readonly string[];
  /** Of the chart, by its first app's version. */
  version(appVersion: string, at: number): string;
  values(plan: ClusterPlan): Fields;
  defaults: Fields;
  notes: string;
}

const charts: readonly ChartPlan[] = [
  {
    release: 'ingress-nginx',
    namespace: 'ingress-nginx',
    chart: 'ingress-nginx',
    description: 'Ingress controller for Kubernetes using NGINX as a reverse proxy and load balancer',
    home: 'https://github.com/kubernetes/ingress-nginx',
    apps: ['ingress-nginx-controller'],
    version: (appVersion) => appVersion.replace(/^v1/, '4'),
    values: (plan) => ({
      controller: { replicaCount: Math.max(1, Math.round(4 * plan.size)), metrics: { enabled: true } },
    }),
    defaults: {
      controller: { replicaCount: 1, metrics: { enabled: false, port: 10254 }, service: { type: 'LoadBalancer' } },
      defaultBackend: { enabled: false },
    },
    notes:
      'The ingress-nginx controller has been installed.\nIt may take a few minutes for the load balancer IP to be available.',
  },
  {
    release: 'cert-manager',
    namespace: 'cert-manager',
    chart: 'cert-manager',
    description: 'A Helm chart for cert-manager',
    home: 'https://cert-manager.io',
    apps: ['cert-manager', 'cert-manager-webhook'],
    version: (appVersion) => appVersion,
    values: () => ({ crds: { enabled: true }, prometheus: { enabled: true } }),
    defaults: {
      crds: { enabled: false, keep: true },
      replicaCount: 1,
      webhook: { replicaCount: 1, timeoutSeconds: 30 },
    },
    notes:
      'cert-manager has been deployed successfully!\n\nTo begin issuing certificates, you will need to set up a ClusterIssuer.',
  },
  {
    release: 'kube-prometheus-stack',
    namespace: 'monitoring',
    chart: 'kube-prometheus-stack',
    description: 'Prometheus, Alertmanager and Grafana with rules and dashboards for a cluster',
    home: 'https://github.com/prometheus-operator/kube-prometheus',
    apps: ['grafana', 'alertmanager', 'kube-state-metrics'],
    version: (_, at) => ['79.5.0', '79.8.2', '80.1.0'][at % 3] ?? '80.1.0',
    values: (plan) => ({
      grafana: {
        adminPassword: 'acorn-demo-only',
        ingress: { enabled: true, hosts: [`grafana.${plan.name}.acorn.example`] },
      },
      prometheus: { prometheusSpec: { retention: plan.size > 1 ? '30d' : '7d', replicas: 2 } },
    }),
    defaults: {
      grafana: { enabled: true, adminPassword: 'prom-operator', ingress: { enabled: false, hosts: [] } },
      prometheus: { enabled: true, prometheusSpec: { retention: '10d', replicas: 1 } },
      alertmanager: { enabled: true },
    },
    notes:
      'kube-prometheus-stack has been installed. Check its status by running:\n  kubectl --namespace monitoring get pods',
  },
  {
    release: 'fluent-bit',
    namespace: 'logging',
    chart: 'fluent-bit',
    description: 'Fast and lightweight log processor and forwarder for Linux, OSX and BSD family operating systems.',
    home: 'https://fluentbit.io',
    apps: ['fluent-bit'],
    version: (_, at) => `0.54.${at}`,
    values: () => ({ tolerations: [{ operator: 'Exists' }], logLevel: 'info' }),
    defaults: { kind: 'DaemonSet', logLevel: 'info', tolerations: [], metricsPort: 2020 },
    notes:
      'Get Fluent Bit build information by running these commands:\n  kubectl --namespace logging port-forward ds/fluent-bit 2020:2020',
  },
];

/** One release in its newest revision. */
interface Kept {
  chart: ChartPlan;
  apps: readonly Deployed[];
  revision: number;
  firstMs: number;
  versions: string;
}

/**
 * Releases of the platform's charts as helm keeps them: installed on the first day, a revision more each time that the story
 * brings a new version. One upgrade has failed, and somebody has changed by hand what another release had written.
 */
export function keepReleases(stage: Stage, plan: ClusterPlan, nowMs: number): void {
  const { cluster } = stage;
  const { timeline, store } = cluster;
  const uids = cluster.random.fork('helm');
  const kept = charts.flatMap((chart): Kept[] => {
    const apps = chart.apps.flatMap((name) => stage.deployed.filter(({ app }) => app.name === name));
    return apps.length === 0 ? [] : [{ chart, apps, revision: 0, firstMs: timeline.now(), versions: '' }];
  });
  const versionsOf = ({ apps }: Kept) => apps.map((target) => stage.versionOf(target));

  const name = ({ chart }: Kept, revision: number) => `sh.helm.release.v1.${chart.release}.v${revision}`;
  const supersede = (each: Kept) => {
    const old = store.object('secrets', each.chart.namespace, name(each, each.revision));
    if (old === undefined) return;
    const labels = { ...old.metadata.labels, status: 'superseded' };
    store.put('secrets', { ...old, metadata: { ...old.metadata, labels } });
    if (each.revision > revisionsKept)
      store.remove('secrets', `${each.chart.namespace}/${name(each, each.revision - revisionsKept)}`);
  };
  const write = (each: Kept, status: string, description: string, versions: readonly string[]) => {
    const { chart, apps } = each;
    each.revision++;
    const nowSeconds = Math.floor(timeline.now() / 1000);
    const body = bodyOf(each, plan, { status, description, versions, atMs: timeline.now() });
    const encoded = gzipSync(JSON.stringify(body)).toString('base64');
    const labels = {
      createdAt: String(nowSeconds),
      modifiedAt: String(nowSeconds),
      name: chart.release,
      owner: 'helm',
      status,
      version: String(each.revision),
    };
    cluster.create(
      'secrets',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'helm.sh/release.v1',
        metadata: { name: name(each, each.revision), namespace: apps[0]?.namespace, labels },
        data: { release: Buffer.from(encoded).toString('base64') },
      },
      uids.uid(),
    );
  };
  const look = () => {
    for (const each of kept) {
      const versions = versionsOf(each);
      if (versions.join() === each.versions) continue;
      supersede(each);
      write(each, 'deployed', each.revision === 0 ? 'Install complete' : 'Upgrade complete', versions);
      each.versions = versions.join();
    }
  };
  const follow = () => {
    stage.after(30 * minuteMs, follow);
    look();
  };
  stage.after(minuteMs, follow);
  const at = (beforeMs: number, act: () => void) => stage.after(Math.max(0, nowMs - beforeMs - timeline.now()), act);
  if (plan.name === 'staging') {
    at(2 * hourMs + 20 * minuteMs, () => {
      const failing = kept.find(({ chart }) => chart.release === 'fluent-bit');
      if (failing === undefined) return;
      const why =
        'Upgrade "fluent-bit" failed: resource DaemonSet/logging/fluent-bit not ready: context deadline exceeded';
      write(
        failing,
        'failed',
        why,
        versionsOf(failing).map((version) => `${version}-rc1`),
      );
    });
  }
  if (plan.name === 'prod-us-east') {
    at(3 * hourMs, () => {
      const config = store.object('configmaps', 'ingress-nginx', 'ingress-nginx-controller-config');
      if (config === undefined) return;
      store.put('configmaps', { ...config, data: { ...recordAt(config, 'data'), LOG_FORMAT: 'text' } } as KubeObject);
    });
  }
}

function bodyOf(
  { chart, apps, revision, firstMs }: Kept,
  plan: ClusterPlan,
  state: { status: string; description: string; versions: readonly string[]; atMs: number },
): Fields {
  const [first = ''] = state.versions;
  const known = apps[0]?.app.versions.indexOf(first) ?? 0;
  const objects = apps.flatMap(({ app, namespace, replicas }, index) => [
    ...companions(app, namespace, plan.size).map(({ object }) => object),
    workload(app, state.versions[index] ?? 'latest', namespace, replicas),
  ]);
  const manifest = objects.map(
    ({ status: _status, ...object }) =>
      `---\n# Source: ${chart.chart}/templates/${String(object.kind).toLowerCase()}.yaml\n${stringify(object)}`,
  );
  return {
    name: chart.release,
    namespace: chart.namespace,
    version: revision,
    info: {
      first_deployed: new Date(firstMs).toISOString(),
      last_deployed: new Date(state.atMs).toISOString(),
      deleted: '',
      description: state.description,
      status: state.status,
      notes: chart.notes,
    },
    chart: {
      metadata: {
        apiVersion: 'v2',
        name: chart.chart,
        version: chart.version(first, known < 0 ? (apps[0]?.app.versions.length ?? 0) : known),
        appVersion: first,
        description: chart.description,
        home: chart.home,
      },
      templates: [],
      values: chart.defaults,
      schema: '',
      files: [],
    },
    config: chart.values(plan),
    manifest: manifest.join(''),
    hooks: [],
  };
}
