import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { ApiFailure, type StreamRequest, type Transport, type TransportRequest } from '../transport/index.ts';
import { discover } from './discover.ts';
import { readIdentity } from './identity.ts';
import { watchDiscovery } from './watchDiscovery.ts';

type Answer = object | number;

class FakeTransport implements Transport {
  readonly skewMs = 0;
  readonly heardAt = 0;
  readonly slowLink = false;
  reading = true;
  readonly verified = true;
  readonly asked: string[] = [];
  readonly streams: StreamRequest[] = [];
  answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer>) {
    this.answers = answers;
  }

  async open() {}

  async request({ path }: TransportRequest) {
    this.asked.push(path);
    const answer = this.answers[path.replace(/\?.*/, '')] ?? 404;
    if (typeof answer === 'number') throw new ApiFailure('forbidden', `${answer}`, { status: answer });
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) };
  }

  stream(request: StreamRequest): Promise<void> {
    this.streams.push(request);
    return new Promise((_, reject) => {
      request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
    });
  }

  upgrade(): Promise<never> {
    return Promise.reject(new Error('Discovery opens no socket'));
  }

  dispose(): void {}
}

function group(
  name: string,
  version: string,
  resources: { resource: string; kind: string; verbs?: string[] }[],
  freshness = 'Current',
) {
  return {
    metadata: { name },
    versions: [
      {
        version,
        freshness,
        resources: resources.map(({ resource, kind, verbs }) => ({
          resource,
          responseKind: { kind },
          scope: 'Namespaced',
          verbs: verbs ?? ['get', 'list', 'watch'],
          shortNames: [kind.slice(0, 2).toLowerCase()],
        })),
      },
    ],
  };
}

const groups = (...items: object[]) => ({ kind: 'APIGroupDiscoveryList', items });

const definition = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        schema: { openAPIV3Schema: { description: 'a "quoted" } brace' } },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
      },
    ],
  },
};

const served = () => ({
  '/api': groups(
    group('', 'v1', [
      { resource: 'pods', kind: 'Pod' },
      { resource: 'bindings', kind: 'Binding', verbs: ['create'] },
    ]),
  ),
  '/apis': groups(
    group('apiextensions.k8s.io', 'v1', [{ resource: 'customresourcedefinitions', kind: 'CustomResourceDefinition' }]),
    group('example.com', 'v1', [{ resource: 'widgets', kind: 'Widget' }]),
  ),
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions': {
    metadata: { resourceVersion: '7' },
    items: [definition],
  },
});

describe('discover', () => {
  test('built-in kinds have their columns, custom ones their printer columns, what cannot be listed is left out', async () => {
    const { kinds, problems } = await discover(new FakeTransport(served()));
    expect(problems).toEqual([]);
    expect(kinds.map(({ id, custom }) => [id, custom])).toEqual([
      ['pods', false],
      ['customresourcedefinitions.apiextensions.k8s.io', expect.any(Boolean)],
      ['widgets.example.com', true],
    ]);
    const widget = kinds[2];
    expect(widget).toMatchObject({ kind: 'Widget', namespaced: true, shortNames: ['wi'] });
    expect(widget?.schema.columns.at(-1)).toMatchObject({ id: 'size', type: 'number', title: 'Size' });
  });

  test('columns of a definition without any are guessed from what its schema has', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const [version] = definition.spec.versions;
    const schema = (spec: object, status: object) => ({
      openAPIV3Schema: {
        type: 'object',
        properties: { kind: {}, spec: { properties: spec }, status: { properties: status } },
      },
    });
    const titles = async (shape: object) => {
      const versions = [{ name: version?.name, schema: shape }];
      const items = [{ ...definition, spec: { ...definition.spec, versions } }];
      const answer = { metadata: { resourceVersion: '7' }, items };
      const { kinds } = await discover(new FakeTransport({ ...served(), [path]: answer }));
      return kinds[2]?.schema.columns.flatMap(({ title, from }) => (from === undefined ? [] : [title]));
    };
    expect(await titles(schema({ size: {} }, {}))).toEqual([]);
    expect(await titles(schema({ replicas: {} }, { phase: { type: 'string' } }))).toEqual(['Phase', 'Replicas']);
  });

  test('F9 definitions that may not be listed cost the columns only, and this is said', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const { kinds, problems } = await discover(new FakeTransport({ ...served(), [path]: 403 }));
    expect(kinds).toHaveLength(3);
    expect(problems).toEqual([expect.stringContaining('may not be listed')]);
  });

  test('F15 a group that does not answer keeps the kinds that it had', async () => {
    const transport = new FakeTransport(served());
    const previous = await discover(transport);
    transport.answers = { ...served(), '/apis': groups(group('example.com', 'v1', [], 'Stale')) };
    const now = await discover(transport, { previous });
    expect(now.kinds.map(({ id }) => id)).toEqual(['pods', 'widgets.example.com']);
    expect(now.problems).toEqual(['The API group example.com does not answer now']);
  });

  test('an old server is asked version by version', async () => {
    const resources = (name: string, kind: string) => ({
      resources: [
        { name, kind, namespaced: true, verbs: ['list', 'watch'], shortNames: ['x'] },
        { name: `${name}/status`, kind, namespaced: true, verbs: ['get'] },
      ],
    });
    const transport = new FakeTransport({
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': {
        kind: 'APIGroupList',
        groups: [
          { name: 'apps', preferredVersion: { version: 'v1' }, versions: [{ version: 'v1beta1' }, { version: 'v1' }] },
          { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }] },
        ],
      },
      '/api/v1': resources('pods', 'Pod'),
      '/apis/apps/v1': resources('deployments', 'Deployment'),
      '/apis/apps/v1beta1': resources('deployments', 'Deployment'),
      '/apis/metrics.k8s.io/v1beta1': 503,
    });
    const { kinds, problems } = await discover(transport);
    expect(kinds.map(({ id, version }) => `${id}/${version}`)).toEqual(['pods/v1', 'deployments.apps/v1']);
    expect(problems).toEqual(['The API group metrics.k8s.io does not answer now']);
  });

  test('what is no API server is said to be none', async () => {
    const transport = new FakeTransport({ '/api': [], '/apis': [] });
    transport.request = async () => ({ status: 200, headers: {}, body: new TextEncoder().encode('hello') });
    await expect(discover(transport)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('watchDiscovery', () => {
  test('tells of a kind that appears and of one that goes', async () => {
    const clock = new FakeClock();
    const transport = new FakeTransport(served());
    const told: string[][] = [];
    const watch = watchDiscovery(transport, {
      clock,
      random: () => 0.5,
      onChange: ({ kinds }) => told.push(kinds.map(({ id }) => id)),
    });
    await clock.advance(100);
    expect(told).toHaveLength(1);
    const stream = transport.streams.find(({ path }) => path.includes('customresourcedefinitions'));
    expect(stream?.path).toContain('resourceVersion=7');
    transport.answers = {
      ...served(),
      '/apis': groups(group('other.example.com', 'v1', [{ resource: 'gears', kind: 'Gear' }])),
    };
    const line = new TextEncoder().encode('{"type":"ADDED","object":{"metadata":{"resourceVersion":"8"}}}\n');
    stream?.onData(line, 0, line.length);
    await clock.advance(1_000);
    expect(told.slice(1)).toEqual([['pods', 'gears.other.example.com']]);
    watch.dispose();
    await clock.advance(3_600_000);
    expect(told).toHaveLength(2);
  });

  test('F9 where definitions may not be watched, it asks every few minutes', async () => {
    const clock = new FakeClock();
    const transport = new FakeTransport({
      ...served(),
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions': 403,
    });
    const told: number[] = [];
    const watch = watchDiscovery(transport, {
      clock,
      random: () => 0.5,
      onChange: ({ kinds }) => told.push(kinds.length),
    });
    await clock.advance(100);
    transport.answers = { ...transport.answers, '/apis': groups() };
    await clock.advance(200_000);
    expect(told).toEqual([3, 1]);
    watch.dispose();
  });
});

describe('readIdentity', () => {
  test('is the version and the uid of kube-system', async () => {
    const transport = new FakeTransport({
      '/version': { gitVersion: 'v1.37.2' },
      '/api/v1/namespaces/kube-system': { metadata: { uid: 'u-1' } },
    });
    expect(await readIdentity(transport)).toEqual({ version: 'v1.37.2', uid: 'u-1' });
    transport.answers['/api/v1/namespaces/kube-system'] = 403;
    expect(await readIdentity(transport)).toEqual({ version: 'v1.37.2', uid: null });
  });
});
