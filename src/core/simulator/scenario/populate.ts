import { defaulted } from '../api/write/defaults.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { instant, type KubeObject, type NewObject } from '../objects.ts';
import { type App, apps } from './catalog.ts';
import type { ClusterPlan, NodePool } from './clusters.ts';
import { populateCustom } from './custom.ts';
import { companions, workload } from './manifests.ts';

/** An app as it runs in one namespace of one cluster. */
export interface Deployed {
  app: App;
  namespace: string;
  replicas: number;
}

/** Creates an object with the defaults that the API server would give it. */
export function make(cluster: SimulatedCluster, type: string, object: NewObject): KubeObject {
  const status = object.status;
  const completed = defaulted(cluster, cluster.types.byId(type), object);
  return cluster.create(type, status === undefined ? completed : { ...completed, status });
}

/** The cluster on its first day: nodes, namespaces, classes, and every app in its oldest version. */
export function populate(cluster: SimulatedCluster, plan: ClusterPlan): Deployed[] {
  for (const pool of plan.pools)
    for (let index = 0; index < pool.count; index++) createNode(cluster, plan, pool, index);
  const deployed = planApps(plan);
  const namespaces = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
  for (const { namespace } of deployed) namespaces.add(namespace);
  for (const name of namespaces) {
    const team = deployed.find((candidate) => candidate.namespace === name)?.app.team;
    const labels = team === undefined ? {} : { team };
    make(cluster, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    make(cluster, 'serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: name },
    });
    make(cluster, 'configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: name },
      data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\n' },
    });
  }
  createClasses(cluster);
  for (const { app, namespace, replicas } of deployed) {
    for (const companion of companions(app, namespace, plan.size)) make(cluster, companion.type, companion.object);
    // The one add-on that is released with Kubernetes itself: a newer one than the API server is not supported.
    const version = app.name === 'kube-proxy' ? `v${plan.version}` : (app.versions[0] ?? 'latest');
    make(cluster, typeOf(app), workload(app, version, namespace, replicas));
  }
  populateCustom(cluster, deployed);
  return deployed;
}

export function typeOf(app: App): string {
  const types = {
    Deployment: 'deployments.apps',
    StatefulSet: 'statefulsets.apps',
    DaemonSet: 'daemonsets.apps',
    CronJob: 'cronjobs.batch',
  };
  return types[app.kind];
}

function planApps(plan: ClusterPlan): Deployed[] {
  const runs = apps.filter(
    (app) => (app.only?.includes(plan.name) ?? true) && (plan.runs?.includes(app.namespace) ?? true),
  );
  const deployed: Deployed[] = runs.map((app) => ({ app, namespace: app.namespace, replicas: replicasOf(app, plan) }));
  const shop = runs.filter(
    (app) => app.kind === 'Deployment' && app.image.startsWith('registry.acorn') && app.replicas >= 8,
  );
  for (let preview = 1; preview <= plan.previews; preview++) {
    for (const { autoscale: _autoscale, minAvailable: _budget, host: _host, ...app } of shop) {
      deployed.push({ app, namespace: `preview-${preview}`, replicas: 1 });
    }
  }
  return deployed;
}

function replicasOf(app: App, plan: ClusterPlan): number {
  if (app.kind === 'StatefulSet') return plan.size < 0.3 ? 1 : app.replicas;
  if (app.replicas <= 1 || app.only?.length === 1) return app.replicas;
  return Math.max(1, Math.round(app.replicas * plan.size));
}

function createNode(cluster: SimulatedCluster, plan: ClusterPlan, pool: NodePool, index: number): void {
  const now = instant(cluster.timeline.now());
  const number = cluster.store.size('nodes') + 1;
  const name = `${plan.name}-${pool.name}-${cluster.random.suffix(4)}`;
  const zone = plan.zones[index % plan.zones.length] ?? plan.region;
  const leader = pool.name === 'control-plane';
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const size = (memoryGi: number, cpu: number) => ({
    cpu: String(cpu),
    memory: `${Math.round(memoryGi * 1024 * 1024)}Ki`,
    pods: '110',
    'ephemeral-storage': '104845292Ki',
  });
  make(cluster, 'nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': pool.architecture,
        'node.kubernetes.io/instance-type': pool.machine,
        'topology.kubernetes.io/region': plan.region,
        'topology.kubernetes.io/zone': zone,
        pool: pool.name,
        ...(leader ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
      },
    },
    spec: {
      podCIDR: `10.244.${number}.0/24`,
      providerID: `sim:///${zone}/${name}`,
      ...(leader ? { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } : {}),
    },
    status: {
      capacity: size(pool.memoryGi, pool.cpu),
      allocatable: size(pool.memoryGi - 1.5, pool.cpu - 0.1),
      addresses: [
        { type: 'InternalIP', address: `10.0.${plan.name.length}.${10 + number}` },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        architecture: pool.architecture,
        containerRuntimeVersion: 'containerd://2.2.0',
        kernelVersion: '6.12.58',
        kubeletVersion: `v${plan.version}`,
        operatingSystem: 'linux',
        osImage: 'Flatcar Container Linux 4459.2',
        machineID: cluster.random.uid().replaceAll('-', ''),
        systemUUID: cluster.random.uid(),
        bootID: cluster.random.uid(),
        kubeProxyVersion: '',
      },
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    },
  });
}

function createClasses(cluster: SimulatedCluster): void {
  make(cluster, 'storageclasses.storage.k8s.io', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'block.csi.acorn.example',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  });
  make(cluster, 'ingressclasses.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'nginx' },
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
  make(cluster, 'priorityclasses.scheduling.k8s.io', {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'system-cluster-critical' },
    value: 2000000000,
    globalDefault: false,
    preemptionPolicy: 'PreemptLowerPriority',
  });
}
