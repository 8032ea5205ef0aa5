/** Kinds by how often somebody who types a name wants one, most often first; those not named come in between. */
const often: readonly string[] = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'jobs.batch',
  'pods',
  'services',
  'ingresses.networking.k8s.io',
  'nodes',
  'namespaces',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'horizontalpodautoscalers.autoscaling',
];

/** What other objects bring along under their own name, least wanted last. */
const seldom: readonly string[] = [
  'replicasets.apps',
  'serviceaccounts',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'controllerrevisions.apps',
  'leases.coordination.k8s.io',
];

/** Points by which a kind comes later among equals: less than 0.1 in all, while a letter of a name is 0.125. */
export function latenessOf(kind: string): number {
  const early = often.indexOf(kind);
  if (early >= 0) return early / 1000;
  return (often.length + 1 + seldom.indexOf(kind)) / 1000;
}
