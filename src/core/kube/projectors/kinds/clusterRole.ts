import type { ClusterrolesRbacAuthorizationK8sIo } from '../generated/partials.ts';
import { kind } from '../kind.ts';
import { flag, present } from './parts.ts';
import { ruleColumns, ruleFields, ruleResources, ruleVerbs } from './rules.ts';

const { at, list } = ruleColumns;

export const clusterRoles = kind<ClusterrolesRbacAuthorizationK8sIo>({
  id: 'clusterroles.rbac.authorization.k8s.io',
  kind: 'ClusterRole',
  version: 'v1',
  section: 'Access',
  cluster: true,
  columns: list,
  select: `${ruleFields} aggregationRule?`,
  row({ rules, aggregationRule }, meta, cells) {
    present(cells, meta);
    cells.number(at.rules, rules.length);
    cells.text(at.resources, ruleResources(rules));
    cells.text(at.verbs, ruleVerbs(rules));
    cells.number(at.aggregated, flag(aggregationRule));
  },
});
