import type { ResourceType } from '../kinds/registry.ts';
import { type Fields, textAt } from '../objects.ts';
import { forbidden, unauthorized } from './status.ts';

/** One rule of what a user may do. `*` stands for all. */
export interface AccessRule {
  verbs: readonly string[];
  groups: readonly string[];
  /** Plural names, `pods/log` for subresources. */
  resources: readonly string[];
  /** Namespaces where the rule holds; absent: everywhere, cluster-scoped resources too. */
  namespaces?: readonly string[] | undefined;
}

export interface SimulatedUser {
  name: string;
  groups: readonly string[];
  /** Bearer token. Whoever has it is this user. */
  token: string;
  rules: readonly AccessRule[];
}

export const everything: readonly AccessRule[] = [{ verbs: ['*'], groups: ['*'], resources: ['*'] }];

/** What an access is about. `resource` includes the subresource. */
export interface AccessRequest {
  verb: string;
  group: string;
  resource: string;
  namespace: string;
}

function covers(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

export function mayAccess(user: SimulatedUser, request: AccessRequest): boolean {
  return user.rules.some(
    (rule) =>
      covers(rule.verbs, request.verb) &&
      covers(rule.groups, request.group) &&
      covers(rule.resources, request.resource) &&
      (rule.namespaces === undefined || rule.namespaces.includes(request.namespace)),
  );
}

/** Who calls: 401 without a known token. */
export function authenticate(users: readonly SimulatedUser[], authorization: string | undefined): SimulatedUser {
  const token = authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : '';
  const user = users.find((candidate) => candidate.token === token);
  if (user === undefined) throw unauthorized();
  return user;
}

export function authorize(
  user: SimulatedUser,
  verb: string,
  type: ResourceType,
  where: { namespace: string; name: string; subresource: string | undefined },
): void {
  const resource = where.subresource === undefined ? type.resource : `${type.resource}/${where.subresource}`;
  // A namespace's own object is reached by whoever has the verb inside it, as with a Role there.
  const namespace = type.id === 'namespaces' ? where.name : where.namespace;
  if (mayAccess(user, { verb, group: type.group, resource, namespace })) return;
  throw forbidden(
    user.name,
    verb,
    { group: type.group, resource: type.resource, subresource: where.subresource },
    { namespace: where.namespace, name: where.name, namespaced: type.namespaced },
  );
}

/** Answers a SelfSubjectAccessReview. */
export function reviewAccess(user: SimulatedUser, review: Fields): Fields {
  const attributes = (path: string) => textAt(review, `spec.resourceAttributes.${path}`);
  const subresource = attributes('subresource');
  const allowed =
    review.spec !== undefined && textAt(review, 'spec.nonResourceAttributes.path') !== ''
      ? true
      : mayAccess(user, {
          verb: attributes('verb'),
          group: attributes('group'),
          resource: subresource === '' ? attributes('resource') : `${attributes('resource')}/${subresource}`,
          namespace: attributes('namespace'),
        });
  return { ...review, status: { allowed, ...(allowed ? { reason: 'allowed by the simulated rules' } : {}) } };
}

/** Answers a SelfSubjectRulesReview: the rules that hold in the named namespace. */
export function reviewRules(user: SimulatedUser, review: Fields): Fields {
  const namespace = textAt(review, 'spec.namespace');
  const rules = user.rules.filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace));
  return {
    ...review,
    status: {
      resourceRules: rules.map((rule) => ({ verbs: rule.verbs, apiGroups: rule.groups, resources: rule.resources })),
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version', '/healthz', '/livez', '/readyz', '/api*'] }],
      incomplete: false,
    },
  };
}
