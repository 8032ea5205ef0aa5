import type { SimulatedCluster } from '../../cluster.ts';
import type { ResourceType } from '../../kinds/registry.ts';
import { type Fields, isFields, listAt, type NewObject, recordAt, textAt } from '../../objects.ts';

/** The defaults that clients notice, for the kinds that have them. */
export function defaulted(cluster: SimulatedCluster, type: ResourceType, object: NewObject): NewObject {
  const spec = recordAt(object, 'spec');
  switch (type.id) {
    case 'namespaces':
      return {
        ...object,
        metadata: {
          ...object.metadata,
          labels: { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name ?? '' },
        },
        spec: { finalizers: ['kubernetes'], ...spec },
        status: { phase: 'Active' },
      };
    case 'pods':
      return { ...object, spec: podSpec(spec), status: { phase: 'Pending', qosClass: qosClass(spec) } };
    case 'services':
      return { ...object, spec: serviceSpec(cluster, spec), status: { loadBalancer: {} } };
    case 'deployments.apps':
      return {
        ...object,
        spec: {
          replicas: 1,
          ...templated(spec),
          strategy: strategy(recordAt(spec, 'strategy')),
          revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
          progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
        },
        status: {},
      };
    case 'replicasets.apps':
      return { ...object, spec: { replicas: 1, ...templated(spec) }, status: { replicas: 0 } };
    case 'statefulsets.apps':
      return {
        ...object,
        spec: {
          replicas: 1,
          podManagementPolicy: 'OrderedReady',
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
          revisionHistoryLimit: 10,
          ...templated(spec),
        },
        status: { replicas: 0, availableReplicas: 0 },
      };
    case 'daemonsets.apps':
      return {
        ...object,
        spec: {
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          revisionHistoryLimit: 10,
          ...templated(spec),
        },
        status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      };
    case 'jobs.batch':
      return {
        ...object,
        spec: {
          parallelism: 1,
          completions: 1,
          backoffLimit: 6,
          completionMode: 'NonIndexed',
          suspend: false,
          ...templated(spec),
        },
        status: {},
      };
    case 'cronjobs.batch':
      return {
        ...object,
        spec: {
          concurrencyPolicy: 'Allow',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
          ...spec,
        },
        status: {},
      };
    case 'persistentvolumeclaims':
      return { ...object, spec: { volumeMode: 'Filesystem', ...spec }, status: { phase: 'Pending' } };
    case 'secrets':
      return { type: 'Opaque', ...withEncodedData(object) };
    default:
      return object;
  }
}

function templated(spec: Fields): Fields {
  const template = recordAt(spec, 'template');
  return { ...spec, template: { metadata: {}, ...template, spec: podSpec(recordAt(template, 'spec')) } };
}

function strategy(given: Fields): Fields {
  if (given.type === 'Recreate') return given;
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%', ...recordAt(given, 'rollingUpdate') },
  };
}

export function podSpec(spec: Fields): Fields {
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    containers: listAt(spec, 'containers').map(containerDefaults),
    ...(Array.isArray(spec.initContainers) ? { initContainers: spec.initContainers.map(containerDefaults) } : {}),
  };
}

function containerDefaults(given: unknown): unknown {
  if (!isFields(given)) return given;
  const image = textAt(given, 'image');
  const pinned = /[^/]:[^/]+$/.test(image) && !image.endsWith(':latest');
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pinned ? 'IfNotPresent' : 'Always',
    ...given,
    ...(Array.isArray(given.ports)
      ? { ports: given.ports.map((port) => (isFields(port) ? { protocol: 'TCP', ...port } : port)) }
      : {}),
  };
}

/** Guaranteed, Burstable or BestEffort, from requests and limits of cpu and memory. */
export function qosClass(spec: Fields): string {
  let any = false;
  let all = true;
  for (const container of listAt(spec, 'containers')) {
    const requests = recordAt(container, 'resources.requests');
    const limits = recordAt(container, 'resources.limits');
    for (const resource of ['cpu', 'memory']) {
      if (requests[resource] !== undefined || limits[resource] !== undefined) any = true;
      const request = requests[resource] ?? limits[resource];
      if (limits[resource] === undefined || request !== limits[resource]) all = false;
    }
  }
  if (!any) return 'BestEffort';
  return all ? 'Guaranteed' : 'Burstable';
}

function serviceSpec(cluster: SimulatedCluster, spec: Fields): Fields {
  const type = textAt(spec, 'type') || 'ClusterIP';
  const nodePorts = type === 'NodePort' || type === 'LoadBalancer';
  const ports = listAt(spec, 'ports').map((port) =>
    isFields(port)
      ? {
          protocol: 'TCP',
          targetPort: port.port,
          ...(nodePorts ? { nodePort: cluster.random.integer(30000, 32767) } : {}),
          ...port,
        }
      : port,
  );
  const clusterIp = `10.96.${cluster.random.integer(0, 255)}.${cluster.random.integer(2, 254)}`;
  const shared = { sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', type };
  if (type === 'ExternalName') return { ...shared, ...spec };
  const ip = textAt(spec, 'clusterIP') || clusterIp;
  return {
    ...shared,
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ...spec,
    ...(ports.length === 0 ? {} : { ports }),
    clusterIP: ip,
    clusterIPs: [ip],
  };
}

/** `stringData` is write-only: it becomes `data`. */
function withEncodedData(object: NewObject): NewObject {
  const { stringData, ...rest } = object;
  if (!isFields(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...recordAt(object, 'data'), ...Object.fromEntries(encoded) } };
}
