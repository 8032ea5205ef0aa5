// Gate S10, for what is exported: a cell of a table never becomes a formula.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { KubeSageError } from '../../kernel/errors.ts';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import type { ColumnInfo, Row } from './contract.ts';
import { toCsv, toJson } from './export.ts';
import { discovered } from './fakeFleet.ts';
import { toYaml } from './get.ts';
import { hiddenValue } from './redact.ts';
import { context, listQuery, sampleFleet } from './sampleFleet.ts';

function schemaOf(kind: string) {
  return builtInSchema(kind) ?? expect.fail(`${kind} has no schema`);
}

test('an object comes as its server has it, without managed fields unless they are asked for', async () => {
  const { get, fleet, clock } = sampleFleet();
  const metadata = { name: 'web-7d9f', uid: sampleUid(2), managedFields: [{ manager: 'kubectl' }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { command: ['sh', '-c', 'a\nb\n'] } };
  fleet.objects.set('/api/v1/namespaces/shop/pods/web-7d9f', pod);
  const object = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-7d9f' };
  const { managedFields: _, ...shown } = metadata;
  expect(await get({ object, managedFields: false }, context)).toEqual({
    object: { ...object, uid: sampleUid(2) },
    json: { ...pod, metadata: shown },
    yaml: [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: web-7d9f',
      `  uid: ${sampleUid(2)}`,
      'spec:',
      '  command:',
      '    - sh',
      '    - -c',
      '    - |',
      '      a',
      '      b',
      '',
    ].join('\n'),
    readAt: clock.now(),
    stale: false,
    redacted: [],
  });
  expect(await get({ object, managedFields: true }, context)).toMatchObject({ json: pod });
});

test("a secret's values never leave, wherever they are", async () => {
  const { get, fleet } = sampleFleet();
  const kinds = [...(fleet.byId('prod')?.kinds ?? []), discovered(schemaOf('secrets'))];
  fleet.setClusters([{ id: 'prod', index: 0, kinds }]);
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"aHVudGVyMg=="}}',
    team: 'red',
  };
  fleet.objects.set('/api/v1/namespaces/shop/secrets/db', {
    kind: 'Secret',
    metadata: { name: 'db', annotations },
    data: { password: 'aHVudGVyMg==', pin: 'MQ==', empty: '', broken: 7 },
    stringData: { other: 'hunter2' },
  });
  const object = { cluster: 'prod', kind: 'secrets', namespace: 'shop', name: 'db' };
  const answer = await get({ object, managedFields: true }, context);
  expect(JSON.stringify(answer)).not.toMatch(/hunter2|aHVudGVyMg/);
  expect(answer.json).toMatchObject({
    metadata: { annotations: { team: 'red' } },
    data: { password: '7 bytes', pin: '1 byte', empty: '0 bytes', broken: hiddenValue },
    stringData: { other: '7 bytes' },
  });
  expect(answer.redacted).toEqual([
    'data.password',
    'data.pin',
    'data.empty',
    'data.broken',
    'stringData.other',
    'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
  ]);
});

test('of a cluster that is away, what the lists knew is shown, marked stale since when', async () => {
  const { get, fleet } = sampleFleet();
  fleet.setClusters(fleet.all().map((cluster) => ({ ...cluster, state: 'unreachable' })));
  fleet.setScope('pods', { cluster: 'prod', state: 'stale', since: 12_000 });
  const object = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-7d9f' };
  const answer = await get({ object, managedFields: false }, context);
  expect(answer).toMatchObject({
    object: { uid: sampleUid(2) },
    stale: true,
    readAt: 12_000,
    json: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-7d9f', namespace: 'shop', labels: { app: 'web', tier: 'frontend' } },
      columns: { Status: 'CrashLoopBackOff', Restarts: 12 },
    },
  });
  expect(answer.yaml.split('\n')[0]).toContain('can not be reached');
});

test('what is not there, and clusters that are not known, are errors with their code', async () => {
  const { get } = sampleFleet();
  const object = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'none' };
  const codeOf = async (ref: typeof object) => {
    try {
      await get({ object: ref, managedFields: false }, context);
    } catch (error) {
      return error instanceof KubeSageError ? error.code : error;
    }
    return 'none';
  };
  expect(await codeOf(object)).toBe('notFound');
  expect(await codeOf({ ...object, cluster: 'gone' })).toBe('notFound');
  expect(await codeOf({ ...object, kind: 'widgets' })).toBe('notFound');
});

test('YAML means what the JSON means, and keeps blocks of lines', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(parse(toYaml(plain))).toEqual(plain);
    }),
  );
  expect(toYaml({ a: 'yes', b: '2026-01-01T00:00:00Z', c: '012', d: 'plain' })).toBe(
    'a: "yes"\nb: "2026-01-01T00:00:00Z"\nc: "012"\nd: plain\n',
  );
  expect(toYaml({ script: 'set -e\necho "a: b"\n' })).toBe('script: |\n  set -e\n  echo "a: b"\n');
});

/** RFC 4180, section 2. */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const next = text[at] as string;
    if (quoted) {
      if (next !== '"') field += next;
      else if (text[at + 1] === '"') field += text[at++];
      else quoted = false;
    } else if (next === '"') quoted = true;
    else if (next === ',' || next === '\r') {
      lines.at(-1)?.push(field);
      field = '';
    } else if (next === '\n') lines.push([]);
    else field += next;
  }
  lines.pop();
  return lines;
}

test('CSV is read back by any reader of RFC 4180, and holds no formula', () => {
  const columns: ColumnInfo[] = [
    { id: 'name', title: 'Name', type: 'name', priority: 0 },
    { id: 'size', title: 'Size, total', type: 'number', priority: 0 },
  ];
  const anyText = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', '=', '-', '@', 'é'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, fc.option(fc.integer()))), (values) => {
      const rows = values.map(([name, size]): Row => {
        const own = { key: name, cluster: 'c', namespace: '', name, uid: '', tone: 'healthy' as const };
        return { ...own, cells: [name, size] };
      });
      const [head, ...lines] = readCsv(toCsv(columns, rows, (id) => id));
      expect(head).toEqual(['Cluster', 'Name', 'Size, total']);
      expect(lines).toEqual(
        values.map(([name, size]) => {
          const safe = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
          return ['c', safe, size === null ? '' : String(size)];
        }),
      );
    }),
  );
});

test('an export has every row in the order of the list, and instants that anybody can read', async () => {
  const sample = sampleFleet();
  const query = listQuery({
    kind: 'pods',
    columns: ['name', 'restarts', 'created'],
    sort: [{ column: 'restarts', descending: true }],
    limit: 1,
  });
  const csv = await sample.export({ query, format: 'csv' }, context);
  expect(csv).toEqual({
    fileName: 'pods-2026-01-01.csv',
    mediaType: 'text/csv; charset=utf-8; header=present',
    rows: 4,
    text: [
      'Cluster,Name,Restarts,Age',
      'prod-eu,web-7d9f,12,2025-12-29T00:00:00.000Z',
      'dev,web-canary,6,2025-12-31T23:59:00.000Z',
      'prod-eu,coredns-x,2,2025-10-03T00:00:00.000Z',
      'prod-eu,api-server-0,0,2025-12-31T23:00:00.000Z',
      '',
    ].join('\r\n'),
  });
  const json = await sample.export({ query, format: 'json' }, context);
  expect(JSON.parse(json.text)[0]).toEqual({
    cluster: 'prod-eu',
    uid: sampleUid(2),
    name: 'web-7d9f',
    restarts: 12,
    created: '2025-12-29T00:00:00.000Z',
  });
  expect(toJson([], [], String)).toBe('[]\n');
});

test('events are those of the object, newest first, and follow the watch', async () => {
  const { events, fleet, tables, clock } = sampleFleet();
  const schema = schemaOf('events');
  fleet.setClusters(fleet.all().map((cluster) => ({ ...cluster, kinds: [...cluster.kinds, discovered(schema)] })));
  tables.table(schema);
  const make = sampleBatches(schema);
  const about = { objectkind: 'Pod', objectname: 'web-7d9f', objectnamespace: 'shop', objectuid: sampleUid(2) };
  const event = (at: number, last: number, cells: Record<string, string | number>) => ({
    uid: sampleUid(100 + at),
    version: String(at),
    name: `e${at}`,
    namespace: 'shop',
    status: 'Warning',
    cells: { ...about, message: `m${at}`, count: at, first: 5, last, source: 'kubelet', ...cells },
  });
  const apply = (rows: ReturnType<typeof event>[]) => tables.apply({ type: 'rows', batch: make(0, rows), scope: '' });
  apply([event(1, 10, {}), event(2, 20, {}), event(3, 30, { objectuid: sampleUid(3), objectname: 'coredns-x' })]);
  const object = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-7d9f', uid: sampleUid(2) };
  const source = await events({ object, limit: 2 }, context);
  expect(source.read().rows).toEqual([
    {
      key: sampleUid(102),
      type: 'Warning',
      reason: '',
      message: 'm2',
      count: 2,
      first: 5000,
      last: 20_000,
      source: 'kubelet',
      object,
    },
    expect.objectContaining({ message: 'm1' }),
  ]);
  const [newest] = source.read().rows;
  let changes = 0;
  source.onChange(() => changes++);
  apply([event(4, 40, { objectuid: sampleUid(9) })]);
  await clock.advance(20);
  expect(changes).toBe(0);
  apply([event(5, 50, {})]);
  await clock.advance(20);
  expect(changes).toBe(1);
  expect(source.read()).toMatchObject({ head: { total: 3 }, rows: [{ message: 'm5' }, { message: 'm2' }] });
  expect(source.read().rows[1]).toBe(newest);
  expect([...fleet.demands.keys()]).toEqual(['events']);
  source.dispose();
  expect([...fleet.demands.keys()]).toEqual([]);
});
