import type { Nodes } from '../generated/partials.ts';
import { columns, kind, number, sayExactly, text, tone } from '../kind.ts';
import { milli, quantity } from '../quantity.ts';

const own = columns({
  roles: text('Roles', 0, 120),
  version: text('Version', 0, 90, 'Of the kubelet'),
  taints: number('Taints', 'count', 0),
  cpu: number('CPU', 'millicores', 0, 'Allocatable'),
  memory: number('Memory', 'bytes', 0, 'Allocatable'),
  pods: number('Pods', 'count', 0, 'Most pods that it takes'),
  pressure: text('Pressure', 0, 120, 'Conditions other than Ready that are true'),
  ip: text('Internal IP', 1, 110),
  externalip: text('External IP', 1, 110),
  os: text('OS image', 1, 180),
  kernel: text('Kernel', 1, 160),
  runtime: text('Container runtime', 1, 150),
  arch: text('Architecture', 1, 80),
  zone: text('Zone', 1, 110),
  region: text('Region', 1, 110),
  instance: text('Instance type', 1, 110),
  cpucapacity: number('CPU capacity', 'millicores', 1),
  memorycapacity: number('Memory capacity', 'bytes', 1),
  storage: number('Ephemeral storage', 'bytes', 1, 'Allocatable'),
  gpus: number('GPUs', 'count', 1, 'Allocatable devices of nvidia.com, amd.com and gpu.intel.com'),
  unschedulable: number('Cordoned', 'flag', 2),
  tainted: text('Taint list', 2, 200, '`key=value:effect` a line'),
  podcidr: text('Pod CIDR', 2),
  provider: text('Provider id', 2),
});
const { at } = own;

export const nodes = kind<Nodes>({
  id: 'nodes',
  kind: 'Node',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['no'],
  cluster: true,
  columns: own.list,
  select: `
    metadata { labels }
    spec { unschedulable podCIDR providerID taints { key value effect } }
    status {
      capacity allocatable
      conditions { type status reason message }
      addresses { type address }
      nodeInfo { kubeletVersion osImage kernelVersion containerRuntimeVersion architecture }
    }`,
  row({ metadata, spec, status }, meta, cells) {
    const labels = metadata?.labels ?? {};
    let ready = '';
    let why = '';
    const pressure: string[] = [];
    for (const { type, status: holds, reason, message } of status?.conditions ?? []) {
      if (type === 'Ready') {
        ready = holds === 'True' ? 'Ready' : 'NotReady';
        if (holds !== 'True') why = message === '' ? reason : message;
      } else if (holds === 'True') pressure.push(type);
    }
    const words = [ready === '' ? 'Unknown' : ready];
    if (spec?.unschedulable) words.push('SchedulingDisabled');
    const how =
      ready === ''
        ? tone.unknown
        : ready === 'NotReady'
          ? tone.failed
          : pressure.length > 0
            ? tone.warning
            : spec?.unschedulable
              ? tone.stopped
              : tone.healthy;
    sayExactly(
      cells,
      words.join(','),
      meta.deleting === 0 ? how : tone.stopped,
      why === '' ? pressure.join(', ') : why,
    );
    cells.text(at.roles, roles(labels));
    cells.text(at.pressure, pressure.join(','));
    cells.text(
      at.zone,
      labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '',
    );
    cells.text(
      at.region,
      labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? '',
    );
    cells.text(
      at.instance,
      labels['node.kubernetes.io/instance-type'] ?? labels['beta.kubernetes.io/instance-type'] ?? '',
    );
    if (spec !== null) {
      cells.number(at.unschedulable, spec.unschedulable ? 1 : 0);
      cells.number(at.taints, spec.taints.length);
      cells.text(
        at.tainted,
        spec.taints.map(({ key, value, effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`).join('\n'),
      );
      cells.text(at.podcidr, spec.podCIDR);
      cells.text(at.provider, spec.providerID);
    }
    if (status === null) return;
    const { capacity, allocatable, nodeInfo } = status;
    cells.number(at.cpu, milli(allocatable.cpu ?? ''));
    cells.number(at.memory, quantity(allocatable.memory ?? ''));
    cells.number(at.pods, quantity(allocatable.pods ?? ''));
    cells.number(at.cpucapacity, milli(capacity.cpu ?? ''));
    cells.number(at.memorycapacity, quantity(capacity.memory ?? ''));
    cells.number(at.storage, quantity(allocatable['ephemeral-storage'] ?? ''));
    let gpus = Number.NaN;
    for (const [name, amount] of Object.entries(allocatable)) {
      if (/^(nvidia\.com|amd\.com|gpu\.intel\.com)\//.test(name)) gpus = (gpus || 0) + quantity(amount);
    }
    cells.number(at.gpus, gpus);
    cells.text(at.ip, status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '');
    cells.text(at.externalip, status.addresses.find(({ type }) => type === 'ExternalIP')?.address ?? '');
    if (nodeInfo === null) return;
    cells.text(at.version, nodeInfo.kubeletVersion);
    cells.text(at.os, nodeInfo.osImage);
    cells.text(at.kernel, nodeInfo.kernelVersion);
    cells.text(at.runtime, nodeInfo.containerRuntimeVersion);
    cells.text(at.arch, nodeInfo.architecture);
  },
});

function roles(labels: Readonly<Record<string, string>>): string {
  const prefix = 'node-role.kubernetes.io/';
  const found = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(prefix) && key.length > prefix.length) found.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') found.add(value);
  }
  return [...found].sort().join(',');
}
