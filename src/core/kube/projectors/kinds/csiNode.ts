import type { CsinodesStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({ drivers: number('Drivers'), names: text('Driver names', 1, 240) });

export const csiNodes = kind<CsinodesStorageK8sIo>({
  id: 'csinodes.storage.k8s.io',
  kind: 'CSINode',
  version: 'v1',
  section: 'Storage',
  cluster: true,
  columns: own.list,
  select: 'spec { drivers { name } }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.number(own.at.drivers, spec?.drivers.length ?? 0);
    cells.text(own.at.names, spec?.drivers.map(({ name }) => name).join(',') ?? '');
  },
});
