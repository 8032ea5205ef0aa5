import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { createAudit } from '../../platform/audit/index.ts';
import type { ApiRequest, FleetCluster, OpenClusters } from '../fleet/index.ts';
import { createChanges, type Plan, type Step } from './index.ts';
import type { PatchOperation } from './patch.ts';

type Json = Record<string, unknown>;

/** An API server of a few objects, by path. It refuses a patch whose tests fail, as the real one does. */
class Server {
  readonly objects = new Map<string, Json>();
  /** Deleted objects stay until this many more requests have come. */
  terminating = new Map<string, number>();
  refuse: string | undefined;

  handle({ method = 'GET', path, body }: ApiRequest): Json {
    const at = path.split('?')[0] ?? '';
    if (this.refuse === method) throw new KubeSageError('forbidden', `${at} is forbidden`);
    const left = this.terminating.get(at);
    const object = this.objects.get(at);
    const sent = JSON.parse((body as string | undefined) ?? '{}') as Json;
    if (method === 'POST') {
      const name = `${at}/${(sent.metadata as Json).name}`;
      const waits = this.terminating.get(name) ?? 0;
      if (waits > 0) this.terminating.set(name, waits - 1);
      if (waits > 0) throw new KubeSageError('conflict', 'object is being deleted');
      this.objects.set(name, { ...sent, metadata: { ...(sent.metadata as Json), uid: 'new' } });
      return this.objects.get(name) as Json;
    }
    if (object === undefined) throw new KubeSageError('notFound', `${at} is not there`);
    if (method === 'GET') return object;
    if (method === 'DELETE') {
      this.objects.delete(at);
      if (left === undefined) this.terminating.set(at, 2);
      return object;
    }
    const next = structuredClone(object);
    for (const { op, path: pointer, value } of sent as unknown as PatchOperation[]) {
      const keys = pointer.slice(1).split('/');
      const last = keys.pop() as string;
      const holder = keys.reduce<Json>((inside, key) => inside[key] as Json, next);
      if (op === 'test' && JSON.stringify(holder[last]) !== JSON.stringify(value)) {
        throw new KubeSageError('invalid', 'the server rejected our request due to an error in our request');
      }
      if (op === 'remove') delete holder[last];
      else if (op !== 'test') holder[last] = value;
    }
    this.objects.set(at, next);
    return next;
  }
}

const path = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`;
const ref = (name: string, cluster = 'a') => ({ cluster, kind: 'deployments.apps', namespace: 'shop', name });
const me = { principal: { id: 'local', name: 'local' } };

async function setUp(clusters: Partial<FleetCluster>[] = [{}], agree?: Parameters<typeof createChanges>[0]['agree']) {
  const clock = new FakeClock();
  const server = new Server();
  for (const name of ['web', 'api']) {
    server.objects.set(path(name), { metadata: { name, uid: name, resourceVersion: '1' }, spec: { replicas: 2 } });
  }
  const all = clusters.map((cluster, index) => ({ id: 'ab'[index], name: 'production', user: 'eva', ...cluster }));
  const fleet = {
    byId: (id: string) => all.find((cluster) => cluster.id === id),
    async request(_: string, request: ApiRequest) {
      request.signal?.throwIfAborted();
      return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(server.handle(request))) };
    },
  } as unknown as OpenClusters;
  const audit = await createAudit({ folder: undefined, clock });
  return { changes: createChanges({ fleet, audit, clock, agree }), audit, server, clock };
}

describe('a protected cluster', () => {
  test('is changed only once the user agreed outside of the page, and is told what is changed', async () => {
    const asked: string[] = [];
    let yes = false;
    const { changes, audit, server } = await setUp([{ protected: true }], async ({ message, detail }) => {
      asked.push(`${message} ${detail}`);
      if (!yes) throw new KubeSageError('cancelled', 'It was not allowed');
    });
    const start = () => changes.start(plan([scale('web', 5), scale('api', 5)]), { ...me, confirmed: 'production' });
    const refused = await changes.ended(start());
    expect(refused).toMatchObject({ state: 'cancelled', undoable: false, steps: [{ state: 'cancelled' }, {}] });
    expect(server.objects.get(path('web'))).toMatchObject({ spec: { replicas: 2 } });
    expect(audit.entries).toEqual([]);
    expect(asked[0]).toContain('production');
    expect(asked[0]).toContain('deployments.apps shop/web');
    yes = true;
    const done = await changes.ended(start());
    expect(done.state).toBe('done');
    // Its way back is a change of its own.
    await changes.ended(changes.undo(done.key, { ...me, confirmed: 'production' }));
    expect(asked).toHaveLength(3);
  });

  test('is not asked about where there is nobody who could be', async () => {
    const { changes } = await setUp([{ protected: true }]);
    const run = changes.start(plan([scale('web', 5)]), { ...me, confirmed: 'production' });
    expect((await changes.ended(run)).state).toBe('done');
  });
});

const scale = (name: string, replicas: number, cluster?: string): Step => ({
  object: ref(name, cluster),
  async perform({ send }) {
    const body = [{ op: 'replace', path: '/spec/replicas', value: replicas }];
    const request = {
      method: 'PATCH',
      path: `${path(name)}?x=1`,
      contentType: 'application/json-patch+json',
      body,
    } as const;
    await send({ object: ref(name, cluster), request });
    return `${replicas} replicas`;
  },
});
const remove = (name: string): Step => ({
  object: ref(name),
  async perform({ send }) {
    await send({ object: ref(name), request: { method: 'DELETE', path: path(name) } });
    return undefined;
  },
});
const plan = (steps: Step[], more: Partial<Plan> = {}): Plan => ({
  action: 'scale',
  title: 'Scale',
  danger: false,
  steps,
  ...more,
});

describe('a run', () => {
  test('does every step, records what was changed, and can be taken back', async () => {
    const { changes, audit, server } = await setUp();
    const run = await changes.ended(changes.start(plan([scale('web', 5), scale('api', 6)]), me));
    expect(run).toMatchObject({ state: 'done', undoable: true, steps: [{ message: '5 replicas' }, { state: 'done' }] });
    expect(audit.entries).toMatchObject([
      { action: 'scale', user: 'eva', changes: [{ path: '/spec/replicas', before: 2, after: 5 }], result: 'done' },
      { name: 'api' },
    ]);
    const undone = await changes.ended(changes.undo(run.key, me));
    expect(undone).toMatchObject({ state: 'done', undoes: run.key });
    expect(server.objects.get(path('web'))).toMatchObject({ spec: { replicas: 2 } });
    expect(() => changes.undo(run.key, me)).toThrow('taken back already');
    expect(audit.entries.at(-1)).toMatchObject({ undoes: run.key, name: 'web' });
  });

  test('is not taken back over what somebody else changed since', async () => {
    const { changes, server } = await setUp();
    const run = await changes.ended(changes.start(plan([scale('web', 5)]), me));
    server.objects.set(path('web'), { ...server.objects.get(path('web')), spec: { replicas: 9 } });
    const undone = await changes.ended(changes.undo(run.key, me));
    expect(undone.steps[0]).toMatchObject({ state: 'failed', message: expect.stringContaining('changed again since') });
    expect(server.objects.get(path('web'))).toMatchObject({ spec: { replicas: 9 } });
    expect(changes.runs().find(({ key }) => key === run.key)).toMatchObject({ undoable: true });
  });

  test('records what is done without a request of ours, and takes it back by its own step', async () => {
    const { changes, audit } = await setUp();
    const done: string[] = [];
    const act = (name: string, inverse: Step | null): Step => ({
      object: ref(name),
      async perform({ act: begin }) {
        await begin({
          object: ref(name),
          request: `tool ${name}`,
          inverse,
          perform: async () => {
            done.push(name);
            if (name === 'broken') throw new KubeSageError('invalid', 'It is broken');
            return [{ path: '/revision', before: 1, after: 2 }];
          },
        });
        return undefined;
      },
    });
    const run = await changes.ended(changes.start(plan([act('web', act('back', null))]), me));
    expect(run).toMatchObject({ state: 'done', undoable: true });
    expect((await changes.ended(changes.undo(run.key, me))).state).toBe('done');
    const failed = await changes.ended(changes.start(plan([act('broken', null)]), me));
    expect(failed).toMatchObject({ state: 'failed', undoable: false });
    expect(done).toEqual(['web', 'back', 'broken']);
    expect(audit.entries).toMatchObject([
      { request: 'tool web', changes: [{ path: '/revision' }], result: 'done' },
      { request: 'tool back', undoes: run.key },
      { request: 'tool broken', result: 'failed', error: 'It is broken' },
    ]);
    const preview = await changes.preview(plan([act('dry', null)]), new AbortController().signal);
    expect(preview).toMatchObject([{ effects: ['tool dry'] }]);
    // A way back that loses something asks before, as any other plan does.
    const lossy = await changes.ended(changes.start(plan([act('web', { ...act('lose', null), danger: true })]), me));
    expect(changes.wayBack(lossy.key)).toMatchObject({ danger: true, confirmation: { level: 'confirm' } });
    expect(() => changes.undo(lossy.key, me)).toThrow('cannot always be brought back');
    expect(done).not.toContain('lose');
    await changes.ended(changes.undo(lossy.key, { ...me, confirmed: 'yes' }));
    expect(done).toContain('lose');
    expect(done).not.toContain('dry');
  });

  test('creates anew what was deleted, once it is gone, without what was its own', async () => {
    const { changes, server, clock } = await setUp();
    const run = await changes.ended(
      changes.start(plan([remove('web')], { danger: true }), { ...me, confirmed: 'yes' }),
    );
    const undo = changes.undo(run.key, me);
    for (let turn = 0; turn < 5; turn++) await clock.advance(1000);
    expect((await changes.ended(undo)).state).toBe('done');
    expect(server.objects.get(path('web'))).toEqual({ metadata: { name: 'web', uid: 'new' }, spec: { replicas: 2 } });
  });

  test('tells a refusal at its step, records it, and goes on with the others', async () => {
    const { changes, audit, server } = await setUp();
    server.objects.delete(path('web'));
    const run = await changes.ended(changes.start(plan([scale('web', 5), scale('api', 6)], { atOnce: 1 }), me));
    expect(run).toMatchObject({ state: 'failed', steps: [{ state: 'failed' }, { state: 'done' }] });
    expect(audit.entries.map(({ result }) => result)).toEqual(['failed', 'done']);
  });

  test('that is cancelled begins nothing more', async () => {
    const { changes } = await setUp();
    const id = changes.start(plan([scale('web', 5), scale('api', 6)], { atOnce: 1 }), me);
    changes.cancel(id);
    const { state, steps } = await changes.ended(id);
    expect(state).toBe('cancelled');
    expect(steps[1]).toMatchObject({ state: 'cancelled', message: 'Not begun' });
  });

  test('changes nothing while it cannot be recorded', async () => {
    const { changes, audit, server } = await setUp();
    audit.ready = () => Promise.reject(new KubeSageError('unavailable', 'The disk is full'));
    const run = await changes.ended(changes.start(plan([scale('web', 5)]), me));
    expect(run.steps[0]).toMatchObject({ state: 'failed', message: 'The disk is full' });
    expect(server.objects.get(path('web'))).toMatchObject({ spec: { replicas: 2 } });
  });
});

describe('guardrails', () => {
  test('a protected cluster asks for its name', async () => {
    const { changes } = await setUp([{ protected: true }]);
    const asked = plan([scale('web', 5)]);
    expect(changes.confirmation(asked)).toMatchObject({ level: 'type', text: 'production' });
    expect(() => changes.start(asked, { ...me, confirmed: 'yes' })).toThrow(/protected/);
    await changes.ended(changes.start(asked, { ...me, confirmed: 'production' }));
  });

  test('what loses something, many objects and several clusters ask for a press', async () => {
    const { changes } = await setUp([{}, {}]);
    const levels = [
      plan([scale('web', 5)]),
      plan([scale('web', 5)], { danger: true }),
      plan(Array.from({ length: 11 }, () => scale('web', 5))),
      plan([scale('web', 5), scale('web', 5, 'b')]),
    ].map((each) => changes.confirmation(each).level);
    expect(levels).toEqual(['none', 'confirm', 'confirm', 'confirm']);
    expect(() => changes.start(plan([scale('web', 5)], { danger: true }), me)).toThrow(KubeSageError);
  });

  test('more than a thousand objects are never changed at once', async () => {
    const { changes } = await setUp();
    const asked = plan(Array.from({ length: 1001 }, () => scale('web', 5)));
    expect(() => changes.start(asked, { ...me, confirmed: 'yes' })).toThrow(/more than are changed at once/);
  });
});

describe('secrets', () => {
  test('are recorded by key, without a value and without a kept way back', async () => {
    const { changes, audit, server } = await setUp();
    const secret = '/api/v1/namespaces/shop/secrets/key';
    server.objects.set(secret, { metadata: { name: 'key' }, data: { token: 'Y2FuYXJ5LW9sZA==' } });
    const object = { cluster: 'a', kind: 'secrets', namespace: 'shop', name: 'key' };
    const body = [{ op: 'replace', path: '/data/token', value: 'Y2FuYXJ5LW5ldw==' }];
    const step: Step = {
      object,
      async perform({ send }) {
        await send({ object, request: { method: 'PATCH', path: secret, body } });
        return undefined;
      },
    };
    const run = await changes.ended(changes.start(plan([step]), me));
    expect(audit.entries[0]).toMatchObject({
      changes: [{ path: '/data/token', before: '(hidden)', after: '(hidden)' }],
    });
    expect(JSON.stringify(audit.entries) + JSON.stringify(run)).not.toContain('Y2FuYXJ5');
    // In memory the way back is known: it can be taken back until the program ends.
    await changes.ended(changes.undo(run.key, me));
    expect(server.objects.get(secret)).toMatchObject({ data: { token: 'Y2FuYXJ5LW9sZA==' } });
  });
});
