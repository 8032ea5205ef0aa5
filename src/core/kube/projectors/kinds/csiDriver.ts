import type { CsidriversStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  attach: number('Attach required', 'flag'),
  podinfo: number('Pod info on mount', 'flag'),
  capacity: number('Storage capacity', 'flag'),
  audiences: text('Token requests', 1, 140),
  republish: number('Requires republish', 'flag', 1),
  modes: text('Modes', 0, 130),
});
const { at } = own;

export const csiDrivers = kind<CsidriversStorageK8sIo>({
  id: 'csidrivers.storage.k8s.io',
  kind: 'CSIDriver',
  version: 'v1',
  section: 'Storage',
  cluster: true,
  columns: own.list,
  select: `spec { attachRequired? podInfoOnMount? storageCapacity? requiresRepublish? volumeLifecycleModes tokenRequests { audience } }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.number(at.attach, flag(spec?.attachRequired ?? true));
    cells.number(at.podinfo, flag(spec?.podInfoOnMount ?? false));
    cells.number(at.capacity, flag(spec?.storageCapacity ?? false));
    cells.number(at.republish, flag(spec?.requiresRepublish ?? false));
    cells.text(at.audiences, spec?.tokenRequests.map(({ audience }) => audience).join(',') ?? '');
    cells.text(at.modes, spec?.volumeLifecycleModes.join(',') ?? '');
  },
});
