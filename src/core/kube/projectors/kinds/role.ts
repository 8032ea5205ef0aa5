import type { RolesRbacAuthorizationK8sIo } from '../generated/partials.ts';
import { kind } from '../kind.ts';
import { present } from './parts.ts';
import { ruleColumns, ruleFields, ruleResources, ruleVerbs } from './rules.ts';

const { at, list } = ruleColumns;

export const roles = kind<RolesRbacAuthorizationK8sIo>({
  id: 'roles.rbac.authorization.k8s.io',
  kind: 'Role',
  version: 'v1',
  section: 'Access',
  columns: list,
  select: ruleFields,
  row({ rules }, meta, cells) {
    present(cells, meta);
    cells.number(at.rules, rules.length);
    cells.text(at.resources, ruleResources(rules));
    cells.text(at.verbs, ruleVerbs(rules));
    cells.number(at.aggregated, 0);
  },
});
