import { sectionOf } from '../../kube/projectors/index.ts';

/** Where the navigation shows kinds that have no columns of their own: the order that all tools of this kind share. */
const sections: Readonly<Record<string, readonly string[]>> = {
  Cluster: [
    'nodes',
    'namespaces',
    'events',
    'events.events.k8s.io',
    'componentstatuses',
    'leases.coordination.k8s.io',
    'runtimeclasses.node.k8s.io',
    'apiservices.apiregistration.k8s.io',
    'customresourcedefinitions.apiextensions.k8s.io',
    'priorityclasses.scheduling.k8s.io',
    'flowschemas.flowcontrol.apiserver.k8s.io',
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
    'nodes.metrics.k8s.io',
    'pods.metrics.k8s.io',
  ],
  Workloads: ['pods', 'replicationcontrollers', 'podtemplates', 'horizontalpodautoscalers.autoscaling'],
  Config: ['configmaps', 'secrets', 'resourcequotas', 'limitranges', 'poddisruptionbudgets.policy'],
  Network: ['services', 'endpoints', 'endpointslices.discovery.k8s.io'],
  Storage: ['persistentvolumes', 'persistentvolumeclaims'],
  Access: ['serviceaccounts'],
};

/** Kinds of these groups that are not named above. */
const groupSections: Readonly<Record<string, string>> = {
  apps: 'Workloads',
  batch: 'Workloads',
  autoscaling: 'Workloads',
  'networking.k8s.io': 'Network',
  'gateway.networking.k8s.io': 'Network',
  'storage.k8s.io': 'Storage',
  'snapshot.storage.k8s.io': 'Storage',
  'rbac.authorization.k8s.io': 'Access',
  'authentication.k8s.io': 'Access',
  'authorization.k8s.io': 'Access',
  'certificates.k8s.io': 'Access',
  'admissionregistration.k8s.io': 'Policy',
  policy: 'Policy',
  'resource.k8s.io': 'Cluster',
  'internal.apiserver.k8s.io': 'Cluster',
  'storagemigration.k8s.io': 'Cluster',
};

export function navigationSection(kind: { id: string; group: string; custom: boolean }): string {
  const known = sectionOf(kind.id);
  if (known !== undefined) return known;
  for (const [section, ids] of Object.entries(sections)) if (ids.includes(kind.id)) return section;
  const byGroup = groupSections[kind.group];
  if (byGroup !== undefined) return byGroup;
  return kind.custom ? 'Custom resources' : 'Cluster';
}
