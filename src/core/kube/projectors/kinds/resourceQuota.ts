import type { Resourcequotas } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { quantity } from '../quantity.ts';
import type { Texts } from '../read.ts';

const own = columns({
  request: text('Requests', 0, 260, 'Used and most, of everything but limits'),
  limit: text('Limits', 0, 220, 'Used and most'),
  used: number('Most used', 'percent', 0, 'Of the resource that is nearest to its quota'),
  scopes: text('Scopes', 1, 120),
});
const { at } = own;

export const resourceQuotas = kind<Resourcequotas>({
  id: 'resourcequotas',
  kind: 'ResourceQuota',
  version: 'v1',
  section: 'Policy',
  shortNames: ['quota'],
  columns: own.list,
  select: 'spec { scopes } status { hard used }',
  row({ spec, status }, meta, cells) {
    const hard = status?.hard ?? {};
    const used = status?.used ?? {};
    let share = Number.NaN;
    let nearest = '';
    for (const [name, most] of Object.entries(hard)) {
      const of = quantity(most);
      const percent = of > 0 ? (100 * quantity(used[name] ?? '0')) / of : Number.NaN;
      if (!(percent <= share) && !Number.isNaN(percent)) {
        share = percent;
        nearest = name;
      }
    }
    if (share >= 100) say(cells, meta, 'Exhausted', tone.failed, `${nearest}: ${used[nearest]} of ${hard[nearest]}`);
    else if (share >= 90)
      say(cells, meta, 'Nearly used', tone.warning, `${nearest}: ${used[nearest]} of ${hard[nearest]}`);
    else say(cells, meta, 'OK', tone.healthy);
    cells.text(at.request, listed(hard, used, false));
    cells.text(at.limit, listed(hard, used, true));
    cells.number(at.used, share);
    cells.text(at.scopes, spec?.scopes.join(',') ?? '');
  },
});

function listed(hard: Texts, used: Texts, limits: boolean): string {
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === limits)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ');
}
