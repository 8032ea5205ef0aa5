import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { ClusterTransport } from './ports.ts';

/** More namespaces than this are not asked for one by one: each costs the server a review. */
const maxNamespaces = 200;
const atOnce = 4;

/**
 * Where a user who may not list a kind everywhere may list it: the kubeconfig's namespace, and those of all namespaces
 * (where these may be listed) that a SelfSubjectAccessReview allows. The kubeconfig's namespace is asked for first.
 * Rejects as the transport does when the server cannot be reached; what it forbids only makes the answer smaller.
 */
export async function findListableNamespaces(
  transport: ClusterTransport,
  kind: DiscoveredKind,
  contextNamespace: string,
  signal: AbortSignal,
): Promise<string[]> {
  const all = await listNamespaces(transport, signal);
  const own = contextNamespace === '' ? 'default' : contextNamespace;
  const candidates = [...new Set([own, ...all])].slice(0, maxNamespaces);
  const allowed: string[] = [];
  for (let start = 0; start < candidates.length; start += atOnce) {
    const batch = candidates.slice(start, start + atOnce);
    // Where there are no reviews, trying to list says it as well.
    const answers = await Promise.all(
      batch.map((namespace) => mayList(transport, { kind, namespace, unanswered: true }, signal)),
    );
    allowed.push(...batch.filter((_, at) => answers[at]));
  }
  return allowed.sort();
}

async function listNamespaces(transport: ClusterTransport, signal: AbortSignal): Promise<string[]> {
  // OpenShift gives a user the projects that are theirs, where plain Kubernetes says no.
  for (const path of [
    `/api/v1/namespaces?limit=${maxNamespaces}`,
    `/apis/project.openshift.io/v1/projects?limit=${maxNamespaces}`,
  ]) {
    try {
      const answer = await transport.request({ path, headers: { Accept: 'application/json' }, signal });
      const list = JSON.parse(new TextDecoder().decode(answer.body)) as { items?: { metadata?: { name?: unknown } }[] };
      return (list.items ?? []).flatMap((item) =>
        typeof item.metadata?.name === 'string' ? [item.metadata.name] : [],
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return [];
}

/**
 * Whether a SelfSubjectAccessReview lets a kind be listed; `namespace` is empty for all of them. A server that answers no
 * reviews is taken to say `unanswered`.
 */
export async function mayList(
  transport: ClusterTransport,
  { kind, namespace, unanswered }: { kind: DiscoveredKind; namespace: string; unanswered: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const answer = await transport.request({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, verb: 'list', group: kind.group, resource: kind.resource } },
      }),
      signal,
    });
    const review = JSON.parse(new TextDecoder().decode(answer.body)) as { status?: { allowed?: unknown } };
    return review.status?.allowed === true;
  } catch (error) {
    if (isRefusal(error)) return unanswered;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'forbidden' || code === 'notFound' || code === 'unsupported' || code === 'invalid';
}
