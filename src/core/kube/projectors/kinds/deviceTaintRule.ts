import type { DevicetaintrulesResourceK8sIo } from '../generated/partials.ts';
import { columns, kind, text, time } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({
  key: text('Key', 0, 160),
  value: text('Value', 0, 140),
  effect: text('Effect', 0, 110),
  added: time('Time added'),
});
const { at } = own;

export const deviceTaintRules = kind<DevicetaintrulesResourceK8sIo>({
  id: 'devicetaintrules.resource.k8s.io',
  kind: 'DeviceTaintRule',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: 'spec { taint { key value effect timeAdded } }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    const taint = spec?.taint ?? null;
    if (taint === null) return;
    cells.text(at.key, taint.key);
    cells.text(at.value, taint.value);
    cells.text(at.effect, taint.effect);
    cells.time(at.added, taint.timeAdded);
  },
});
