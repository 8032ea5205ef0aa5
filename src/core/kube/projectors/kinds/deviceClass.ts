import type { DeviceclassesResourceK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({
  selectors: number('Selectors'),
  extended: text('Extended resource', 0, 200, 'Name by which pods may ask for it as a plain resource'),
});

export const deviceClasses = kind<DeviceclassesResourceK8sIo>({
  id: 'deviceclasses.resource.k8s.io',
  kind: 'DeviceClass',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: 'spec { selectors# extendedResourceName? }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.number(own.at.selectors, spec?.selectors ?? 0);
    cells.text(own.at.extended, spec?.extendedResourceName ?? '');
  },
});
