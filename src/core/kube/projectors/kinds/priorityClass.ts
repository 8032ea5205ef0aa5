import type { PriorityclassesSchedulingK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  value: number('Value'),
  default: number('Global default', 'flag'),
  preemption: text('Preemption', 1, 140),
  description: text('Description', 1, 260),
});
const { at } = own;

export const priorityClasses = kind<PriorityclassesSchedulingK8sIo>({
  id: 'priorityclasses.scheduling.k8s.io',
  kind: 'PriorityClass',
  version: 'v1',
  section: 'Policy',
  shortNames: ['pc'],
  cluster: true,
  columns: own.list,
  select: 'value globalDefault description preemptionPolicy?',
  row({ value, globalDefault, description, preemptionPolicy }, meta, cells) {
    present(cells, meta);
    cells.number(at.value, value);
    cells.number(at.default, flag(globalDefault));
    cells.text(at.preemption, preemptionPolicy ?? '');
    cells.text(at.description, description);
  },
});
