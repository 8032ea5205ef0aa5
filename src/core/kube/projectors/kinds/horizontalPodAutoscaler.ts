import type { HorizontalpodautoscalersAutoscaling } from '../generated/partials.ts';
import { columns, kind, number, say, text, time, tone } from '../kind.ts';
import { because, conditionFields, conditionOf } from './parts.ts';

const own = columns({
  target: text('Reference', 0, 180, '`Kind/name` of what is scaled'),
  metrics: text('Targets', 0, 180, 'Current value and target of each metric'),
  min: number('Min pods'),
  max: number('Max pods'),
  replicas: number('Replicas'),
  desired: number('Desired', 'count', 1),
  lastscale: time('Last scale', 1),
});
const { at } = own;

type Metric = NonNullable<HorizontalpodautoscalersAutoscaling['spec']>['metrics'][number];
type Measured = NonNullable<HorizontalpodautoscalersAutoscaling['status']>['currentMetrics'][number];
interface Target {
  value: string;
  averageValue: string;
  averageUtilization: number | null;
}

const target = 'target { value averageValue averageUtilization? }';
const current = 'current { value averageValue averageUtilization? }';

export const horizontalPodAutoscalers = kind<HorizontalpodautoscalersAutoscaling>({
  id: 'horizontalpodautoscalers.autoscaling',
  kind: 'HorizontalPodAutoscaler',
  version: 'v2',
  section: 'Policy',
  shortNames: ['hpa'],
  columns: own.list,
  select: `spec { scaleTargetRef { kind name } minReplicas? maxReplicas
      metrics { type external { ${target} } pods { ${target} } object { ${target} }
        resource { name ${target} } containerResource { name ${target} } } }
    status { currentReplicas desiredReplicas lastScaleTime conditions { ${conditionFields} }
      currentMetrics { type external { ${current} } pods { ${current} } object { ${current} }
        resource { ${current} } containerResource { ${current} } } }`,
  row({ spec, status }, meta, cells) {
    const able = conditionOf(status?.conditions, 'AbleToScale');
    const active = conditionOf(status?.conditions, 'ScalingActive');
    const limited = conditionOf(status?.conditions, 'ScalingLimited');
    if (able?.status === 'False') say(cells, meta, able.reason, tone.failed, able.message);
    else if (active?.status === 'False') {
      say(cells, meta, active.reason, active.reason === 'ScalingDisabled' ? tone.stopped : tone.failed, active.message);
    } else if (limited?.status === 'True') say(cells, meta, 'Limited', tone.warning, because(limited));
    else if (active === undefined) say(cells, meta, 'Unknown', tone.unknown);
    else say(cells, meta, 'Active', tone.healthy);
    if (spec !== null) {
      if (spec.scaleTargetRef !== null)
        cells.text(at.target, `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
      if (spec.minReplicas !== null) cells.number(at.min, spec.minReplicas);
      cells.number(at.max, spec.maxReplicas);
      cells.text(
        at.metrics,
        spec.metrics.map((metric, index) => metricText(metric, status?.currentMetrics[index])).join(', '),
      );
    }
    cells.number(at.replicas, status?.currentReplicas ?? 0);
    cells.number(at.desired, status?.desiredReplicas ?? 0);
    cells.time(at.lastscale, status?.lastScaleTime ?? 0);
  },
});

/** As kubectl's formatHPAMetrics, without its cut after the second. */
function metricText(metric: Metric, measured: Measured | undefined): string {
  const unknown = '<unknown>';
  const compare = (wanted: Target | null | undefined, is: Target | null | undefined, name: string): string => {
    const prefix = name === '' ? '' : `${name}: `;
    if (wanted === null || wanted === undefined) return unknown;
    if (wanted.averageValue !== '') {
      const suffix = name === '' && metric.type !== 'Pods' ? ' (avg)' : '';
      return `${prefix}${is?.averageValue || unknown}/${wanted.averageValue}${suffix}`;
    }
    if (name !== '') {
      const percent = (value: number | null | undefined, absent: string): string =>
        value === null || value === undefined ? absent : `${value}%`;
      return `${prefix}${percent(is?.averageUtilization, unknown)}/${percent(wanted.averageUtilization, '<auto>')}`;
    }
    return `${is?.value || unknown}/${wanted.value}`;
  };
  switch (metric.type) {
    case 'External':
      return compare(metric.external?.target, measured?.external?.current, '');
    case 'Pods':
      return compare(metric.pods?.target, measured?.pods?.current, '');
    case 'Object':
      return compare(metric.object?.target, measured?.object?.current, '');
    case 'Resource':
      return compare(metric.resource?.target, measured?.resource?.current, metric.resource?.name ?? '');
    case 'ContainerResource':
      return compare(
        metric.containerResource?.target,
        measured?.containerResource?.current,
        metric.containerResource?.name ?? '',
      );
    default:
      return '<unknown type>';
  }
}
