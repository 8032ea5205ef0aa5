import { at, type KubeObject, listAt, recordAt, textAt } from '../../objects.ts';
import { ageOf } from './age.ts';
import { type KindTable, mapText, orNone } from './cells.ts';

const age = (object: KubeObject, now: number) => ageOf(object.metadata.creationTimestamp, now);

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status.conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  const word = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec.unschedulable') === true ? `${word},SchedulingDisabled` : word;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(node.metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  return orNone(
    roles
      .map((key) => key.slice(prefix.length))
      .sort()
      .join(','),
  );
}

function address(node: KubeObject, type: string): string {
  const found = listAt(node, 'status.addresses').find((entry) => textAt(entry, 'type') === type);
  return orNone(textAt(found, 'address'));
}

function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec.ports').map((port) => {
    const nodePort = textAt(port, 'nodePort');
    return `${textAt(port, 'port')}${nodePort === '' ? '' : `:${nodePort}`}/${textAt(port, 'protocol') || 'TCP'}`;
  });
  return orNone(ports.join(','));
}

function externalIp(service: KubeObject): string {
  const type = textAt(service, 'spec.type');
  if (type === 'ExternalName') return textAt(service, 'spec.externalName');
  if (type !== 'LoadBalancer') return '<none>';
  const ingress = listAt(service, 'status.loadBalancer.ingress');
  const addresses = ingress.map((entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'));
  return addresses.length === 0 ? '<pending>' : addresses.join(',');
}

const accessModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const modes = (object: KubeObject, path: string) =>
  listAt(object, path)
    .map((mode) => accessModes[String(mode)] ?? String(mode))
    .join(',');

const claimStatus = (object: KubeObject) =>
  object.metadata.deletionTimestamp === undefined ? textAt(object, 'status.phase') : 'Terminating';

/** The API server's printers for core kinds. */
export const coreTables: Record<string, KindTable> = {
  nodes: {
    columns: [
      'Name',
      'Status',
      'Roles',
      'Age',
      'Version',
      '+Internal-IP',
      '+External-IP',
      '+OS-Image',
      '+Kernel-Version',
      '+Container-Runtime',
    ],
    cells: (node, now) => [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node),
      age(node, now),
      textAt(node, 'status.nodeInfo.kubeletVersion'),
      address(node, 'InternalIP'),
      address(node, 'ExternalIP'),
      textAt(node, 'status.nodeInfo.osImage'),
      `${textAt(node, 'status.nodeInfo.kernelVersion')} (${textAt(node, 'status.nodeInfo.architecture')})`,
      textAt(node, 'status.nodeInfo.containerRuntimeVersion'),
    ],
  },
  namespaces: {
    columns: ['Name', 'Status', 'Age'],
    cells: (object, now) => [object.metadata.name, textAt(object, 'status.phase'), age(object, now)],
  },
  services: {
    columns: ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', '+Selector'],
    cells: (service, now) => [
      service.metadata.name,
      textAt(service, 'spec.type'),
      orNone(textAt(service, 'spec.clusterIP')),
      externalIp(service),
      servicePorts(service),
      age(service, now),
      mapText(recordAt(service, 'spec.selector')),
    ],
  },
  configmaps: {
    columns: ['Name', 'Data', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      Object.keys(recordAt(object, 'data')).length + Object.keys(recordAt(object, 'binaryData')).length,
      age(object, now),
    ],
  },
  secrets: {
    columns: ['Name', 'Type', 'Data', 'Age'],
    cells: (object, now) => [
      object.metadata.name,
      textAt(object, 'type'),
      Object.keys(recordAt(object, 'data')).length,
      age(object, now),
    ],
  },
  serviceaccounts: { columns: ['Name', 'Age'], cells: (object, now) => [object.metadata.name, age(object, now)] },
  events: {
    columns: [
      'Last Seen',
      'Type',
      'Reason',
      'Object',
      '+Subobject',
      '+Source',
      'Message',
      '+First Seen',
      '+Count:integer',
      '+Name',
    ],
    cells: (event, now) => {
      const first = textAt(event, 'firstTimestamp') || textAt(event, 'eventTime');
      const last = textAt(event, 'series.lastObservedTime') || textAt(event, 'lastTimestamp') || first;
      const host = textAt(event, 'source.host');
      const component = textAt(event, 'source.component') || textAt(event, 'reportingComponent');
      return [
        ageOf(last, now),
        textAt(event, 'type'),
        textAt(event, 'reason'),
        `${textAt(event, 'involvedObject.kind').toLowerCase()}/${textAt(event, 'involvedObject.name')}`,
        textAt(event, 'involvedObject.fieldPath'),
        host === '' ? component : `${component}, ${host}`,
        textAt(event, 'message').trim(),
        ageOf(first, now),
        Number(textAt(event, 'count') || 1),
        event.metadata.name,
      ];
    },
  },
  persistentvolumeclaims: {
    columns: [
      'Name',
      'Status',
      'Volume',
      'Capacity',
      'Access Modes',
      'StorageClass',
      'VolumeAttributesClass',
      'Age',
      '+VolumeMode',
    ],
    cells: (claim, now) => [
      claim.metadata.name,
      claimStatus(claim),
      textAt(claim, 'spec.volumeName'),
      textAt(claim, 'status.capacity.storage'),
      modes(claim, 'status.accessModes'),
      textAt(claim, 'spec.storageClassName'),
      textAt(claim, 'spec.volumeAttributesClassName') || '<unset>',
      age(claim, now),
      textAt(claim, 'spec.volumeMode') || '<unset>',
    ],
  },
  persistentvolumes: {
    columns: [
      'Name',
      'Capacity',
      'Access Modes',
      'Reclaim Policy',
      'Status',
      'Claim',
      'StorageClass',
      'VolumeAttributesClass',
      'Reason',
      'Age',
      '+VolumeMode',
    ],
    cells: (volume, now) => [
      volume.metadata.name,
      textAt(volume, 'spec.capacity.storage'),
      modes(volume, 'spec.accessModes'),
      textAt(volume, 'spec.persistentVolumeReclaimPolicy'),
      claimStatus(volume),
      at(volume, 'spec.claimRef') === undefined
        ? ''
        : `${textAt(volume, 'spec.claimRef.namespace')}/${textAt(volume, 'spec.claimRef.name')}`,
      textAt(volume, 'spec.storageClassName'),
      textAt(volume, 'spec.volumeAttributesClassName') || '<unset>',
      textAt(volume, 'status.reason'),
      age(volume, now),
      textAt(volume, 'spec.volumeMode') || '<unset>',
    ],
  },
  'leases.coordination.k8s.io': {
    columns: ['Name', 'Holder', 'Age'],
    cells: (lease, now) => [lease.metadata.name, textAt(lease, 'spec.holderIdentity'), age(lease, now)],
  },
};
