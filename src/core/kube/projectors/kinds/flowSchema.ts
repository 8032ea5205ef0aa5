import type { FlowschemasFlowcontrolApiserverK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { conditionFields, conditionOf } from './parts.ts';

const own = columns({
  level: text('Priority level', 0, 160),
  precedence: number('Precedence', 'count', 0, 'The smallest that matches is taken'),
  distinguisher: text('Distinguisher', 0, 110),
  missing: text('Missing level', 1, 90),
});
const { at } = own;

export const flowSchemas = kind<FlowschemasFlowcontrolApiserverK8sIo>({
  id: 'flowschemas.flowcontrol.apiserver.k8s.io',
  kind: 'FlowSchema',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: `spec { priorityLevelConfiguration { name } matchingPrecedence distinguisherMethod { type } }
    status { conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const dangling = conditionOf(status?.conditions, 'Dangling');
    if (dangling?.status === 'True') say(cells, meta, 'Dangling', tone.failed, dangling.message);
    else say(cells, meta, 'OK', tone.healthy);
    cells.text(at.level, spec?.priorityLevelConfiguration?.name ?? '');
    cells.number(at.precedence, spec?.matchingPrecedence ?? Number.NaN);
    cells.text(at.distinguisher, spec?.distinguisherMethod?.type ?? '');
    cells.text(at.missing, dangling?.status ?? '?');
  },
});
