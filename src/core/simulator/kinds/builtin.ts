/**
 * The built-in resources as a 1.37 API server announces them, in its order, without those that no part of the simulator
 * or of the demo fleet has. A line: group and version, resource, kind, N(amespaced) or C(luster), singular (`-`: the kind
 * in lower case), short names, categories, subresources, verbs (`-`: all).
 */
export const builtinResources = `
v1 configmaps ConfigMap N - cm
v1 endpoints Endpoints N - ep
v1 events Event N - ev
v1 limitranges LimitRange N - limits
v1 namespaces Namespace C - ns - finalize,status create,delete,get,list,patch,update,watch
v1 nodes Node C - no - proxy,status
v1 persistentvolumeclaims PersistentVolumeClaim N - pvc - status
v1 persistentvolumes PersistentVolume C - pv - status
v1 pods Pod N - po all attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
v1 resourcequotas ResourceQuota N - quota - status
v1 secrets Secret N
v1 serviceaccounts ServiceAccount N - sa - token
v1 services Service N - svc all proxy,status
apiregistration.k8s.io/v1 apiservices APIService C - - api-extensions status
apps/v1 controllerrevisions ControllerRevision N
apps/v1 daemonsets DaemonSet N - ds all status
apps/v1 deployments Deployment N - deploy all scale,status
apps/v1 replicasets ReplicaSet N - rs all scale,status
apps/v1 statefulsets StatefulSet N - sts all scale,status
authentication.k8s.io/v1 selfsubjectreviews SelfSubjectReview C - - - - create
authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview C - - - - create
authorization.k8s.io/v1 selfsubjectrulesreviews SelfSubjectRulesReview C - - - - create
autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler N - hpa all status
batch/v1 cronjobs CronJob N - cj all status
batch/v1 jobs Job N - - all status
certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest C - csr - approval,status
networking.k8s.io/v1 ingressclasses IngressClass C
networking.k8s.io/v1 ingresses Ingress N - ing - status
networking.k8s.io/v1 networkpolicies NetworkPolicy N - netpol
policy/v1 poddisruptionbudgets PodDisruptionBudget N - pdb - status
rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding C
rbac.authorization.k8s.io/v1 clusterroles ClusterRole C
rbac.authorization.k8s.io/v1 rolebindings RoleBinding N
rbac.authorization.k8s.io/v1 roles Role N
storage.k8s.io/v1 csidrivers CSIDriver C
storage.k8s.io/v1 csinodes CSINode C - - - status
storage.k8s.io/v1 storageclasses StorageClass C - sc
storage.k8s.io/v1 volumeattachments VolumeAttachment C - - - status
admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration C - - api-extensions
admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy C - - api-extensions status
admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding C - - api-extensions
admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration C - - api-extensions
apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition C - crd,crds api-extensions status
scheduling.k8s.io/v1 priorityclasses PriorityClass C - pc
coordination.k8s.io/v1 leases Lease N
node.k8s.io/v1 runtimeclasses RuntimeClass C
discovery.k8s.io/v1 endpointslices EndpointSlice N
flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema C - - - status
flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration C - - - status
metrics.k8s.io/v1beta1 nodes NodeMetrics C - - - - get,list
metrics.k8s.io/v1beta1 pods PodMetrics N - - - - get,list
`;
