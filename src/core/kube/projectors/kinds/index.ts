import type { Kind } from '../kind.ts';
import { mutatingAdmissionPolicies, validatingAdmissionPolicies } from './admissionPolicy.ts';
import { mutatingAdmissionPolicyBindings, validatingAdmissionPolicyBindings } from './admissionPolicyBinding.ts';
import { apiServices } from './apiService.ts';
import { clusterRoleBindings, roleBindings } from './binding.ts';
import { certificateSigningRequests } from './certificateSigningRequest.ts';
import { clusterRoles } from './clusterRole.ts';
import { clusterTrustBundles } from './clusterTrustBundle.ts';
import { componentStatuses } from './componentStatus.ts';
import { configMaps } from './configMap.ts';
import { controllerRevisions } from './controllerRevision.ts';
import { cronJobs } from './cronJob.ts';
import { csiDrivers } from './csiDriver.ts';
import { csiNodes } from './csiNode.ts';
import { csiStorageCapacities } from './csiStorageCapacity.ts';
import { customResourceDefinitions } from './customResourceDefinition.ts';
import { daemonSets } from './daemonSet.ts';
import { deployments } from './deployment.ts';
import { deviceClasses } from './deviceClass.ts';
import { deviceTaintRules } from './deviceTaintRule.ts';
import { endpointSlices } from './endpointSlice.ts';
import { endpoints } from './endpoints.ts';
import { events, eventsOfEventsGroup } from './event.ts';
import { flowSchemas } from './flowSchema.ts';
import { horizontalPodAutoscalers } from './horizontalPodAutoscaler.ts';
import { ingresses } from './ingress.ts';
import { ingressClasses } from './ingressClass.ts';
import { ipAddresses } from './ipAddress.ts';
import { jobs } from './job.ts';
import { leases } from './lease.ts';
import { limitRanges } from './limitRange.ts';
import { namespaces } from './namespace.ts';
import { networkPolicies } from './networkPolicy.ts';
import { nodes } from './node.ts';
import { persistentVolumes } from './persistentVolume.ts';
import { persistentVolumeClaims } from './persistentVolumeClaim.ts';
import { pods } from './pod.ts';
import { podCertificateRequests } from './podCertificateRequest.ts';
import { podDisruptionBudgets } from './podDisruptionBudget.ts';
import { podTemplates } from './podTemplate.ts';
import { priorityClasses } from './priorityClass.ts';
import { priorityLevelConfigurations } from './priorityLevelConfiguration.ts';
import { replicaSets } from './replicaSet.ts';
import { replicationControllers } from './replicationController.ts';
import { resourceClaims } from './resourceClaim.ts';
import { resourceClaimTemplates } from './resourceClaimTemplate.ts';
import { resourceQuotas } from './resourceQuota.ts';
import { resourceSlices } from './resourceSlice.ts';
import { roles } from './role.ts';
import { runtimeClasses } from './runtimeClass.ts';
import { secrets } from './secret.ts';
import { services } from './service.ts';
import { serviceAccounts } from './serviceAccount.ts';
import { serviceCidrs } from './serviceCidr.ts';
import { statefulSets } from './statefulSet.ts';
import { storageClasses } from './storageClass.ts';
import { storageVersionMigrations } from './storageVersionMigration.ts';
import { volumeAttachments } from './volumeAttachment.ts';
import { volumeAttributesClasses } from './volumeAttributesClass.ts';
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from './webhookConfiguration.ts';

/** Every built-in kind, in the order of the navigation's sections. */
export const kinds: readonly Kind[] = [
  pods,
  deployments,
  statefulSets,
  daemonSets,
  replicaSets,
  replicationControllers,
  jobs,
  cronJobs,
  podTemplates,
  controllerRevisions,
  resourceClaims,
  resourceClaimTemplates,
  services,
  ingresses,
  ingressClasses,
  endpointSlices,
  endpoints,
  networkPolicies,
  ipAddresses,
  serviceCidrs,
  configMaps,
  secrets,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  serviceAccounts,
  roles,
  roleBindings,
  clusterRoleBindings,
  clusterRoles,
  certificateSigningRequests,
  clusterTrustBundles,
  podCertificateRequests,
  nodes,
  namespaces,
  events,
  eventsOfEventsGroup,
  leases,
  runtimeClasses,
  customResourceDefinitions,
  apiServices,
  flowSchemas,
  priorityLevelConfigurations,
  resourceSlices,
  deviceClasses,
  deviceTaintRules,
  storageVersionMigrations,
  componentStatuses,
  horizontalPodAutoscalers,
  podDisruptionBudgets,
  resourceQuotas,
  limitRanges,
  priorityClasses,
  mutatingWebhookConfigurations,
  validatingWebhookConfigurations,
  validatingAdmissionPolicies,
  mutatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  mutatingAdmissionPolicyBindings,
];
