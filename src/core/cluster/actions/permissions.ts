import { stringify } from 'yaml';
import type { Clock } from '../../kernel/clock.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { Need } from './model.ts';

/** Rights change seldom; a menu is opened often. */
const keptMs = 60_000;

export interface Permission {
  allowed: boolean;
  reason?: string;
  rule?: string;
}

export interface Permissions {
  /** What the API server says to `kubectl auth can-i`. Rejects when it cannot be asked. */
  ask(cluster: string, need: Need, namespace: string): Promise<Permission>;
}

export function createPermissions(fleet: OpenClusters, clock: Clock): Permissions {
  const kept = new Map<string, { until: number; answer: Promise<Permission> }>();
  return {
    ask(cluster, need, namespace) {
      const key = JSON.stringify([cluster, need, namespace]);
      const known = kept.get(key);
      if (known !== undefined && known.until > clock.steady()) return known.answer;
      const answer = review(fleet, cluster, need, need.namespace ?? namespace);
      kept.set(key, { until: clock.steady() + keptMs, answer });
      // Who could not be asked is asked again.
      answer.catch(() => kept.delete(key));
      return answer;
    },
  };
}

async function review(fleet: OpenClusters, cluster: string, need: Need, namespace: string): Promise<Permission> {
  const { verb, group, resource, subresource } = need;
  const answer = await fleet.request(cluster, {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, subresource, namespace } },
    }),
  });
  const { status } = JSON.parse(new TextDecoder().decode(answer.body)) as {
    status?: { allowed?: boolean; reason?: string };
  };
  if (status?.allowed === true) return { allowed: true };
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const user = fleet.byId(cluster)?.user ?? '';
  const where = namespace === '' ? 'in the whole cluster' : `in ${namespace}`;
  return {
    allowed: false,
    reason: `${user === '' ? 'This user' : user} may not ${verb} ${what} ${where}${status?.reason ? `: ${status.reason}` : ''}`,
    rule: stringify([{ apiGroups: [group], resources: [what], verbs: [verb] }]),
  };
}
