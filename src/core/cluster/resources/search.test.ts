import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import { discovered } from './fakeFleet.ts';
import { fuzzyRanges, fuzzyScore } from './fuzzy.ts';
import { context, podSchema, sampleFleet } from './sampleFleet.ts';

function find(text: string, more: { clusters?: string[]; kinds?: string[]; limit?: number } = {}) {
  const { search, fleet, tables } = sampleFleet();
  const services = builtInSchema('services') ?? expect.fail();
  const kinds = [
    discovered(podSchema, { shortNames: ['po'] }),
    discovered(services),
    discovered({ ...services, id: 'secrets', resource: 'secrets' }),
  ];
  fleet.setClusters(fleet.all().map((cluster) => ({ ...cluster, kinds })));
  tables.table(services, 0);
  const rows = [{ uid: sampleUid(50), version: '1', name: 'web', namespace: 'shop' }];
  tables.apply({ type: 'rows', batch: sampleBatches(services)(0, rows), scope: '' });
  fleet.setScope('services', { cluster: 'prod', state: 'live' });
  fleet.setScope('services', { cluster: 'dev', state: 'forbidden' });
  return search({ text, limit: 30, ...more }, context);
}

async function names(text: string, more = {}) {
  return (await find(text, more)).hits.map((hit) => `${hit.kindName}/${hit.object.name}`);
}

test('objects are found by letters of their names, best match first', async () => {
  expect(await names('web')).toEqual(['Service/web', 'Pod/web-7d9f', 'Pod/web-canary']);
  expect(await names('apsrv')).toEqual(['Pod/api-server-0']);
  expect(await names('WEBCAN')).toEqual(['Pod/web-canary']);
  expect(await names('zzz')).toEqual([]);
  expect(await names('')).toEqual([]);
});

test('of objects with one name, the kind that is wanted most often comes first', async () => {
  const { search, fleet, tables } = sampleFleet();
  const ids = ['serviceaccounts', 'replicasets.apps', 'configmaps', 'endpoints', 'services', 'deployments.apps'];
  const schemas = ids.map((id) => builtInSchema(id) ?? expect.fail());
  const kinds = schemas.map((schema) => discovered(schema));
  fleet.setClusters(fleet.all().map((cluster) => ({ ...cluster, kinds })));
  for (const [at, schema] of schemas.entries()) {
    tables.table(schema, 0);
    const rows = [{ uid: sampleUid(60 + at), version: '1', name: 'billing', namespace: 'shop' }];
    tables.apply({ type: 'rows', batch: sampleBatches(schema)(0, rows), scope: '' });
  }
  const order = ['Deployment', 'Service', 'ConfigMap', 'ReplicaSet', 'ServiceAccount', 'Endpoints'];
  for (const limit of [1, 2, 6]) {
    const { hits } = await search({ text: 'billing', limit }, context);
    expect(hits.map((hit) => hit.kindName)).toEqual(order.slice(0, limit));
  }
});

test('words may also name the kind, the cluster, the namespace, a label or the start of the uid', async () => {
  expect((await names('pod web prod'))[0]).toBe('Pod/web-7d9f');
  expect((await names('po web dev'))[0]).toBe('Pod/web-canary');
  expect(await names('svc-none web')).toEqual([]);
  expect(await names('coredns kube-system')).toEqual(['Pod/coredns-x']);
  expect(await names('kube-dns')).toEqual(['Pod/coredns-x']);
  expect(await names(sampleUid(4))).toEqual(['Pod/web-canary']);
  expect(await names('web', { kinds: ['services'] })).toEqual(['Service/web']);
  expect(await names('web', { clusters: ['dev'] })).toEqual(['Pod/web-canary']);
});

test('a hit says where it matched, and the answer what it could not search', async () => {
  const answer = await find('web can', { limit: 1 });
  expect(answer.hits).toEqual([
    {
      key: `pods dev/${sampleUid(4)}`,
      object: { cluster: 'dev', kind: 'pods', namespace: 'shop', name: 'web-canary', uid: sampleUid(4) },
      kindName: 'Pod',
      tone: 'failed',
      status: 'OOMKilled',
      score: expect.any(Number),
      ranges: [
        [0, 3],
        [4, 7],
      ],
    },
  ]);
  expect(answer.total).toBe(1);
  expect(answer.incomplete).toEqual([
    'prod-eu: secrets are still being listed',
    'dev: secrets are still being listed',
    'dev: you may not list services',
  ]);
});

test('only names that have the letters in order score, and runs at starts of words score most', () => {
  const encoder = new TextEncoder();
  const score = (name: string, part: string) => {
    const bytes = encoder.encode(name);
    return fuzzyScore(bytes, 0, bytes.length, encoder.encode(part));
  };
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
      (name, part) => {
        const isThere = new RegExp([...part].join('.*')).test(name);
        if (!isThere) expect(score(name, part)).toBe(-1);
        else if (name.includes(part)) expect(score(name, part)).toBeGreaterThanOrEqual(part.length * 16);
        const letters = fuzzyRanges(name, part)
          .map(([start, end]) => name.slice(start, end))
          .join('');
        expect(letters).toBe(isThere ? part : '');
      },
    ),
  );
  expect(score('web-api', 'api')).toBeGreaterThan(score('web-xapi', 'api'));
  expect(score('web-api', 'api')).toBeGreaterThan(score('a-p-i', 'api') - 24);
  expect(score('a-web-api', 'wa')).toBeGreaterThan(score('swallow', 'wo'));
});

test('the best few are the same as the first few of all', async () => {
  const all = await find('w');
  const few = await find('w', { limit: 2 });
  expect(few.hits).toEqual(all.hits.slice(0, 2));
  expect(few.total).toBe(all.total);
});

/** A clock by which every look takes a millisecond: work that looks often enough pauses often. */
class SlowClock extends FakeClock {
  looks = 0;

  override steady(): number {
    return super.steady() + this.looks++;
  }
}

/** A search over 2,000 pods, with what happens in its pauses. */
function slowSearch(inPause: (pauses: number) => void, text = 'web') {
  const clock = new SlowClock();
  let pauses = 0;
  const pause = async () => inPause(++pauses);
  const sample = sampleFleet({ clock, pause });
  const name = (at: number) => `web-${String(at).padStart(5, '0')}`;
  sample.apply(
    0,
    Array.from({ length: 2_000 }, (_, at) => ({ uid: sampleUid(1_000 + at), name: name(at), namespace: 'many' })),
  );
  const cancelled = new AbortController();
  const search = (limit = 3) => sample.search({ text, limit }, { ...context, signal: cancelled.signal });
  return { ...sample, search, cancelled, pauses: () => pauses };
}

test('a search works in turns, and finds what came and not what went between them', async () => {
  const stage = slowSearch((pauses) => {
    if (pauses !== 2) return;
    stage.apply(0, [{ uid: sampleUid(9), name: 'web', namespace: 'shop' }]);
    stage.apply(0, [{ uid: sampleUid(1_000), name: 'web-00000', namespace: 'many', deleted: true }]);
  });
  const { hits, total } = await stage.search();
  expect(stage.pauses()).toBeGreaterThan(3);
  expect(hits.map((hit) => hit.object.name)).toEqual(['web', 'web-7d9f', 'web-00001']);
  expect(total).toBeGreaterThan(2_000);
});

test('a search that its caller does not wait for any more ends', async () => {
  const stage = slowSearch((pauses) => {
    if (pauses === 2) stage.cancelled.abort(new KubeSageError('cancelled', 'Typed on'));
  });
  await expect(stage.search()).rejects.toThrow('Typed on');
  expect(stage.pauses()).toBe(2);
});

test('rows that cannot be among the best are counted all the same', async () => {
  for (const text of ['w', 'eb-0', 'many', 'web-0199', 'many web-0001', 'w99']) {
    const { search } = slowSearch(() => undefined, text);
    const [all, few] = [await search(1_500), await search(1)];
    expect([text, few.total]).toEqual([text, all.total]);
    expect(few.hits).toEqual(all.hits.slice(0, 1));
    expect(all.hits.length).toBeGreaterThan(0);
  }
});
