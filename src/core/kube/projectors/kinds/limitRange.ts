import type { Limitranges } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { mapText, present } from './parts.ts';

const own = columns({
  types: text('Types', 0, 140),
  defaults: text('Default limits', 0, 180),
  requests: text('Default requests', 1, 180),
  max: text('Most', 1, 180),
  min: text('Least', 1, 180),
});
const { at } = own;

export const limitRanges = kind<Limitranges>({
  id: 'limitranges',
  kind: 'LimitRange',
  version: 'v1',
  section: 'Policy',
  shortNames: ['limits'],
  columns: own.list,
  select: 'spec { limits { type max min default defaultRequest } }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    const limits = spec?.limits ?? [];
    const listed = (pick: (item: (typeof limits)[number]) => Readonly<Record<string, string>>): string =>
      limits
        .map((item) => ({ type: item.type, text: mapText(pick(item)) }))
        .filter(({ text }) => text !== '')
        .map(({ type, text }) => `${type}: ${text}`)
        .join('; ');
    cells.text(at.types, limits.map(({ type }) => type).join(','));
    cells.text(
      at.defaults,
      listed((item) => item.default),
    );
    cells.text(
      at.requests,
      listed((item) => item.defaultRequest),
    );
    cells.text(
      at.max,
      listed((item) => item.max),
    );
    cells.text(
      at.min,
      listed((item) => item.min),
    );
  },
});
