import { describe, expect, it } from 'vitest';
import { builtInSchema, createProjector, customSchema, encodeMessage, withUserColumns } from './index.ts';
import { filled, fixtureOf, jsonBytesRow, jsonRow, protobufRow } from './testing.ts';

const widget = { group: 'example.com', version: 'v1', resource: 'widgets', kind: 'Widget', namespaced: true };
const metadata = { name: 'one', namespace: 'shop', uid: '6f1f7a3c-2b9e-4b57-9a3d-0d6f1f5f6a01', resourceVersion: '9' };

describe('customSchema', () => {
  it('has the printer columns, with types, and leaves out what every row has or nobody can read', () => {
    const schema = customSchema({
      ...widget,
      printerColumns: [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
        { name: 'Status', type: 'string', jsonPath: '.status.word', priority: 1 },
        { name: 'Renewed', type: 'date', jsonPath: '.status.renewed' },
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        { name: 'Broken', type: 'string', jsonPath: '.spec[' },
      ],
    });
    expect(schema.id).toBe('widgets.example.com');
    expect(schema.columns.slice(10).map(({ id, type, priority }) => [id, type, priority])).toEqual([
      ['size', 'number', 0],
      ['status2', 'text', 1],
      ['renewed', 'time', 0],
    ]);
    const object = {
      metadata,
      spec: { size: 4 },
      status: { word: { deep: 1 }, renewed: '2026-03-01T00:00:00Z', phase: 'Failed', message: 'no room' },
    };
    const projector = createProjector(schema);
    const row = {
      name: 'one',
      namespace: 'shop',
      status: 'Failed',
      tone: 3,
      reason: 'no room',
      size: 4,
      status2: '{"deep":1}',
      renewed: 1772323200,
    };
    expect(filled(schema, jsonRow(projector, object))).toEqual(row);
    expect(filled(schema, jsonBytesRow(projector, object))).toEqual(row);
    expect(() => protobufRow(projector, new Uint8Array(0))).toThrow('it has no protobuf');
  });

  it('guesses columns that its schema has', () => {
    const openApi = {
      properties: {
        spec: { properties: { replicas: {} } },
        status: { properties: { conditions: {}, phase: {} } },
      },
    };
    const titles = (known: unknown): string[] =>
      customSchema({ ...widget, printerColumns: [], openApi: known })
        .columns.slice(10)
        .map(({ title }) => title);
    expect(titles(openApi)).toEqual(['Ready', 'Synced', 'Healthy', 'Phase', 'Replicas']);
    expect(titles(undefined)).toContain('Version');
  });
});

describe('status of a custom resource', () => {
  const schema = customSchema({ ...widget, printerColumns: [] });
  const condition = (type: string, status: string, reason = '', message = ''): object => ({
    type,
    status,
    reason,
    message,
  });
  it.each([
    [{ status: { conditions: [condition('Ready', 'True')] } }, 'Ready', 0, ''],
    [
      { status: { conditions: [condition('Synced', 'True'), condition('Ready', 'False', 'Broken', 'no')] } },
      'NotReady',
      3,
      'no',
    ],
    [{ status: { conditions: [condition('Ready', 'False', 'Progressing', 'wait')] } }, 'NotReady', 1, 'wait'],
    [{ status: { conditions: [condition('Ready', 'Unknown')] } }, 'Ready unknown', 1, ''],
    [
      { status: { conditions: [condition('Ready', 'True'), condition('Stalled', 'True', 'Quota')] } },
      'Stalled',
      3,
      'Quota',
    ],
    [{ status: { health: { status: 'Healthy' }, sync: { status: 'OutOfSync' } } }, 'Healthy, OutOfSync', 2, ''],
    [{ status: { phase: 'Provisioning' } }, 'Provisioning', 1, ''],
    [{ spec: { suspend: true }, status: { phase: 'Ready' } }, 'Suspended', 5, ''],
    [{ spec: {} }, '', 0, ''],
    [{ status: 'no object' }, '', 0, ''],
  ])('%j', (parts, status, tone, reason) => {
    expect(jsonBytesRow(createProjector(schema), { metadata, ...parts })).toMatchObject({ status, tone, reason });
  });
});

describe('user columns', () => {
  const object = structuredClone(fixtureOf('deployments.apps').object);
  Object.assign(object.metadata as object, { annotations: { team: 'blue' } });
  const columns = [
    { title: 'App', from: 'label', path: 'app' },
    { title: 'Team', from: 'annotation', path: 'team' },
    { title: 'Images', from: 'jsonPath', path: '.spec.template.spec.containers[*].image' },
    { title: 'Policy', from: 'jsonPath', path: '.spec.strategy' },
  ] as const;

  it('are the same from JSON, JSON text and protobuf', () => {
    const schema = builtInSchema('deployments.apps');
    if (schema === undefined) throw new Error('no schema');
    const projector = createProjector(schema, { userColumns: columns });
    const cells = {
      'label:app': 'web',
      'annotation:team': 'blue',
      'jsonPath:.spec.template.spec.containers[*].image': 'web:2, proxy:1',
      'jsonPath:.spec.strategy': '{"type":"RollingUpdate"}',
    };
    expect(jsonRow(projector, object)).toMatchObject(cells);
    expect(jsonBytesRow(projector, object)).toMatchObject(cells);
    const bytes = encodeMessage('k8s.io.api.apps.v1.Deployment', object);
    expect(protobufRow(projector, bytes)).toMatchObject(cells);
    // The schema alone says as much: it is what crosses to a worker.
    expect(protobufRow(createProjector(withUserColumns(schema, columns)), bytes)).toMatchObject(cells);
    expect(() => withUserColumns(schema, [{ title: 'x', from: 'jsonPath', path: '.a[' }])).toThrow('JSONPath');
  });

  it('never show what a Secret holds', () => {
    const schema = builtInSchema('secrets');
    if (schema === undefined) throw new Error('no schema');
    const secret = structuredClone(fixtureOf('secrets').object);
    Object.assign(secret.metadata as object, {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"hunter2"}}',
        owner: 'ann',
      },
    });
    const userColumns = [
      { title: 'a', from: 'jsonPath', path: '.data.password' },
      { title: 'b', from: 'jsonPath', path: '..password' },
      { title: 'c', from: 'jsonPath', path: '.*' },
      { title: 'd', from: 'jsonPath', path: '.metadata.annotations' },
      { title: 'e', from: 'annotation', path: 'kubectl.kubernetes.io/last-applied-configuration' },
      { title: 'f', from: 'jsonPath', path: ".metadata['annotations','x']" },
      { title: 'g', from: 'annotation', path: 'owner' },
    ] as const;
    const projector = createProjector(schema, { userColumns });
    const rows = [
      jsonRow(projector, secret),
      jsonBytesRow(projector, secret),
      protobufRow(projector, encodeMessage('k8s.io.api.core.v1.Secret', secret)),
    ];
    for (const row of rows) {
      expect(row).toMatchObject({ data: 2, 'annotation:owner': 'ann' });
      expect(JSON.stringify(Object.values(row ?? {}))).not.toMatch(/hunter2|aHVudGVyMg|password/);
    }
  });
});

it('a computed status is offered, and not shown, beside printer columns that say how an object stands', () => {
  const kind = { group: 'a.example', version: 'v1', resource: 'things', kind: 'Thing', namespaced: true };
  const column = (name: string) => ({ name, type: 'string', jsonPath: `.status.${name.toLowerCase()}` });
  const priorityOf = (...names: string[]) =>
    customSchema({ ...kind, printerColumns: names.map(column) }).columns.find(({ id }) => id === 'status')?.priority;
  expect([priorityOf('Size', 'Phase'), priorityOf('Size'), priorityOf()]).toEqual([1, 0, 0]);
});
