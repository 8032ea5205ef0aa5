import type { Exchange } from './exchange.ts';
import { type ServedKind, servedKinds } from './servedKinds.ts';

const verbs = ['get', 'list', 'watch', 'create', 'delete'];
const kubeSystemUid = '11111111-1111-4111-8111-111111111111';

/** What is asked of an API server beside lists and watches of its kinds. */
export function answerDiscovery(
  exchange: Exchange,
  server: {
    absent: ReadonlySet<string>;
    forbidden: ReadonlySet<string>;
    announcers: Set<Exchange>;
    announced: number;
    minor: number;
  },
): void {
  const { absent, forbidden, announcers, announced, minor } = server;
  const { path, query, headers, body } = exchange.request;
  const aggregated = (headers.accept ?? '').includes('as=APIGroupDiscoveryList');
  // A built-in kind that is answered with 404 is a proxy's mistake: the server goes on to announce it.
  const served = servedKinds.filter(({ id, message }) => message !== undefined || !absent.has(id));
  const type = aggregated ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : 'application/json';
  const answer = (value: object) => exchange.send(200, JSON.stringify(value), { 'Content-Type': type });
  if (path === '/livez' || path === '/readyz') {
    exchange.send(200, 'ok', { 'Content-Type': 'text/plain' });
    return;
  }
  if (path === '/version') {
    exchange.json({ major: '1', minor: String(minor), gitVersion: `v1.${minor}.2` });
    return;
  }
  if (path === '/api/v1/namespaces/kube-system') {
    exchange.json({
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name: 'kube-system', uid: kubeSystemUid },
    });
    return;
  }
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
    const { resourceAttributes: asked } = JSON.parse(body).spec as { resourceAttributes: Record<string, string> };
    const id = asked.group === '' ? `${asked.resource}` : `${asked.resource}.${asked.group}`;
    // An authorizer that has not heard of the refusal says of a namespace what the list will not keep.
    exchange.json({ status: { allowed: asked.namespace !== '' || !forbidden.has(id) } });
    return;
  }
  if (path === '/api') {
    answer(aggregated ? aggregatedOf(served, true) : { versions: ['v1'] });
    return;
  }
  if (path === '/apis') {
    answer(aggregated ? aggregatedOf(served, false) : { kind: 'APIGroupList', groups: groupsOf(served) });
    return;
  }
  const group = /^\/apis?\/(.+)$/.exec(path)?.[1];
  const resources = served.filter(({ apiVersion }) => apiVersion === group);
  if (resources.length > 0) {
    exchange.json({ kind: 'APIResourceList', groupVersion: group, resources: resources.map(resourceOf) });
    return;
  }
  if (path.endsWith('/customresourcedefinitions') || path.endsWith('/apiservices')) {
    if (query.get('watch') === 'true') {
      exchange.begin('application/json');
      if (Number(query.get('resourceVersion')) < announced) exchange.chunk(announcement(announced));
      announcers.add(exchange);
      exchange.onClose = () => announcers.delete(exchange);
      return;
    }
    exchange.json({ kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: `${announced}` }, items: [] });
    return;
  }
  exchange.send(404, '{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}');
}

/** What a watch of definitions is told: that one changed. */
export function announcement(version: number): Buffer {
  const metadata = { name: 'widgets.example.com', resourceVersion: `${version}` };
  return Buffer.from(`${JSON.stringify({ type: 'MODIFIED', object: { metadata } })}\n`);
}

function groupOf({ apiVersion }: ServedKind): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function aggregatedOf(kinds: readonly ServedKind[], core: boolean): object {
  const groups = [...new Set(kinds.map(groupOf))].filter((group) => (group === '') === core);
  const items = groups.map((name) => ({
    metadata: { name },
    versions: [
      {
        version: 'v1',
        freshness: 'Current',
        resources: kinds
          .filter((kind) => groupOf(kind) === name)
          .map(({ resource, kind, namespaced }) => ({
            resource,
            responseKind: { group: name, version: 'v1', kind },
            scope: namespaced ? 'Namespaced' : 'Cluster',
            verbs,
          })),
      },
    ],
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items };
}

function groupsOf(kinds: readonly ServedKind[]): object[] {
  const names = [...new Set(kinds.map(groupOf))].filter((name) => name !== '');
  return names.map((name) => {
    const version = { groupVersion: `${name}/v1`, version: 'v1' };
    return { name, versions: [version], preferredVersion: version };
  });
}

function resourceOf({ resource, kind, namespaced }: ServedKind): object {
  return { name: resource, singularName: kind.toLowerCase(), namespaced, kind, verbs };
}
