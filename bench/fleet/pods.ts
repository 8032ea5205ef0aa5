/** Pods as production clusters hold them: about 10 KB of JSON, of which about 45 % managedFields (the server's own). */

const teams = ['payments', 'search', 'catalog', 'identity', 'orders', 'media', 'data', 'platform', 'growth', 'ops'];

export const namespaceCount = 20;

export function namespaceName(index: number): string {
  return `${teams[index % teams.length]}-${index < teams.length ? 'prod' : 'staging'}`;
}

/** Pods whose numbers differ by it have everything but their identity in common, and that in as many bytes: 80 apps of 12. */
export const podPeriod = 960;

/** What tells a pod from the others, each of a length that does not depend on the index. */
export function podIdentity(index: number) {
  const app = Math.floor(index / 12);
  const service = `${teams[app % teams.length]}-service-${String(app).padStart(4, '0')}`;
  const hash = (0x5bd1e995 ^ Math.imul(app + 1, 0x27d4eb2d)).toString(16).replace('-', '').padStart(9, '0').slice(0, 9);
  const suffix = (index * 7919 + 104729).toString(36).slice(-5).padStart(5, 'x');
  const instance = `--instance=${String(index).padStart(6, '0')}`;
  return {
    app,
    service,
    hash,
    instance,
    name: `${service}-${hash}-${suffix}`,
    namespace: namespaceName(app % namespaceCount),
  };
}

/** One pod of a deployment, bound to a node that is simulated. */
export function podManifest(index: number, nodes: number) {
  const { app, service: name, hash, instance, name: podName, namespace } = podIdentity(index);
  const labels = {
    app: name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': `${name}-prod`,
    'app.kubernetes.io/version': `2.${app % 40}.${app % 7}`,
    'app.kubernetes.io/part-of': teams[app % teams.length] as string,
    'app.kubernetes.io/managed-by': 'Helm',
    'pod-template-hash': hash,
  };
  const annotations = {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '9090',
    'checksum/config': `${hash}${hash}${hash}${hash}${hash}${hash}${hash}`.slice(0, 64),
    'kubectl.kubernetes.io/restartedAt': '2026-10-01T12:00:00Z',
    'sidecar.mesh.example.com/status': `{"initContainers":["mesh-init"],"containers":["mesh-proxy"],"volumes":["mesh-envoy","mesh-data"],"revision":"${hash}"}`,
  };
  const container = (part: string, image: string, variables: number) => ({
    name: part,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['--config=/etc/config/app.yaml', '--log-format=json', instance],
    ports: [
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ],
    env: Array.from({ length: variables }, (_, at) => ({
      name: `${part.toUpperCase().replace('-', '_')}_SETTING_${at}`,
      value: `value-${at}-of-${name}`,
    })),
    resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    livenessProbe: {
      httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 10,
      timeoutSeconds: 1,
    },
    readinessProbe: { httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' }, periodSeconds: 5, timeoutSeconds: 1 },
    volumeMounts: [
      { name: 'config', mountPath: '/etc/config', readOnly: true },
      { name: 'cache', mountPath: '/var/cache/app' },
      { name: 'tls', mountPath: '/etc/tls', readOnly: true },
    ],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const spec = {
    nodeName: `node-${index % nodes}`,
    serviceAccountName: 'default',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 30,
    priority: 0,
    containers: [
      container('app', `registry.example.com/${teams[app % teams.length]}/${name}:2.${app % 40}.${app % 7}`, 8),
      container('mesh-proxy', 'registry.example.com/mesh/proxy:1.29.1', 3),
    ],
    volumes: [
      { name: 'config', configMap: { name: `${name}-config` } },
      { name: 'cache', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'tls', secret: { secretName: `${name}-tls` } },
    ],
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
  };
  const metadata = {
    name: podName,
    namespace,
    labels,
    annotations,
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}
