import type { SimulatedCluster } from '../cluster.ts';
import { type Fields, instant, type NewObject } from '../objects.ts';
import type { Deployed } from './populate.ts';

interface Definition {
  group: string;
  version: string;
  kind: string;
  plural: string;
  shortNames?: readonly string[];
  namespaced: boolean;
  columns: readonly { name: string; type: string; jsonPath: string; priority?: number }[];
}

const ready = (jsonPath: string) => ({ name: 'Ready', type: 'string', jsonPath });

/** The kinds that the fleet's platform tools bring along, with the printer columns of the real ones. */
const definitions: readonly Definition[] = [
  {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    namespaced: true,
    columns: [
      { name: 'Sync Status', type: 'string', jsonPath: '.status.sync.status' },
      { name: 'Health Status', type: 'string', jsonPath: '.status.health.status' },
      { name: 'Revision', type: 'string', jsonPath: '.status.sync.revision', priority: 10 },
      { name: 'Project', type: 'string', jsonPath: '.spec.project', priority: 10 },
    ],
  },
  {
    group: 'cert-manager.io',
    version: 'v1',
    kind: 'Certificate',
    plural: 'certificates',
    shortNames: ['cert', 'certs'],
    namespaced: true,
    columns: [
      ready('.status.conditions[?(@.type == "Ready")].status'),
      { name: 'Secret', type: 'string', jsonPath: '.spec.secretName' },
      { name: 'Issuer', type: 'string', jsonPath: '.spec.issuerRef.name', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
  },
  {
    group: 'cert-manager.io',
    version: 'v1',
    kind: 'ClusterIssuer',
    plural: 'clusterissuers',
    shortNames: ['ciss'],
    namespaced: false,
    columns: [
      ready('.status.conditions[?(@.type == "Ready")].status'),
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
  },
  {
    group: 'monitoring.coreos.com',
    version: 'v1',
    kind: 'ServiceMonitor',
    plural: 'servicemonitors',
    shortNames: ['smon'],
    namespaced: true,
    columns: [],
  },
];

/** Installs the definitions, and what the fleet's teams have made of them. */
export function populateCustom(cluster: SimulatedCluster, deployed: readonly Deployed[]): void {
  for (const definition of definitions) {
    cluster.types.addDefinition(
      cluster.create('customresourcedefinitions.apiextensions.k8s.io', manifest(cluster, definition)),
    );
  }
  const now = instant(cluster.timeline.now());
  const add = (
    type: string,
    apiVersion: string,
    kind: string,
    metadata: NewObject['metadata'],
    spec: Fields,
    status?: Fields,
  ) => cluster.create(type, { apiVersion, kind, metadata, spec, ...(status === undefined ? {} : { status }) });
  const isReady = {
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Ready',
        message: 'Certificate is up to date and has not expired',
        lastTransitionTime: now,
      },
    ],
  };
  add(
    'clusterissuers.cert-manager.io',
    'cert-manager.io/v1',
    'ClusterIssuer',
    { name: 'letsencrypt' },
    { acme: { server: 'https://acme.example/directory', email: 'platform@acorn.example' } },
    isReady,
  );
  const hasArgo = deployed.some(({ app }) => app.name === 'argocd-server');
  for (const { app, namespace } of deployed) {
    if (namespace !== app.namespace) continue;
    const labels = { team: app.team };
    if (app.port !== undefined && app.kind !== 'CronJob') {
      add(
        'servicemonitors.monitoring.coreos.com',
        'monitoring.coreos.com/v1',
        'ServiceMonitor',
        { name: app.name, namespace, labels },
        {
          selector: { matchLabels: { 'app.kubernetes.io/name': app.name } },
          endpoints: [{ port: 'main', interval: '30s' }],
        },
      );
    }
    if (app.host !== undefined) {
      add(
        'certificates.cert-manager.io',
        'cert-manager.io/v1',
        'Certificate',
        { name: `${app.name}-tls`, namespace, labels },
        {
          secretName: `${app.name}-tls`,
          dnsNames: [app.host],
          issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' },
        },
        isReady,
      );
    }
    if (!hasArgo) continue;
    const revision = cluster.random.uid().replaceAll('-', '');
    const source = {
      repoURL: 'https://git.acorn.example/platform/deployments.git',
      path: `apps/${app.name}`,
      targetRevision: 'main',
    };
    const destination = { server: 'https://kubernetes.default.svc', namespace };
    const drifted = cluster.random.chance(0.08);
    add(
      'applications.argoproj.io',
      'argoproj.io/v1alpha1',
      'Application',
      { name: app.name, namespace: 'argocd', labels, finalizers: ['resources-finalizer.argocd.argoproj.io'] },
      { project: app.team, source, destination, syncPolicy: { automated: { prune: true, selfHeal: !drifted } } },
      {
        sync: { status: drifted ? 'OutOfSync' : 'Synced', revision },
        health: { status: 'Healthy' },
        reconciledAt: now,
      },
    );
  }
}

function manifest(cluster: SimulatedCluster, definition: Definition): NewObject {
  const { group, version, kind, plural, namespaced, columns } = definition;
  const singular = kind.toLowerCase();
  const names = {
    plural,
    singular,
    kind,
    listKind: `${kind}List`,
    ...(definition.shortNames === undefined ? {} : { shortNames: definition.shortNames }),
  };
  const condition = (type: string, reason: string) => ({
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: instant(cluster.timeline.now()),
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      conversion: { strategy: 'None' },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          ...(columns.length === 0 ? {} : { additionalPrinterColumns: columns }),
          subresources: { status: {} },
        },
      ],
    },
    status: {
      acceptedNames: names,
      storedVersions: [version],
      conditions: [condition('NamesAccepted', 'NoConflicts'), condition('Established', 'InitialNamesAccepted')],
    },
  };
}
