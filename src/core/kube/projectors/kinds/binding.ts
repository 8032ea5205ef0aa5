import type { BatchBuilder } from '../../columns/batchBuilder.ts';
import type { RolebindingsRbacAuthorizationK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import type { ObjectMeta } from '../meta.ts';
import { present } from './parts.ts';

const own = columns({
  role: text('Role', 0, 200, '`Kind/name`'),
  subjects: text('Subjects', 0, 260, '`Kind/name` a line, service accounts as `ServiceAccount/namespace/name`'),
  users: text('Users', 1, 160),
  groups: text('Groups', 1, 160),
  serviceaccounts: text('Service accounts', 1, 200),
  count: number('Number of subjects', 'count', 2),
});
const { at } = own;

type Binding = RolebindingsRbacAuthorizationK8sIo;

function row({ roleRef, subjects }: Binding, meta: ObjectMeta, cells: BatchBuilder): void {
  present(cells, meta);
  if (roleRef !== null) cells.text(at.role, `${roleRef.kind}/${roleRef.name}`);
  const named = (wanted: string): string =>
    subjects
      .filter(({ kind }) => kind === wanted)
      .map(({ namespace, name }) => (wanted === 'ServiceAccount' ? `${namespace}/${name}` : name))
      .join(', ');
  cells.text(
    at.subjects,
    subjects
      .map(({ kind, namespace, name }) =>
        kind === 'ServiceAccount' ? `${kind}/${namespace}/${name}` : `${kind}/${name}`,
      )
      .join('\n'),
  );
  cells.text(at.users, named('User'));
  cells.text(at.groups, named('Group'));
  cells.text(at.serviceaccounts, named('ServiceAccount'));
  cells.number(at.count, subjects.length);
}

const description = {
  version: 'v1',
  section: 'Access',
  columns: own.list,
  select: 'subjects { kind namespace name } roleRef { kind name }',
  row,
} as const;

export const roleBindings = kind<Binding>({
  id: 'rolebindings.rbac.authorization.k8s.io',
  kind: 'RoleBinding',
  ...description,
});

export const clusterRoleBindings = kind<Binding>({
  id: 'clusterrolebindings.rbac.authorization.k8s.io',
  kind: 'ClusterRoleBinding',
  cluster: true,
  ...description,
});
