import type { PoddisruptionbudgetsPolicy } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { conditionFields, conditionOf, selector, selectorFields, selectorText } from './parts.ts';

const own = columns({
  minavailable: text('Min available', 0, 90),
  maxunavailable: text('Max unavailable', 0, 90),
  allowed: number('Allowed disruptions'),
  healthy: number('Healthy', 'count', 1, 'Pods that are healthy'),
  desired: number('Wanted healthy', 'count', 1),
  expected: number('Pods', 'count', 1, 'Pods that it counts'),
  selector,
});
const { at } = own;

export const podDisruptionBudgets = kind<PoddisruptionbudgetsPolicy>({
  id: 'poddisruptionbudgets.policy',
  kind: 'PodDisruptionBudget',
  version: 'v1',
  section: 'Policy',
  shortNames: ['pdb'],
  columns: own.list,
  select: `spec { minAvailable? maxUnavailable? selector { ${selectorFields} } }
    status { disruptionsAllowed currentHealthy desiredHealthy expectedPods conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const allowed = conditionOf(status?.conditions, 'DisruptionAllowed');
    if (allowed?.reason === 'SyncFailed') say(cells, meta, 'SyncFailed', tone.failed, allowed.message);
    else if (status !== null && status.currentHealthy < status.desiredHealthy) {
      say(
        cells,
        meta,
        'Insufficient pods',
        tone.warning,
        `${status.currentHealthy} of ${status.desiredHealthy} healthy`,
      );
    } else if (status !== null && status.expectedPods > 0 && status.disruptionsAllowed === 0) {
      say(cells, meta, 'Blocking', tone.warning, 'No pod may be evicted: draining a node will wait');
    } else if (status === null || status.expectedPods === 0) say(cells, meta, 'No pods', tone.stopped);
    else say(cells, meta, 'Allowed', tone.healthy);
    cells.text(at.minavailable, spec?.minAvailable ?? '');
    cells.text(at.maxunavailable, spec?.maxUnavailable ?? '');
    cells.number(at.allowed, status?.disruptionsAllowed ?? 0);
    cells.number(at.healthy, status?.currentHealthy ?? 0);
    cells.number(at.desired, status?.desiredHealthy ?? 0);
    cells.number(at.expected, status?.expectedPods ?? 0);
    cells.text(at.selector, selectorText(spec?.selector ?? null));
  },
});
