import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Definition } from './contract.ts';

/** Definitions on a real API server. */
saySkipped('custom resource definitions on a real API server');

const group = `crds${process.pid}.test.kubesage.dev`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets, shortNames: [gd], categories: [all] }
  versions:
    - name: v1alpha1
      served: true
      storage: false
      deprecated: true
      deprecationWarning: Use v1 instead.
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } } }
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      additionalPrinterColumns:
        - { name: Size, type: integer, jsonPath: .spec.size, description: How large it is. }
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1, default: 3 }
                colour: { type: string, enum: [red, green] }
              x-kubernetes-validations:
                - { rule: "self.size < 100", message: too large }
`;

describe.skipIf(clusterTool === undefined)('definitions', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`crds-${process.pid}`, { up: ['--real-node'] });
    real.kubectl(['apply', '-f', '-'], definition);
    // kubectl fails where the definition has no condition yet.
    await real.until(
      () => void real.kubectl(['wait', '--for=condition=Established', `crd/gadgets.${group}`, '--timeout=60s']),
    );
  }, 180_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'crd', `gadgets.${group}`, '--ignore-not-found', '--wait=false']);
    await real?.close();
  }, 60_000);

  const row = async (wanted: (found: Definition) => void) => {
    let rows: readonly Definition[] = [];
    const following = real.client.crds.definitions(
      {},
      {
        change(state) {
          rows = state.rows;
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    try {
      await real.until(() => {
        const found = rows.find(({ key }) => key === `gadgets.${group}`);
        if (found === undefined) throw new Error('Not there yet');
        wanted(found);
      });
    } finally {
      following.dispose();
    }
  };

  test('are listed with versions, conversion and the number of instances, best version first', async () => {
    real.kubectl(
      ['apply', '-f', '-'],
      `apiVersion: ${group}/v1\nkind: Gadget\nmetadata: { name: a, namespace: default }\nspec: { size: 2 }\n`,
    );
    await row((found) =>
      expect(found).toMatchObject({
        group,
        kind: 'Gadget',
        plural: 'gadgets',
        shortNames: ['gd'],
        categories: ['all'],
        scope: 'Namespaced',
        differs: false,
        clusters: [
          {
            cluster: real.cluster,
            stored: ['v1'],
            conversion: 'None',
            established: true,
            instances: 1,
            versions: [
              { name: 'v1', served: true, storage: true, deprecated: false },
              { name: 'v1alpha1', served: true, storage: false, deprecated: true, warning: 'Use v1 instead.' },
            ],
          },
        ],
      }),
    );
  });

  test('one is read in full: schemas, rules, columns, conditions', async () => {
    const detail = await real.client.crds.definition({ cluster: real.cluster, name: `gadgets.${group}` });
    expect(detail.definition.clusters[0]?.versions.map(({ name }) => name)).toEqual(['v1', 'v1alpha1']);
    expect(detail.versions[0]).toMatchObject({
      name: 'v1',
      columns: [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How large it is.', priority: 0 },
      ],
      subresources: ['status'],
      schema: {
        properties: {
          spec: { required: ['size'], 'x-kubernetes-validations': [{ rule: 'self.size < 100', message: 'too large' }] },
        },
      },
    });
    expect(detail.conditions.find(({ type }) => type === 'Established')).toMatchObject({
      status: 'True',
      at: expect.any(Number),
    });
    await expect(real.client.crds.definition({ cluster: real.cluster, name: 'nothing.test' })).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  test('a definition that is taken away leaves the list', async () => {
    real.kubectl(['delete', 'crd', `gadgets.${group}`, '--wait=true']);
    let keys: string[] = [];
    const following = real.client.crds.definitions(
      {},
      {
        change: (state) => {
          keys = state.head.sources.every(({ state }) => state === 'ready') ? state.rows.map(({ key }) => key) : ['?'];
        },
        error: (problem) => process.stderr.write(`${problem.message}\n`),
      },
    );
    await real.until(() => {
      expect(keys).not.toContain('?');
      expect(keys).not.toContain(`gadgets.${group}`);
    });
    following.dispose();
  });
});
