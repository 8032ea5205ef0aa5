import type { ListHead, ScopeState } from '../../../core/cluster/resources/contract.ts';

/** What stands in place of rows when there are none. The causes differ, so do the words and what can be done. */
export type ListPhase =
  | { phase: 'rows' }
  | { phase: 'listing' }
  | { phase: 'noClusters' }
  | { phase: 'empty' }
  | { phase: 'filtered' }
  | { phase: 'forbidden'; scopes: ScopeState[] }
  | { phase: 'absent'; scopes: ScopeState[] }
  | { phase: 'unreachable'; scopes: ScopeState[] };

export function listPhase(head: ListHead): ListPhase {
  if (head.matched > 0) return { phase: 'rows' };
  if (head.scopes.length === 0) return { phase: 'noClusters' };
  if (head.total > 0) return { phase: 'filtered' };
  const of = (...states: ScopeState['state'][]) => head.scopes.filter((scope) => states.includes(scope.state));
  // While any cluster may still bring rows, nothing is said to be empty.
  if (of('listing').length > 0) return { phase: 'listing' };
  if (of('live', 'stopped').length > 0) return { phase: 'empty' };
  const [forbidden, absent] = [of('forbidden'), of('absent')];
  if (forbidden.length > 0) return { phase: 'forbidden', scopes: forbidden };
  if (absent.length === head.scopes.length) return { phase: 'absent', scopes: absent };
  const lost = of('unreachable', 'stale');
  return lost.length > 0 ? { phase: 'unreachable', scopes: lost } : { phase: 'empty' };
}

export interface Notice {
  kind: 'stale' | 'closed' | 'unreachable' | 'forbidden' | 'limited';
  scopes: ScopeState[];
}

/**
 * What a list that has rows does not show, worst first. A kind that some clusters do not serve is no news; a cluster that
 * its user has closed is not a failure.
 */
export function listNotices(head: ListHead, isClosed: (cluster: string) => boolean = () => false): Notice[] {
  const notices: Notice[] = [
    { kind: 'unreachable', scopes: head.scopes.filter((scope) => scope.state === 'unreachable') },
    { kind: 'stale', scopes: head.scopes.filter((scope) => scope.state === 'stale' && !isClosed(scope.cluster)) },
    { kind: 'closed', scopes: head.scopes.filter((scope) => scope.state === 'stale' && isClosed(scope.cluster)) },
    { kind: 'forbidden', scopes: head.scopes.filter((scope) => scope.state === 'forbidden') },
    {
      kind: 'limited',
      scopes: head.scopes.filter((scope) => scope.namespaces !== undefined && scope.state !== 'forbidden'),
    },
  ];
  return notices.filter((notice) => notice.scopes.length > 0);
}

/** The rule that would let someone list a kind, as YAML that an administrator can apply. */
export function grantingRole(kind: { group: string; resource: string }, user: string, namespace = ''): string {
  const name = `kubesage-read-${kind.resource}`;
  const inNamespace = namespace !== '';
  const metadata = inNamespace ? `  name: ${name}\n  namespace: ${namespace}` : `  name: ${name}`;
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${inNamespace ? 'Role' : 'ClusterRole'}
metadata:
${metadata}
rules:
  - apiGroups: ["${kind.group}"]
    resources: ["${kind.resource}"]
    verbs: ["get", "list", "watch"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${inNamespace ? 'RoleBinding' : 'ClusterRoleBinding'}
metadata:
${metadata}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${inNamespace ? 'Role' : 'ClusterRole'}
  name: ${name}
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: ${JSON.stringify(user)}
`;
}

/** Splits a kind id into resource and API group: `deployments.apps`. */
export function kindParts(kind: string): { resource: string; group: string } {
  const dot = kind.indexOf('.');
  return dot < 0 ? { resource: kind, group: '' } : { resource: kind.slice(0, dot), group: kind.slice(dot + 1) };
}
