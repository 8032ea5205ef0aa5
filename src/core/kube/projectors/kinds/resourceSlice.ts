import type { ResourceslicesResourceK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  node: text('Node', 0, 160),
  driver: text('Driver', 0, 180),
  pool: text('Pool', 0, 160),
  devices: number('Devices'),
  allnodes: number('All nodes', 'flag', 1),
  generation: number('Pool generation', 'count', 1),
});
const { at } = own;

export const resourceSlices = kind<ResourceslicesResourceK8sIo>({
  id: 'resourceslices.resource.k8s.io',
  kind: 'ResourceSlice',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: 'spec { driver pool { name generation } nodeName? allNodes? devices# }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.text(at.node, spec?.nodeName ?? '');
    cells.text(at.driver, spec?.driver ?? '');
    cells.text(at.pool, spec?.pool?.name ?? '');
    cells.number(at.devices, spec?.devices ?? 0);
    cells.number(at.allnodes, flag(spec?.allNodes ?? false));
    cells.number(at.generation, spec?.pool?.generation ?? 0);
  },
});
