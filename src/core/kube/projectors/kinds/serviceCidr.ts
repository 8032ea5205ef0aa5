import type { ServicecidrsNetworkingK8sIo } from '../generated/partials.ts';
import { columns, kind, say, text, tone } from '../kind.ts';
import { because, conditionFields, conditionOf } from './parts.ts';

const own = columns({ cidrs: text('CIDRs', 0, 240) });

export const serviceCidrs = kind<ServicecidrsNetworkingK8sIo>({
  id: 'servicecidrs.networking.k8s.io',
  kind: 'ServiceCIDR',
  version: 'v1',
  section: 'Network',
  cluster: true,
  columns: own.list,
  select: `spec { cidrs } status { conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const ready = conditionOf(status?.conditions, 'Ready');
    if (ready?.status === 'False') say(cells, meta, 'NotReady', tone.failed, because(ready));
    else if (ready === undefined) say(cells, meta, 'Unknown', tone.unknown);
    else say(cells, meta, 'Ready', tone.healthy);
    cells.text(own.at.cidrs, spec?.cidrs.join(',') ?? '');
  },
});
