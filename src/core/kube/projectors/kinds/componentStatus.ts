import type { Componentstatuses } from '../generated/partials.ts';
import { columns, kind, say, text, tone } from '../kind.ts';

const own = columns({ message: text('Message', 0, 200), error: text('Error', 0, 260) });

export const componentStatuses = kind<Componentstatuses>({
  id: 'componentstatuses',
  kind: 'ComponentStatus',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['cs'],
  cluster: true,
  columns: own.list,
  select: 'conditions { type status message error }',
  row({ conditions }, meta, cells) {
    const healthy = conditions.find(({ type }) => type === 'Healthy');
    if (healthy?.status === 'True') say(cells, meta, 'Healthy', tone.healthy);
    else if (healthy?.status === 'False') say(cells, meta, 'Unhealthy', tone.failed, healthy.error || healthy.message);
    else say(cells, meta, 'Unknown', tone.unknown);
    cells.text(own.at.message, healthy?.message ?? '');
    cells.text(own.at.error, healthy?.error ?? '');
  },
});
