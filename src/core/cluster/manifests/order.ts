import type { KubeObject } from './model.ts';

/**
 * The order in which objects of a folder are applied, so that what others need is there before them: that of Helm's
 * installs (InstallOrder in helm's pkg/release/v1/util/kind_sorter.go), with definitions right after namespaces, as
 * kustomize has them, and webhooks last, so that they do not stand in the way of what comes with them.
 */
const order = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
];
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const rankOf = new Map(order.map((kind, rank) => [kind, rank]));

/** Kinds that are not known come after those that are, in their order. */
export function applyOrder({ kind }: Pick<KubeObject, 'kind'>): number {
  return last.includes(kind) ? order.length + 1 : (rankOf.get(kind) ?? order.length);
}
