import type { LeasesCoordinationK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, time, tone } from '../kind.ts';

const own = columns({
  holder: text('Holder', 0, 260),
  renewed: time('Renewed'),
  seconds: number('Duration', 'seconds', 1, 'After which others may take it'),
  acquired: time('Acquired', 1),
  transitions: number('Transitions', 'count', 1),
});
const { at } = own;

export const leases = kind<LeasesCoordinationK8sIo>({
  id: 'leases.coordination.k8s.io',
  kind: 'Lease',
  version: 'v1',
  section: 'Cluster',
  columns: own.list,
  select: 'spec { holderIdentity? leaseDurationSeconds? acquireTime renewTime leaseTransitions? }',
  row({ spec }, meta, cells) {
    const holder = spec?.holderIdentity ?? '';
    if (holder === '') say(cells, meta, 'Free', tone.stopped);
    else say(cells, meta, 'Held', tone.healthy);
    cells.text(at.holder, holder);
    cells.time(at.renewed, spec?.renewTime ?? 0);
    cells.time(at.acquired, spec?.acquireTime ?? 0);
    cells.number(at.seconds, spec?.leaseDurationSeconds ?? Number.NaN);
    cells.number(at.transitions, spec?.leaseTransitions ?? Number.NaN);
  },
});
