import type { VolumeattributesclassesStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { mapText, present } from './parts.ts';

const own = columns({ driver: text('Driver', 0, 200), parameters: text('Parameters', 1, 240) });

export const volumeAttributesClasses = kind<VolumeattributesclassesStorageK8sIo>({
  id: 'volumeattributesclasses.storage.k8s.io',
  kind: 'VolumeAttributesClass',
  version: 'v1',
  section: 'Storage',
  shortNames: ['vac'],
  cluster: true,
  columns: own.list,
  select: 'driverName parameters',
  row({ driverName, parameters }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.driver, driverName);
    cells.text(own.at.parameters, mapText(parameters));
  },
});
