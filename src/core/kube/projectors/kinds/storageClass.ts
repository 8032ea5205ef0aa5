import type { StorageclassesStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  provisioner: text('Provisioner', 0, 200),
  reclaim: text('Reclaim policy', 0, 90),
  binding: text('Binding mode', 0, 140),
  expansion: number('Expandable', 'flag'),
  default: number('Default', 'flag'),
});
const { at } = own;
const isDefault = 'storageclass.kubernetes.io/is-default-class';
const wasDefault = 'storageclass.beta.kubernetes.io/is-default-class';

export const storageClasses = kind<StorageclassesStorageK8sIo>({
  id: 'storageclasses.storage.k8s.io',
  kind: 'StorageClass',
  version: 'v1',
  section: 'Storage',
  shortNames: ['sc'],
  cluster: true,
  columns: own.list,
  select: `metadata { annotations[${isDefault},${wasDefault}] } provisioner reclaimPolicy? allowVolumeExpansion? volumeBindingMode?`,
  row({ metadata, provisioner, reclaimPolicy, allowVolumeExpansion, volumeBindingMode }, meta, cells) {
    present(cells, meta);
    const annotations = metadata?.annotations;
    cells.text(at.provisioner, provisioner);
    cells.text(at.reclaim, reclaimPolicy ?? 'Delete');
    cells.text(at.binding, volumeBindingMode ?? 'Immediate');
    cells.number(at.expansion, flag(allowVolumeExpansion ?? false));
    cells.number(at.default, flag(annotations?.[isDefault] === 'true' || annotations?.[wasDefault] === 'true'));
  },
});
