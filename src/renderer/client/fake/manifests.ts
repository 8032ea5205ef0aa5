import { type FakeObject, fakeKinds } from './objects.ts';

/** Whole objects, as an API server would have them, from what the fake's lists know. */
export function manifestOf(object: FakeObject, managedFields: boolean): { json: unknown; redacted: string[] } {
  const kind = fakeKinds.find((row) => row.id === object.kind);
  const created = new Date(Number(object.values.created)).toISOString();
  const app = object.name
    .split('-')
    .slice(0, object.kind === 'pods' ? -2 : -1)
    .join('-');
  const json = {
    apiVersion: kind === undefined || kind.group === '' ? 'v1' : `${kind.group}/${kind.version}`,
    kind: kind?.kind ?? 'Object',
    metadata: {
      name: object.name,
      ...(object.namespace !== '' && { namespace: object.namespace }),
      uid: '3f0a6c1e-5b1d-4f5e-9a51-0f3f2a1c7d10',
      resourceVersion: '8841207',
      creationTimestamp: created,
      labels: {
        app,
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/part-of': 'shop',
        'app.kubernetes.io/managed-by': 'Helm',
        'pod-template-hash': '7d9c5b8f4',
        team: 'checkout',
      },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'kubectl.kubernetes.io/restartedAt': '2026-11-20T09:12:44Z',
      },
      ...(object.kind === 'pods' && {
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: object.name.slice(0, -6), uid: 'b1', controller: true },
        ],
      }),
      ...(managedFields && {
        managedFields: [
          { manager: 'helm', operation: 'Apply', apiVersion: 'v1', time: created, fieldsType: 'FieldsV1' },
        ],
      }),
    },
    ...bodyOf(object, created),
  };
  return { json, redacted: [] };
}

function bodyOf(object: FakeObject, created: string): Record<string, unknown> {
  switch (object.kind) {
    case 'pods':
      return podBody(object, created);
    case 'deployments.apps':
      return {
        spec: {
          replicas: 4,
          selector: { matchLabels: { app: 'cart-api' } },
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
          template: { spec: { containers } },
        },
        status: {
          replicas: 4,
          readyReplicas: object.tone === 'healthy' ? 4 : 3,
          updatedReplicas: 4,
          availableReplicas: object.tone === 'healthy' ? 4 : 3,
          conditions: [
            condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', created),
            condition(
              'Progressing',
              'True',
              'NewReplicaSetAvailable',
              'ReplicaSet has successfully progressed.',
              created,
            ),
          ],
        },
      };
    case 'nodes':
      return {
        spec: { taints: [{ key: 'dedicated', value: 'search', effect: 'NoSchedule' }] },
        status: {
          capacity: { cpu: '16', memory: '65536Mi', 'ephemeral-storage': '200Gi', pods: '110' },
          allocatable: { cpu: '15890m', memory: '60912Mi', 'ephemeral-storage': '180Gi', pods: '110' },
          nodeInfo: {
            kubeletVersion: 'v1.35.4',
            osImage: 'Bottlerocket OS 1.28.0',
            architecture: 'amd64',
            kernelVersion: '6.12.11',
            containerRuntimeVersion: 'containerd://2.1.4',
          },
          addresses: [{ type: 'InternalIP', address: '10.4.71.9' }],
          conditions: [
            condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', created),
            condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', '', created),
            condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure', created),
          ],
        },
      };
    case 'services':
      return {
        spec: {
          type: 'LoadBalancer',
          clusterIPs: ['10.96.14.201'],
          selector: { app: 'cart-api' },
          ports: [
            { name: 'http', port: 80, targetPort: 8080, nodePort: 31_204, protocol: 'TCP' },
            { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
          ],
        },
        status: { loadBalancer: { ingress: [{ hostname: 'a1b2.elb.eu-central-1.amazonaws.com' }] } },
      };
    case 'configmaps':
      return { data: { 'application.yaml': 'server:\n  port: 8080\n', LOG_LEVEL: 'info' } };
    default:
      return { spec: {}, status: {} };
  }
}

const containers = [
  {
    name: 'api',
    image: 'registry.example.org/shop/api:2.41.0@sha256:9f2c4a17c2be0d51a1f8f0e6ad7e7cb0',
    args: ['--listen=:8080', '--verbose'],
    ports: [
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'api-credentials', key: 'password' } } },
    ],
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/api', readOnly: true }],
  },
  {
    name: 'proxy',
    image: 'registry.example.org/mesh/proxy:1.27.1',
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
  },
];

function podBody(object: FakeObject, created: string): Record<string, unknown> {
  const failed = object.tone === 'failed';
  const ended = { exitCode: 137, reason: 'OOMKilled', finishedAt: created };
  return {
    spec: {
      nodeName: object.values.node,
      serviceAccountName: 'api',
      restartPolicy: 'Always',
      containers,
      initContainers: [{ name: 'migrate', image: 'registry.example.org/shop/api:2.41.0', args: ['migrate'] }],
      volumes: [{ name: 'config', configMap: { name: 'api-config' } }],
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
    },
    status: {
      phase: 'Running',
      qosClass: 'Burstable',
      podIPs: [{ ip: '10.4.12.77' }],
      conditions: [
        condition('PodScheduled', 'True', '', '', created),
        condition('Initialized', 'True', '', '', created),
        condition(
          'ContainersReady',
          failed ? 'False' : 'True',
          failed ? 'ContainersNotReady' : '',
          failed ? 'containers with unready status: [api]' : '',
          created,
        ),
        condition('Ready', failed ? 'False' : 'True', failed ? 'ContainersNotReady' : '', '', created),
      ],
      initContainerStatuses: [
        {
          name: 'migrate',
          restartCount: 0,
          ready: true,
          state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: created } },
        },
      ],
      containerStatuses: [
        {
          name: 'api',
          ready: !failed,
          restartCount: object.values.restarts,
          state: failed
            ? { waiting: { reason: object.status, message: String(object.values.reason) } }
            : { running: { startedAt: created } },
          ...(failed && { lastState: { terminated: ended } }),
        },
        { name: 'proxy', ready: true, restartCount: 0, state: { running: { startedAt: created } } },
      ],
    },
  };
}

function condition(type: string, status: string, reason: string, message: string, at: string) {
  return { type, status, reason, message, lastTransitionTime: at };
}
