import { at, isFields, type KubeObject, listAt, numberAt, recordAt, textAt } from '../../objects.ts';
import { ageOf } from './age.ts';
import { containerNames, type KindTable, mapText, orNone } from './cells.ts';

const age = (object: KubeObject, now: number) => ageOf(object.metadata.creationTimestamp, now);
const template = (object: KubeObject) => at(object, 'spec.template.spec');
const selector = (object: KubeObject) => mapText(recordAt(object, 'spec.selector.matchLabels'));

function ports(endpoints: unknown[]): string {
  return orNone(endpoints.map((port) => textAt(port, 'port')).join(','));
}

function metricTarget(autoscaler: KubeObject): string {
  const targets = listAt(autoscaler, 'spec.metrics').map((metric, index) => {
    const current = at(listAt(autoscaler, 'status.currentMetrics')[index], 'resource.current.averageUtilization');
    return `${textAt(metric, 'resource.name')}: ${current ?? '<unknown>'}${current === undefined ? '' : '%'}/${textAt(metric, 'resource.target.averageUtilization')}%`;
  });
  return orNone(targets.join(', '));
}

function hosts(ingress: KubeObject): string {
  const names = listAt(ingress, 'spec.rules')
    .map((rule) => textAt(rule, 'host'))
    .filter((host) => host !== '');
  return names.length === 0 ? '*' : names.join(',');
}

/** The API server's printers for workloads, networking and policy. */
export const workloadTables: Record<string, KindTable> = {
  'deployments.apps': {
    columns: ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', '+Containers', '+Images', '+Selector'],
    cells: (object, now) => [
      object.metadata.name,
      `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`,
      textAt(object, 'status.updatedReplicas') || '0',
      textAt(object, 'status.availableReplicas') || '0',
      age(object, now),
      containerNames(template(object), 'name'),
      containerNames(template(object), 'image'),
      selector(object),
    ],
  },
  'replicasets.apps': {
    columns: [
      'Name',
      'Desired:integer',
      'Current:integer',
      'Ready:integer',
      'Age',
      '+Containers',
      '+Images',
      '+Selector',
    ],
    cells: (object, now) => [
      object.metadata.name,
      numberAt(object, 'spec.replicas'),
      numberAt(object, 'status.replicas'),
      numberAt(object, 'status.readyReplicas'),
      age(object, now),
      containerNames(template(object), 'name'),
      containerNames(template(object), 'image'),
      selector(object),
    ],
  },
  'statefulsets.apps': {
    columns: ['Name', 'Ready', 'Age', '+Containers', '+Images'],
    cells: (object, now) => [
      object.metadata.name,
      `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`,
      age(object, now),
      containerNames(template(object), 'name'),
      containerNames(template(object), 'image'),
    ],
  },
  'daemonsets.apps': {
    columns: [
      'Name',
      'Desired:integer',
      'Current:integer',
      'Ready:integer',
      'Up-to-date:integer',
      'Available:integer',
      'Node Selector',
      'Age',
      '+Containers',
      '+Images',
      '+Selector',
    ],
    cells: (object, now) => [
      object.metadata.name,
      numberAt(object, 'status.desiredNumberScheduled'),
      numberAt(object, 'status.currentNumberScheduled'),
      numberAt(object, 'status.numberReady'),
      numberAt(object, 'status.updatedNumberScheduled'),
      numberAt(object, 'status.numberAvailable'),
      mapText(recordAt(template(object), 'nodeSelector')),
      age(object, now),
      containerNames(template(object), 'name'),
      containerNames(template(object), 'image'),
      selector(object),
    ],
  },
  'horizontalpodautoscalers.autoscaling': {
    columns: ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      `${textAt(object, 'spec.scaleTargetRef.kind')}/${textAt(object, 'spec.scaleTargetRef.name')}`,
      metricTarget(object),
      textAt(object, 'spec.minReplicas') || '<unset>',
      textAt(object, 'spec.maxReplicas'),
      textAt(object, 'status.currentReplicas') || '0',
      age(object, now),
    ],
  },
  'ingresses.networking.k8s.io': {
    columns: ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      orNone(textAt(object, 'spec.ingressClassName')),
      hosts(object),
      listAt(object, 'status.loadBalancer.ingress')
        .map((entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'))
        .join(','),
      listAt(object, 'spec.tls').length > 0 ? '80, 443' : '80',
      age(object, now),
    ],
  },
  'networkpolicies.networking.k8s.io': {
    columns: ['Name', 'Pod-Selector', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      mapText(recordAt(object, 'spec.podSelector.matchLabels')),
      age(object, now),
    ],
  },
  'endpointslices.discovery.k8s.io': {
    columns: ['Name', 'AddressType', 'Ports', 'Endpoints', 'Age'],
    cells: (object, now) => {
      const addresses = listAt(object, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String));
      const more = addresses.length > 3 ? ` + ${addresses.length - 3} more...` : '';
      return [
        object.metadata.name,
        textAt(object, 'addressType'),
        ports(listAt(object, 'ports')),
        addresses.length === 0 ? '<unset>' : `${addresses.slice(0, 3).join(',')}${more}`,
        age(object, now),
      ];
    },
  },
  'poddisruptionbudgets.policy': {
    columns: ['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions:integer', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      textAt(object, 'spec.minAvailable') || 'N/A',
      textAt(object, 'spec.maxUnavailable') || 'N/A',
      numberAt(object, 'status.disruptionsAllowed'),
      age(object, now),
    ],
  },
  'rolebindings.rbac.authorization.k8s.io': bindings(),
  'clusterrolebindings.rbac.authorization.k8s.io': bindings(),
};

function bindings(): KindTable {
  const subjects = (object: KubeObject, kind: string) =>
    listAt(object, 'subjects')
      .filter(isFields)
      .filter((subject) => subject.kind === kind)
      .map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace}/${subject.name}` : String(subject.name)))
      .join(', ');
  return {
    columns: ['Name', 'Role', 'Age', '+Users', '+Groups', '+ServiceAccounts'],
    cells: (object, now) => [
      object.metadata.name,
      `${textAt(object, 'roleRef.kind')}/${textAt(object, 'roleRef.name')}`,
      age(object, now),
      subjects(object, 'User'),
      subjects(object, 'Group'),
      subjects(object, 'ServiceAccount'),
    ],
  };
}
