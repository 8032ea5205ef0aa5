import type { CsistoragecapacitiesStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { quantity } from '../quantity.ts';
import { present, selectorFields, selectorText } from './parts.ts';

const own = columns({
  class: text('Storage class', 0, 150),
  capacity: number('Capacity', 'bytes'),
  largest: number('Largest volume', 'bytes', 1),
  topology: text('Topology', 1, 220),
});
const { at } = own;

export const csiStorageCapacities = kind<CsistoragecapacitiesStorageK8sIo>({
  id: 'csistoragecapacities.storage.k8s.io',
  kind: 'CSIStorageCapacity',
  version: 'v1',
  section: 'Storage',
  columns: own.list,
  select: `nodeTopology { ${selectorFields} } storageClassName capacity? maximumVolumeSize?`,
  row({ nodeTopology, storageClassName, capacity, maximumVolumeSize }, meta, cells) {
    present(cells, meta);
    cells.text(at.class, storageClassName);
    cells.number(at.capacity, quantity(capacity ?? ''));
    cells.number(at.largest, quantity(maximumVolumeSize ?? ''));
    cells.text(at.topology, selectorText(nodeTopology));
  },
});
