import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../cluster/changes/contract.ts';
import type { KindRow, Row } from '../../cluster/resources/contract.ts';
import type { TopologyHead, TopologyNode } from '../../cluster/topology/contract.ts';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../realEngine.ts';
import { disagreements } from './agreement.ts';
import { type PublishedObject, readPublished } from './published.ts';
import { connectTables, type TableReader } from './serverTable.ts';

/** What people install, applied and browsed through the contract, and held against what kubectl prints of it. */
saySkipped('published manifests on a real API server');

interface Definition extends PublishedObject {
  spec: { group: string; names: { plural: string; kind: string }; versions: { name: string; served: boolean }[] };
}

const isDefinition = (object: PublishedObject): object is Definition => object.kind === 'CustomResourceDefinition';

/** `namespace` is for objects that name none. */
const published: readonly { name: string; namespace: string }[] = [
  { name: 'online-boutique', namespace: 'shop' },
  { name: 'kube-prometheus', namespace: 'default' },
  { name: 'argo-cd-install', namespace: 'argocd' },
  { name: 'flux-install', namespace: 'default' },
  { name: 'cert-manager', namespace: 'default' },
  { name: 'istio-crds', namespace: 'default' },
  { name: 'gateway-api-crds', namespace: 'default' },
];

/** What is not well here, and rightly so: nothing gives addresses or answers, and no operator runs that makes the pods. */
const rightlyBad = new Set([
  'services shop/frontend-external',
  'services monitoring/alertmanager-main',
  'services monitoring/prometheus-k8s',
  'poddisruptionbudgets.policy monitoring/prometheus-k8s',
  'apiservices.apiregistration.k8s.io /v1beta1.metrics.k8s.io',
]);

describe.skipIf(clusterTool === undefined)('published manifests', () => {
  let real: RealEngine;
  let tables: TableReader;
  beforeAll(async () => {
    real = await startRealEngine(`published-${process.pid}`, { up: ['--nodes', '3'] });
    tables = connectTables(real.kubeconfig);
  }, 180_000);
  afterAll(async () => {
    tables?.close();
    await real?.close();
  }, 60_000);

  const ended = (run: string) =>
    new Promise<Run>((resolve, reject) => {
      const following = real.client.changes.runs(
        {},
        {
          change({ rows }) {
            const found = rows.find(({ key }) => key === run);
            if (found === undefined || found.endedAt === null) return;
            following.dispose();
            resolve(found);
          },
          error: reject,
        },
      );
    });

  const apply = async (text: string, namespace: string) => {
    const { run } = await real.client.manifests.apply({ cluster: real.cluster, text, namespace, confirmed: 'yes' });
    const { state, steps } = await ended(run);
    return {
      state,
      wrong: steps.filter((step) => step.state !== 'done').map(({ object, message }) => [object.name, message]),
    };
  };

  /** Every kind that is served, once those of these definitions are among them. */
  const kindsWith = (ids: readonly string[]) =>
    new Promise<readonly KindRow[]>((resolve, reject) => {
      const following = real.client.resources.kinds(
        {},
        {
          change({ rows }) {
            const known = new Set(rows.map(({ id }) => id));
            if (!ids.every((id) => known.has(id))) return;
            following.dispose();
            resolve(rows);
          },
          error: reject,
        },
      );
    });

  const list = async (kind: string) => {
    const { head } = await real.client.resources.query({ kind, limit: 0 });
    const columns = head.available.map(({ id }) => id);
    return real.client.resources.query({ kind, limit: 1000, columns });
  };

  const pathOf = ({ group, version, resource }: KindRow) =>
    `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`;

  const picture = (
    namespaces: readonly string[],
    accepts: (state: { head: TopologyHead; rows: readonly TopologyNode[] }) => boolean,
  ) =>
    new Promise<{ head: TopologyHead; rows: readonly TopologyNode[] }>((resolve, reject) => {
      const following = real.client.topology.graph(
        { namespaces: [...namespaces], layers: ['config', 'policies', 'hosts'], budget: 2000 },
        {
          change(state) {
            if (state.head.loading || !accepts(state)) return;
            following.dispose();
            resolve(state);
          },
          error: reject,
        },
      );
    });

  test.each(published)(
    '$name: applied, listed as kubectl lists it, looked into, and drawn',
    async ({ name, namespace }) => {
      if (namespace !== 'default') real.kubectl(['create', 'namespace', namespace]);
      const { texts, objects } = readPublished(name);
      for (const text of texts) expect(await apply(text, namespace)).toEqual({ state: 'done', wrong: [] });

      const definitions = objects.filter(isDefinition);
      const ids = definitions.map(({ spec }) => `${spec.names.plural}.${spec.group}`);
      const kinds = await kindsWith(ids);
      const used = kinds.filter(
        ({ id, kind, group }) =>
          ids.includes(id) ||
          objects.some((object) => object.kind === kind && groupOf(object.apiVersion) === group) ||
          ['pods', 'replicasets.apps', 'endpointslices.discovery.k8s.io', 'namespaces', 'events'].includes(id),
      );

      // Everything has come to rest, and is well.
      await real.until(async () => expect(await badOf(used)).toEqual([]));

      await real.until(async () => {
        const wrong: string[] = [];
        for (const kind of used) {
          const table = await tables.read(pathOf(kind));
          const { head, rows } = await list(kind.id);
          if (head.scopes.some(({ state }) => state !== 'live')) wrong.push(`${kind.id} is ${head.scopes[0]?.state}`);
          wrong.push(...disagreements(kind.id, table, head, rows));
          const names = new Set(rows.map((row) => `${row.namespace}/${row.name}`));
          for (const object of objects) {
            if (object.kind !== kind.kind || groupOf(object.apiVersion) !== kind.group) continue;
            const { name, namespace: own = namespace } = object.metadata;
            const full = kind.namespaced ? `${own}/${name}` : `/${name}`;
            if (!names.has(full)) wrong.push(`${kind.id} ${full} is not in the list`);
          }
        }
        expect(wrong).toEqual([]);
      });

      for (const object of objects) {
        const kind = used.find((each) => each.kind === object.kind && each.group === groupOf(object.apiVersion));
        const space = kind?.namespaced ? (object.metadata.namespace ?? namespace) : '';
        const ref = { cluster: real.cluster, kind: kind?.id ?? '', namespace: space, name: object.metadata.name };
        const { json, stale } = await real.client.resources.get({ object: ref });
        expect(json).toMatchObject({ kind: object.kind, metadata: { name: object.metadata.name } });
        expect(stale).toBe(false);
      }

      for (const { apiVersion, kind } of schemasOf(objects, definitions)) {
        await real.until(async () => {
          const { root, schemas } = await real.client.manifests.schema({ cluster: real.cluster, apiVersion, kind });
          expect(schemas[root], `${apiVersion} ${kind}`).toMatchObject({ type: 'object' });
        });
      }

      const spaces = [...new Set(objects.map(({ metadata }) => metadata.namespace ?? namespace))];
      const expected = objects.filter(({ kind }) =>
        ['Deployment', 'StatefulSet', 'DaemonSet', 'Service', 'Job'].includes(kind),
      );
      const { head, rows } = await picture(spaces, (state) =>
        expected.every((object) => nodeOf(state.rows, object) !== undefined),
      );
      const keys = new Set(rows.map(({ key }) => key));
      expect(rows.flatMap(({ edges }) => edges.filter(({ to }) => !keys.has(to)))).toEqual([]);
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(head.objects);
      for (const object of expected) {
        const node = nodeOf(rows, object) as TopologyNode;
        const edge = object.kind === 'Service' ? 'selects' : 'owns';
        if (rightlyBad.has(`${node.kind} ${node.namespace}/${node.name}`)) continue;
        expect(node.edges.filter(({ kind }) => kind === edge).length, `${object.kind} ${node.name}`).toBeGreaterThan(0);
        expect(node.tone, `${object.kind} ${node.name} is ${node.status}`).toMatch(/healthy|stopped/);
      }
    },
    300_000,
  );

  /** What fails or is warned about, and should not be. */
  const badOf = async (kinds: readonly KindRow[]): Promise<string[]> => {
    const bad: string[] = [];
    for (const { id } of kinds.filter(({ id }) => id !== 'events')) {
      const { head, rows } = await real.client.resources.query({
        kind: id,
        limit: 1000,
        columns: ['status', 'reason'],
      });
      expect(head.filterProblems).toEqual([]);
      for (const row of rows) {
        const name = `${id} ${row.namespace}/${row.name}`;
        if (!isWell(row) && !rightlyBad.has(name)) bad.push(`${name} is ${row.tone}: ${row.cells.join(' ')}`);
      }
    }
    return bad;
  };
});

function isWell({ tone }: Row): boolean {
  return tone === 'healthy' || tone === 'stopped';
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
}

function nodeOf(rows: readonly TopologyNode[], { kind, metadata }: PublishedObject): TopologyNode | undefined {
  return rows.find(
    (row) => row.form === 'object' && row.kindName === kind && row.name === metadata.name && row.stage !== 'pods',
  );
}

/** Every kind of the manifest, and every served version that it defines. */
function schemasOf(objects: readonly PublishedObject[], definitions: readonly Definition[]) {
  const all = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
  for (const { spec } of definitions) {
    for (const { name, served } of spec.versions) {
      const apiVersion = `${spec.group}/${name}`;
      if (served) all.set(`${apiVersion} ${spec.names.kind}`, { apiVersion, kind: spec.names.kind });
    }
  }
  return all.values();
}
