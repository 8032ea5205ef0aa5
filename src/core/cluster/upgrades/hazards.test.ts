import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Budget, Hazards, type Webhook } from './hazards.ts';
import { findOverflow, type PackedNode, type PackedPod } from './packing.ts';

const keys = (hazards: Hazards) => hazards.findings.map(({ key }) => key.replace('hazard/', ''));
const found = (add: (hazards: Hazards) => void) => {
  const hazards = new Hazards('c');
  add(hazards);
  return keys(hazards);
};

describe('budgets', () => {
  const budget = (status: Budget['status'], spec: Budget['spec'] = { minAvailable: 1 }) =>
    found((hazards) => hazards.budget({ metadata: { name: 'b', namespace: 'n' }, spec, ...(status && { status }) }));

  test.each([
    [
      'as many wanted as there are',
      { disruptionsAllowed: 0, expectedPods: 1, currentHealthy: 1, desiredHealthy: 1 },
      ['budgetNever'],
    ],
    [
      'too few healthy now',
      { disruptionsAllowed: 0, expectedPods: 3, currentHealthy: 1, desiredHealthy: 2 },
      ['budgetNow'],
    ],
    ['one may go', { disruptionsAllowed: 1, expectedPods: 3, currentHealthy: 3, desiredHealthy: 2 }, []],
    ['no pods', { disruptionsAllowed: 0, expectedPods: 0, currentHealthy: 0, desiredHealthy: 0 }, []],
  ])('%s', (_, status, expected) => {
    expect(budget(status)).toEqual(expected);
  });
});

describe('webhooks', () => {
  const service = { namespace: 'guard', name: 'webhook' };
  const pods = [{ apiGroups: [''], resources: ['pods'], operations: ['CREATE'] }];
  const everything = [{ apiGroups: ['*'], resources: ['*/*'], operations: ['*'] }];
  const told = (webhook: Partial<Webhook>, ready: number | undefined) =>
    found((hazards) =>
      hazards.webhooks(
        'validatingwebhookconfigurations',
        {
          metadata: { name: 'w' },
          webhooks: [{ name: 'w.example.com', clientConfig: { service }, rules: pods, ...webhook }],
        },
        (asked) => (asked === 'guard/webhook' ? ready : 9),
      ),
    );

  test.each<[string, Partial<Webhook>, number | undefined, string[]]>([
    ['nobody answers', {}, 0, ['webhookDown']],
    ['nobody answers, and that is ignored', { failurePolicy: 'Ignore' }, 0, []],
    ['asked about pods everywhere', {}, 3, ['webhookInside']],
    [
      'asked about everything, with a selector',
      { rules: everything, namespaceSelector: { matchLabels: { a: 'b' } } },
      3,
      ['webhookInside'],
    ],
    ['asked about pods, some namespaces left out', { namespaceSelector: { matchExpressions: [{}] } }, 3, []],
    ['one pod behind it', { namespaceSelector: { matchExpressions: [{}] } }, 1, ['webhookSingle']],
    ['endpoints may not be read', { namespaceSelector: { matchExpressions: [{}] } }, undefined, []],
    ['outside of the cluster', { clientConfig: { url: 'https://example.com' } }, 0, ['webhookOutside']],
    [
      'outside, asked about nothing that counts',
      { clientConfig: { url: 'https://example.com' }, rules: [{ apiGroups: ['a.b'], resources: ['c'] }] },
      0,
      [],
    ],
  ])('%s', (_, webhook, ready, expected) => {
    expect(told(webhook, ready)).toEqual(expected);
  });
});

test('workloads, volumes, aggregated APIs and namespaces', () => {
  const metadata = { name: 'x', namespace: 'n' };
  expect(
    found((hazards) => {
      hazards.workload('deployments.apps', {
        metadata,
        spec: {
          template: {
            spec: {
              volumes: [
                { name: 'data', hostPath: {} },
                { name: 'tmp', emptyDir: {} },
                { name: 'shm', emptyDir: { medium: 'Memory' } },
              ],
            },
          },
        },
      });
      // Scaled to zero: nothing of it runs.
      hazards.workload('deployments.apps', {
        metadata,
        spec: { replicas: 0, template: { spec: { volumes: [{ name: 'data', hostPath: {} }] } } },
      });
      hazards.volume({ metadata, spec: { local: {} }, status: { phase: 'Bound' } });
      hazards.volume({ metadata, spec: { local: {} }, status: { phase: 'Available' } });
      hazards.apiService({
        metadata,
        status: { conditions: [{ type: 'Available', status: 'False', message: 'no endpoints' }] },
      });
      hazards.apiService({ metadata, status: { conditions: [{ type: 'Available', status: 'True' }] } });
      hazards.namespace({ metadata, status: { phase: 'Active' } });
      hazards.namespace({
        metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
        spec: { finalizers: ['kubernetes'] },
      });
    }),
  ).toEqual(['single', 'hostPath', 'emptyDir', 'localVolume', 'apiService', 'terminating']);
});

test('evidence is kept up to a bound, and the rest is counted', () => {
  const hazards = new Hazards('c');
  for (let index = 0; index < 250; index++) hazards.add('bare', { text: String(index) });
  expect(hazards.findings).toMatchObject([{ key: 'hazard/bare', more: 150 }]);
  expect(hazards.findings[0]?.evidence).toHaveLength(100);
});

describe('room for drained pods', () => {
  const node = (name: string, cpu: number, change: Partial<PackedNode> = {}): PackedNode => ({
    name,
    cordoned: false,
    pool: '',
    allocatable: { cpu, memory: 1000, pods: 10 },
    ...change,
  });
  const pod = (of: string, cpu: number, stays = false): PackedPod => ({ node: of, cpu, memory: 10, stays });
  const overflow = (nodes: PackedNode[], pods: PackedPod[]) => findOverflow(nodes, pods, () => Promise.resolve());

  test('pods that fit elsewhere are no hazard', async () => {
    expect(await overflow([node('a', 1000), node('b', 1000)], [pod('a', 400), pod('b', 500)])).toEqual([]);
  });

  test('what is greater than every other node has no place; each node is drained alone', async () => {
    const found = await overflow(
      [node('a', 2000), node('b', 1000), node('c', 1000)],
      [pod('a', 1500), pod('a', 100), pod('b', 100)],
    );
    expect(found).toEqual([{ node: 'a', moving: 2, homeless: 1 }]);
  });

  test('pods of daemon sets do not move, but take their room', async () => {
    expect(
      await overflow([node('a', 1000), node('b', 1000)], [pod('a', 500), pod('a', 300, true), pod('b', 800, true)]),
    ).toEqual([{ node: 'a', moving: 1, homeless: 1 }]);
  });

  test('cordoned nodes and other pools take nothing', async () => {
    const nodes = [node('a', 1000), node('b', 1000, { cordoned: true }), node('c', 1000, { pool: 'gpu' })];
    expect(await overflow(nodes, [pod('a', 1)])).toEqual([{ node: 'a', moving: 1, homeless: 1 }]);
  });

  test('nobody is homeless where one empty node could take everything, and never more are homeless than move', async () => {
    const cluster = fc.record({
      cpus: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 6 }),
      pods: fc.array(fc.record({ at: fc.nat(5), cpu: fc.nat(500) }), { maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(cluster, fc.boolean(), async ({ cpus, pods }, roomy) => {
        const nodes = cpus.map((cpu, index) => node(`n${index}`, cpu));
        if (roomy) nodes.push(node('spare', 100_000), node('other', 100_000));
        const placed = pods.map(({ at, cpu }) => pod(`n${at % cpus.length}`, cpu));
        const found = await overflow(nodes, placed);
        for (const { moving, homeless } of found) expect(homeless).toBeLessThanOrEqual(moving);
        if (roomy) expect(found).toEqual([]);
      }),
    );
  });
});
