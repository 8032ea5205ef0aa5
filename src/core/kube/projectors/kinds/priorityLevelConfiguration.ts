import type { PrioritylevelconfigurationsFlowcontrolApiserverK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({
  type: text('Type', 0, 90),
  shares: number('Nominal shares'),
  queues: number('Queues'),
  handsize: number('Hand size'),
  queuelimit: number('Queue length'),
});
const { at } = own;

export const priorityLevelConfigurations = kind<PrioritylevelconfigurationsFlowcontrolApiserverK8sIo>({
  id: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  kind: 'PriorityLevelConfiguration',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: `spec { type limited { nominalConcurrencyShares? limitResponse { queuing { queues handSize queueLengthLimit } } } }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.text(at.type, spec?.type ?? '');
    const limited = spec?.limited ?? null;
    if (limited === null) return;
    cells.number(at.shares, limited.nominalConcurrencyShares ?? Number.NaN);
    const queuing = limited.limitResponse?.queuing ?? null;
    if (queuing === null) return;
    cells.number(at.queues, queuing.queues);
    cells.number(at.handsize, queuing.handSize);
    cells.number(at.queuelimit, queuing.queueLengthLimit);
  },
});
