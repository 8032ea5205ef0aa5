import { toErrorValue } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { objectPath } from '../resources/index.ts';
import type { Contents, NamespaceDetail, NamespaceName, QuotaUse } from './contract.ts';
import { byShare, type KubeObject, ruleText, selectorText, shareOf } from './model.ts';

/** Reads JSON of one cluster; rejects as the fleet's requests do. */
export async function readJson<T>(fleet: OpenClusters, cluster: string, path: string, signal: AbortSignal): Promise<T> {
  const answer = await fleet.request(cluster, { path, headers: { Accept: 'application/json' }, signal });
  return JSON.parse(new TextDecoder().decode(answer.body)) as T;
}

export function namespacePath(name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(name)}`;
}

/** The namespace with what governs it. What may not be read is told and not an error. */
export async function readDetail(
  fleet: OpenClusters,
  { cluster, namespace }: NamespaceName,
  signal: AbortSignal,
): Promise<NamespaceDetail> {
  const problems: NamespaceDetail['problems'] = [];
  const root = namespacePath(namespace);
  const list = async (what: string, path: string): Promise<KubeObject[]> => {
    try {
      const { items } = await readJson<{ items: KubeObject[] }>(fleet, cluster, path, signal);
      return items.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    } catch (error) {
      signal.throwIfAborted();
      problems.push({ what, message: toErrorValue(error).message });
      return [];
    }
  };
  const grouped = (group: string, resource: string) =>
    `/apis/${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
  const [self, quotas, limitRanges, policies, bindings] = await Promise.all([
    readJson<KubeObject>(fleet, cluster, root, signal),
    list('resourcequotas', `${root}/resourcequotas`),
    list('limitranges', `${root}/limitranges`),
    list('networkpolicies', grouped('networking.k8s.io/v1', 'networkpolicies')),
    list('rolebindings', grouped('rbac.authorization.k8s.io/v1', 'rolebindings')),
  ]);
  return {
    labels: self.metadata.labels ?? {},
    annotations: self.metadata.annotations ?? {},
    finalizers: [...((self.spec?.finalizers as string[] | undefined) ?? []), ...(self.metadata.finalizers ?? [])],
    quotas: quotas.map(quotaOf),
    limitRanges: limitRanges.map(({ metadata, spec }) => ({ name: metadata.name, limits: limitsOf(spec) })),
    policies: policies.map(({ metadata, spec = {} }) => ({
      name: metadata.name,
      selector: selectorText(spec.podSelector),
      types: (spec.policyTypes as string[] | undefined) ?? [],
      ingress: ((spec.ingress as unknown[] | undefined) ?? []).map(ruleText),
      egress: ((spec.egress as unknown[] | undefined) ?? []).map(ruleText),
    })),
    bindings: bindings.map(bindingOf),
    problems,
  };
}

function quotaOf({ metadata, spec = {}, status = {} }: KubeObject): NamespaceDetail['quotas'][number] {
  const hard = (status.hard ?? spec.hard ?? {}) as Record<string, string>;
  const used = (status.used ?? {}) as Record<string, string>;
  const selector = spec.scopeSelector as
    | { matchExpressions?: { scopeName: string; operator: string; values?: string[] }[] }
    | undefined;
  const resources = Object.entries(hard).map(
    ([resource, most]): QuotaUse => ({
      quota: metadata.name,
      resource,
      used: used[resource] ?? '0',
      hard: most,
      share: shareOf(used[resource] ?? '0', most),
    }),
  );
  return {
    name: metadata.name,
    scopes: [
      ...((spec.scopes as string[] | undefined) ?? []),
      ...(selector?.matchExpressions ?? []).map(({ scopeName, operator, values = [] }) =>
        [scopeName, operator, values.join(',')].filter(Boolean).join(' '),
      ),
    ],
    resources: byShare(resources),
  };
}

function limitsOf(spec: KubeObject['spec']): NamespaceDetail['limitRanges'][number]['limits'] {
  const limits = (spec?.limits ?? []) as ({ type: string } & Record<string, Record<string, string> | undefined>)[];
  return limits.map((limit) => ({
    type: limit.type,
    max: limit.max ?? {},
    min: limit.min ?? {},
    default: limit.default ?? {},
    defaultRequest: limit.defaultRequest ?? {},
    ratio: limit.maxLimitRequestRatio ?? {},
  }));
}

function bindingOf({ metadata, ...rest }: KubeObject): NamespaceDetail['bindings'][number] {
  const role = (rest.roleRef ?? { kind: '', name: '' }) as { kind: string; name: string };
  const subjects = (rest.subjects ?? []) as { kind: string; name: string; namespace?: string }[];
  return {
    name: metadata.name,
    roleKind: role.kind,
    role: role.name,
    subjects: subjects.map(({ kind, name, namespace = '' }) => ({ kind, name, namespace })),
  };
}

const kindsAtOnce = 8;
const mostNames = 5;
/** Told by others: events are about what is there, and reviews and bindings are no objects. */
const notContents = new Set(['events', 'events.events.k8s.io', 'endpointslices.discovery.k8s.io', 'endpoints']);

/**
 * Counts what is in a namespace, kind by kind, with a few names of each. The API server is asked: kinds that nobody
 * watches count, too.
 */
export async function readContents(
  fleet: OpenClusters,
  { cluster, namespace }: NamespaceName,
  signal: AbortSignal,
): Promise<{ contents: Contents[]; unknown: string[] }> {
  const kinds = (fleet.byId(cluster)?.kinds ?? []).filter(
    ({ id, namespaced, verbs }) => namespaced && verbs.includes('list') && !notContents.has(id),
  );
  // Kinds that two groups serve are the same objects.
  const waiting = [...kinds];
  const contents: Contents[] = [];
  const unknown: string[] = [];
  const worker = async () => {
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) {
      const path = objectPath(kind, namespace, 'x').slice(0, -2);
      try {
        const answer = await fleet.request(cluster, {
          path: `${path}?limit=${mostNames}`,
          headers: { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' },
          signal,
        });
        const { items, metadata = {} } = JSON.parse(new TextDecoder().decode(answer.body)) as {
          items: { metadata: { name: string } }[] | null;
          metadata?: { remainingItemCount?: number };
        };
        const names = (items ?? []).map(({ metadata: { name } }) => name).filter((name) => !isGiven(kind.id, name));
        const count = names.length + (metadata.remainingItemCount ?? 0);
        if (count > 0) contents.push({ kind: kind.id, kindName: kind.kind, count, names });
      } catch (error) {
        signal.throwIfAborted();
        const { code } = toErrorValue(error);
        if (code !== 'notFound') unknown.push(kind.kind);
      }
    }
  };
  await Promise.all(Array.from({ length: kindsAtOnce }, worker));
  contents.sort((a, b) => b.count - a.count || (a.kindName < b.kindName ? -1 : 1));
  return { contents, unknown: unknown.sort() };
}

/** Every namespace is given them. */
function isGiven(kind: string, name: string): boolean {
  return (kind === 'configmaps' && name === 'kube-root-ca.crt') || (kind === 'serviceaccounts' && name === 'default');
}
