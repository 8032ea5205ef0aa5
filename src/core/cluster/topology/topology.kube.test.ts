import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readPublished } from '../../testing/published/published.ts';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { TopologyNode, TopologyQuery } from './contract.ts';

/** Gateways, routes, endpoints and applications on a real API server, with the definitions as they are published. */
saySkipped('topology on a real API server');

const definitions = {
  'gateway-api-crds': ['gateways.gateway.networking.k8s.io', 'httproutes.gateway.networking.k8s.io'],
  'istio-crds': [
    'gateways.networking.istio.io',
    'virtualservices.networking.istio.io',
    'destinationrules.networking.istio.io',
  ],
  'argo-cd-install': ['applications.argoproj.io'],
};
const [shop, infra] = [`shop-${process.pid}`, `infra-${process.pid}`];

const web = (name: string, labels = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${shop}, labels: { app: ${name}${labels} } }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: web, image: "shop/web:1" }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${shop} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`;

const objects = `
${web('web')}
---
${web('reviews', ', helm.toolkit.fluxcd.io/name: ratings')}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: ${infra} }
spec:
  gatewayClassName: some
  listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: shop-tls }] }, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: ${shop} }
spec:
  parentRefs: [{ name: public, namespace: ${infra} }]
  rules: [{ backendRefs: [{ name: web, port: 80 }, { name: gone, port: 80 }] }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: mesh-edge, namespace: ${shop} }
spec: { selector: { app: reviews }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: ${shop} }
spec:
  hosts: [reviews.example.com]
  gateways: [mesh-edge, mesh]
  http: [{ route: [{ destination: { host: reviews, port: { number: 80 } } }] }]
  tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: web.${shop}.svc.cluster.local } }] }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: ${shop} }
spec: { host: reviews.${shop}.svc.cluster.local, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: storefront, namespace: ${infra} }
spec:
  project: default
  source: { repoURL: "https://example.com/shop.git", path: . }
  destination: { server: "https://kubernetes.default.svc", namespace: ${shop} }
status:
  resources: [{ version: v1, kind: Service, namespace: ${shop}, name: web }, { group: apps, version: v1, kind: Deployment, namespace: ${shop}, name: web }]
`;

describe.skipIf(clusterTool === undefined)('topology', { timeout: 90_000 }, () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`topology-${process.pid}`, { up: ['--nodes', '2'] });
    const apply = (text: string) => real.kubectl(['apply', '--server-side', '-f', '-'], text);
    for (const space of [shop, infra]) real.kubectl(['create', 'namespace', space]);
    for (const [file, names] of Object.entries(definitions)) {
      const { objects: all } = readPublished(file);
      const wanted = all.filter(({ metadata }) => names.includes(metadata.name));
      apply(wanted.map((definition) => stringify(definition)).join('---\n'));
      // kubectl fails where the definition has no condition yet.
      await real.until(
        () =>
          void real.kubectl([
            'wait',
            '--for=condition=Established',
            '--timeout=60s',
            ...names.map((name) => `crd/${name}`),
          ]),
      );
    }
    await real.until(() => void apply(objects));
    for (const name of ['web', 'reviews']) {
      real.kubectl(['rollout', 'status', '-n', shop, `deployment/${name}`, '--timeout=90s']);
    }
  }, 240_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'namespace', '--wait=false', shop, infra]);
    await real?.close();
  }, 60_000);

  const picture = (query: TopologyQuery, accepts: (rows: readonly TopologyNode[]) => void) =>
    new Promise<readonly TopologyNode[]>((resolve, reject) => {
      let last: unknown = new Error('Nothing came');
      const giveUp = setTimeout(() => reject(last), 60_000);
      const following = real.client.topology.graph(query, {
        change({ head, rows }) {
          try {
            expect(head.loading).toBe(false);
            const keys = new Set(rows.map(({ key }) => key));
            for (const { edges } of rows) for (const { to } of edges) expect(keys).toContain(to);
            expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(head.objects);
            accepts(rows);
          } catch (error) {
            last = error;
            return;
          }
          clearTimeout(giveUp);
          queueMicrotask(() => following.dispose());
          resolve(rows);
        },
        error: reject,
      });
    });
  const of = (rows: readonly TopologyNode[], kind: string, name: string) =>
    rows.find((row) => row.kind === kind && row.name === name && row.form !== 'more');
  const edges = (rows: readonly TopologyNode[], node: TopologyNode | undefined) =>
    node?.edges.map(({ to, kind }) => {
      const target = rows.find(({ key }) => key === to);
      return `${kind} ${target?.kindName} ${target?.name}`;
    });

  test('a request is followed from the gateway over its route to the services, also between namespaces', async () => {
    const rows = await picture({ namespaces: [shop, infra] }, (all) => {
      expect(edges(all, of(all, 'gateways.gateway.networking.k8s.io', 'public'))).toEqual(['routes HTTPRoute web']);
      expect(edges(all, of(all, 'httproutes.gateway.networking.k8s.io', 'web'))).toEqual([
        'routes Service web',
        'routes Service gone',
      ]);
    });
    expect(of(rows, 'services', 'gone')).toMatchObject({ tone: 'warning', status: 'Missing' });
    expect(of(rows, 'gateways.gateway.networking.k8s.io', 'public')?.uses).toEqual([{ kindName: 'Secret', count: 1 }]);
    expect(edges(rows, of(rows, 'services', 'web'))).toEqual(['selects Pod web']);
  });

  test('of a namespace that was not asked for, the gateway of a route is there and not missing', async () => {
    await picture({ namespaces: [shop] }, (all) => {
      const gateway = of(all, 'gateways.gateway.networking.k8s.io', 'public');
      expect(gateway).toMatchObject({ namespace: infra });
      expect(gateway?.status).not.toBe('Missing');
      expect(edges(all, gateway)).toEqual(['routes HTTPRoute web']);
    });
  });

  test("Istio's gateways, virtual services and rules lead to services", async () => {
    await picture({ namespaces: [shop], layers: ['policies'] }, (all) => {
      expect(edges(all, of(all, 'gateways.networking.istio.io', 'mesh-edge'))).toEqual([
        'selects Pod reviews',
        'routes VirtualService reviews',
      ]);
      expect(edges(all, of(all, 'virtualservices.networking.istio.io', 'reviews'))).toEqual([
        'routes Service reviews',
        'routes Service web',
      ]);
      expect(edges(all, of(all, 'destinationrules.networking.istio.io', 'reviews'))).toEqual([
        'selects Service reviews',
      ]);
    });
  });

  test('endpoints stand between a service and its pods, those that are not ready included', async () => {
    const slice = (all: readonly TopologyNode[]) =>
      all.find(({ stage, name }) => stage === 'endpoints' && name.startsWith('web-'));
    const rows = await picture({ namespaces: [shop], layers: ['endpoints'] }, (all) => {
      expect(slice(all)).toMatchObject({ tone: 'healthy', status: '2/2' });
      expect(edges(all, slice(all))).toEqual(['selects Pod web']);
    });
    expect(edges(rows, of(rows, 'services', 'web'))).toEqual([`routes EndpointSlice ${slice(rows)?.name}`]);
    const [pod] = JSON.parse(real.kubectl(['get', 'pods', '-n', shop, '-l', 'app=web', '-o', 'json'])).items;
    const conditions = pod.status.conditions.map((each: { type: string }) =>
      each.type === 'Ready' ? { ...each, status: 'False' } : each,
    );
    const patch = JSON.stringify({ status: { conditions } });
    await picture({ namespaces: [shop], layers: ['endpoints'] }, (all) => {
      // Simulated nodes may set it back: as often as it takes.
      if (slice(all)?.status !== '1/2') {
        real.kubectl([
          'patch',
          'pod',
          '-n',
          shop,
          pod.metadata.name,
          '--subresource=status',
          '--type=merge',
          '-p',
          patch,
        ]);
      }
      expect(slice(all)).toMatchObject({ tone: 'progressing', status: '1/2' });
      expect(slice(all)?.edges).toMatchObject([{ kind: 'selects', count: 2 }]);
    });
  });

  test('what Argo CD tracks, or Flux labels, is one application', async () => {
    const groups = (all: readonly TopologyNode[], names: readonly string[]) =>
      names.map((name) => of(all, 'deployments.apps', name)?.group.split('/').at(-1));
    await picture({ namespaces: [shop], by: 'app' }, (all) => {
      expect(groups(all, ['web', 'reviews'])).toEqual(['storefront', 'ratings']);
    });
  });
});
