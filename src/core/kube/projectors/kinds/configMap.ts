import type { Configmaps } from '../generated/partials.ts';
import { columns, kind, number } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({ data: number('Data', 'count', 0, 'Keys'), immutable: number('Immutable', 'flag', 1) });

export const configMaps = kind<Configmaps>({
  id: 'configmaps',
  kind: 'ConfigMap',
  version: 'v1',
  section: 'Config',
  shortNames: ['cm'],
  columns: own.list,
  select: 'data# binaryData# immutable?',
  row({ data, binaryData, immutable }, meta, cells) {
    present(cells, meta);
    cells.number(own.at.data, data + binaryData);
    cells.number(own.at.immutable, flag(immutable ?? false));
  },
});
