import type { TemplateBinding, TemplateBody } from './contract.ts';
import type { KubeObject } from './model.ts';

/** One object that a template makes, with the kind id that it has in the fleet. */
export interface TemplateObject {
  kind: string;
  object: KubeObject;
}

const names = {
  quota: 'default-quota',
  limits: 'default-limits',
  deny: 'default-deny',
  same: 'allow-same-namespace',
  dns: 'allow-dns',
};
const security = 'pod-security.kubernetes.io';

/** The namespace first, then what is in it. `{namespace}` is replaced by the name. */
export function templateObjects(name: string, body: TemplateBody): [TemplateObject, ...TemplateObject[]] {
  const fill = (text: string) => text.replaceAll('{namespace}', name);
  const filled = (map: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fill(value)]));
  const levels = Object.fromEntries(
    (['enforce', 'warn', 'audit'] as const).flatMap((mode) =>
      body.podSecurity[mode] === '' ? [] : [[`${security}/${mode}`, body.podSecurity[mode]]],
    ),
  );
  const labels = { ...filled(body.labels), ...levels };
  const annotations = filled(body.annotations);
  const namespace: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
  const inside: TemplateObject[] = [
    ...quotaObjects(name, body),
    ...limitObjects(name, body),
    ...policyObjects(name, body),
    ...bindingObjects(name, body.bindings, fill),
  ];
  return [{ kind: 'namespaces', object: namespace }, ...inside];
}

export function quotaObject(namespace: string, name: string, hard: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name, namespace }, spec: { hard } };
}

function quotaObjects(namespace: string, { quota }: TemplateBody): TemplateObject[] {
  if (Object.keys(quota).length === 0) return [];
  return [{ kind: 'resourcequotas', object: quotaObject(namespace, names.quota, quota) }];
}

function limitObjects(namespace: string, { limits }: TemplateBody): TemplateObject[] {
  const given = Object.entries(limits).filter(([, amounts]) => Object.keys(amounts).length > 0);
  if (given.length === 0) return [];
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: names.limits, namespace },
    spec: { limits: [{ type: 'Container', ...Object.fromEntries(given) }] },
  };
  return [{ kind: 'limitranges', object }];
}

function policyObjects(namespace: string, { network }: TemplateBody): TemplateObject[] {
  const { ingress, egress, dns } = network;
  const closed = [...(ingress === 'open' ? [] : ['Ingress']), ...(egress === 'open' ? [] : ['Egress'])];
  if (closed.length === 0) return [];
  const policy = (name: string, spec: Record<string, unknown>): TemplateObject => ({
    kind: 'networkpolicies.networking.k8s.io',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: { podSelector: {}, ...spec },
    },
  });
  const same = [{ podSelector: {} }];
  const within = [
    ...(ingress === 'sameNamespace' ? ['Ingress'] : []),
    ...(egress === 'sameNamespace' ? ['Egress'] : []),
  ];
  return [
    policy(names.deny, { policyTypes: closed }),
    ...(within.length === 0
      ? []
      : [
          policy(names.same, {
            policyTypes: within,
            ...(ingress === 'sameNamespace' && { ingress: [{ from: same }] }),
            ...(egress === 'sameNamespace' && { egress: [{ to: same }] }),
          }),
        ]),
    ...(egress === 'open' || !dns
      ? []
      : [
          policy(names.dns, {
            policyTypes: ['Egress'],
            egress: [
              {
                to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
                ports: [
                  { protocol: 'UDP', port: 53 },
                  { protocol: 'TCP', port: 53 },
                ],
              },
            ],
          }),
        ]),
  ];
}

function bindingObjects(
  namespace: string,
  bindings: readonly TemplateBinding[],
  fill: (text: string) => string,
): TemplateObject[] {
  const taken = new Map<string, number>();
  return bindings.map(({ roleKind, role, subjects }) => {
    const plain = role.toLowerCase().replace(/[^-a-z0-9.]+/g, '-');
    const times = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, times);
    const group = 'rbac.authorization.k8s.io';
    return {
      kind: 'rolebindings.rbac.authorization.k8s.io',
      object: {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata: { name: times === 1 ? plain : `${plain}-${times}`, namespace },
        roleRef: { apiGroup: group, kind: roleKind, name: role },
        subjects: subjects.map((subject) =>
          subject.kind === 'ServiceAccount'
            ? { kind: subject.kind, name: fill(subject.name), namespace: fill(subject.namespace) || namespace }
            : { kind: subject.kind, name: fill(subject.name), apiGroup: group },
        ),
      },
    };
  });
}
