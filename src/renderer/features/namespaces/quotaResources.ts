/** What quotas most often limit; any other name can be written, too. */
export const quotaResources: readonly string[] = [
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'pods',
  'services',
  'services.loadbalancers',
  'services.nodeports',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
  'count/deployments.apps',
  'count/jobs.batch',
  'count/cronjobs.batch',
  'count/ingresses.networking.k8s.io',
];

export const containerResources: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];
