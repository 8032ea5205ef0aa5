import type { Secrets } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  type: text('Type', 0, 220),
  data: number('Data', 'count', 0, 'Keys'),
  immutable: number('Immutable', 'flag', 1),
});

/** Only the number of keys is read: the bytes of names and values are skipped and never become text. */
export const secrets = kind<Secrets>({
  id: 'secrets',
  kind: 'Secret',
  version: 'v1',
  section: 'Config',
  columns: own.list,
  select: 'type data# immutable?',
  row({ type, data, immutable }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.type, type);
    cells.number(own.at.data, data);
    cells.number(own.at.immutable, flag(immutable ?? false));
  },
});
