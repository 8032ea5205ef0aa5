import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleUid } from '../../kube/columns/rowBatches.ts';
import { contextNamed, kindOf, kinds, refusal, type Stage, setStage } from './fakes.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.fleet.dispose());

const row = (id: string) => stage.fleet.rows().find((one) => one.key === id);
const state = (id: string) => row(id)?.state;
const settle = () => stage.clock.advance(0);
const essential = ['namespaces', 'nodes', 'pods'];

async function live(id = 'a', index = 0) {
  stage.fleet.open([id]);
  await settle();
  for (const kind of essential) {
    stage.say(index, kind, 'listing');
    stage.list(index, kind, []);
    stage.say(index, kind, 'live');
  }
  await settle();
}

describe('before anything is opened', () => {
  it('contacts nobody, whatever passes', async () => {
    await stage.clock.advance(600_000);
    expect([stage.asked, stage.logins, stage.watchers.log]).toEqual([[], [], []]);
    expect(row('a')).toMatchObject({
      state: 'idle',
      health: 'Not opened',
      nodes: null,
      pods: null,
      version: null,
      lastLive: null,
    });
    await expect(stage.fleet.request('a', { path: '/version' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('knows no other clusters than the kubeconfig’s', () => {
    expect(() => stage.fleet.open(['x'])).toThrow(expect.objectContaining({ code: 'notFound' }));
  });
});

describe('opening', () => {
  it('goes through credentials, version and discovery to watches, and is live when all are', async () => {
    stage.fleet.open(['a']);
    expect(state('a')).toBe('connecting');
    await settle();
    expect(stage.asked).toEqual(['a GET /version', 'a GET /api/v1/namespaces/kube-system', 'a discovery']);
    expect([...stage.watchers.watching.keys()]).toEqual(['0 namespaces', '0 nodes', '0 pods']);
    expect(row('a')).toMatchObject({ state: 'connecting', version: 'v1.37.2' });
    for (const kind of essential) {
      expect(state('a')).toBe('connecting');
      stage.say(0, kind, 'listing');
      stage.list(0, kind, []);
      stage.say(0, kind, 'live');
    }
    expect(row('a')).toMatchObject({ state: 'live', lastLive: stage.clock.now() });
    expect(state('b')).toBe('idle');
    expect(stage.logins).toEqual(['a']);
  });

  it('waits for consent, shows exactly what would run, and goes on once it is given', async () => {
    const consent = {
      command: 'login',
      resolved: '/bin/login',
      searched: [],
      args: [],
      env: [],
      hash: 'h1',
      group: 'g',
    };
    stage.consents.set('a', consent).set('b', consent);
    stage.fleet.open(['a', 'b']);
    await settle();
    expect(row('a')).toMatchObject({
      state: 'needsConsent',
      consent,
      reason: 'The kubeconfig wants to run "login" to sign in',
    });
    expect([stage.asked, stage.logins]).toEqual([[], []]);
    await stage.clock.advance(3_600_000);
    expect(stage.logins).toEqual([]);
    await stage.fleet.approve('a', 'h1');
    await settle();
    // The same plugin is what the other one waited for.
    expect(stage.logins).toEqual(['a', 'b']);
    expect(row('a')?.consent).toBeUndefined();
  });

  it('tells which plugins can be decided on together, opened or not, and goes on with all of them', async () => {
    const consent = (args: string[], hash: string) => ({
      command: 'aws',
      resolved: '/bin/aws',
      searched: [],
      args,
      env: [],
      hash,
      group: 'g',
    });
    stage.consents.set('a', consent(['eks', '--name', 'a'], 'h1')).set('b', consent(['eks', '--name', 'b'], 'h2'));
    stage.fleet.open(['a']);
    await settle();
    expect(await stage.fleet.consents()).toEqual([
      {
        group: 'g',
        command: 'aws',
        resolved: '/bin/aws',
        env: [],
        shape: ['eks', '--name', '*'],
        members: [
          { cluster: 'a', name: 'a', args: ['eks', '--name', 'a'], hash: 'h1', waits: true },
          { cluster: 'b', name: 'b', args: ['eks', '--name', 'b'], hash: 'h2', waits: false },
        ],
      },
    ]);
    await stage.fleet.approveAll([
      { cluster: 'a', hash: 'h1' },
      { cluster: 'b', hash: 'h2' },
    ]);
    stage.fleet.open(['b']);
    await settle();
    expect(stage.logins).toEqual(['a', 'b']);
    expect(await stage.fleet.consents()).toEqual([]);
  });

  it('F12 a server whose clock is a day ahead is said to be, and credentials are told its time', async () => {
    const day = 86_400_000;
    stage.skewMs.set('a', day);
    await live('a', 0);
    expect(row('a')).toMatchObject({ state: 'live', clockSkewMs: day });
    expect(row('a')?.risks).toContain('Its clock is 24h ahead of this machine’s: ages are shown by its clock');
    expect(stage.fleet.byId('a')?.clockSkewMs).toBe(day);
    expect(row('b')).not.toHaveProperty('clockSkewMs');
    expect(stage.serverTimes.get('a')).toBe(stage.clock.now() + day);
  });

  it('says that a plugin is missing instead of asking for consent to it', async () => {
    stage.consents.set('a', {
      command: 'login',
      resolved: null,
      searched: ['/bin'],
      args: [],
      env: [],
      hash: 'h',
      group: 'g',
      installHint: 'get it',
    });
    stage.fleet.open(['a']);
    await settle();
    expect(row('a')).toMatchObject({
      state: 'unauthenticated',
      reason: 'The credential plugin "login" was not found',
      hint: 'get it',
    });
  });

  it('tells a broken context’s problem', async () => {
    stage.contexts.push(contextNamed('c', { problem: { message: 'It has no server', hint: 'Write one' } }));
    stage.contextsChanged();
    expect(row('c')).toMatchObject({ state: 'idle', reason: 'It has no server', hint: 'Write one' });
    stage.fleet.open(['c']);
    await settle();
    expect(row('c')).toMatchObject({ state: 'unreachable', reason: 'It has no server' });
  });

  it('opens pinned clusters at the start, eight at a time, and no others', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `c${n}`);
    stage.fleet.dispose();
    stage = await setStage(names);
    for (const name of names.slice(0, 20)) await stage.fleet.update(name, { pinned: true });
    const gates: ((answer: unknown) => void)[] = [];
    stage.answers.set('GET /version', () => new Promise((answer) => gates.push(answer)));
    await stage.restart();
    const contacted: number[] = [];
    for (let round = 0; round < 3; round++) {
      await settle();
      contacted.push(gates.length);
      for (const gate of gates.splice(0)) gate({ gitVersion: 'v1' });
    }
    expect(contacted).toEqual([8, 8, 4]);
    expect(new Set(stage.logins)).toEqual(new Set(names.slice(0, 20)));
    expect(stage.fleet.rows().filter((one) => one.state === 'idle')).toHaveLength(10);
  });
});

it('does not let servers that answer nothing keep the others waiting', async () => {
  const names = Array.from({ length: 20 }, (_, n) => `c${n}`);
  stage.fleet.dispose();
  stage = await setStage(names);
  for (const name of names.slice(0, 16)) stage.answers.set(`${name} GET /version`, () => new Promise(() => undefined));
  stage.fleet.open(names);
  await stage.clock.advance(7_000);
  expect([...stage.watchers.connected].sort()).toEqual([16, 17, 18, 19]);
});

describe('trouble', () => {
  it('tries an unreachable server again after growing pauses, and at once when the user asks', async () => {
    stage.answers.set('GET /version', () => {
      throw refusal('connection refused', 'unreachable');
    });
    stage.fleet.open(['a']);
    await settle();
    expect(row('a')).toMatchObject({
      state: 'unreachable',
      reason: 'connection refused',
      hint: 'hint',
      lastLive: null,
    });
    await stage.clock.advance(600_000);
    const tries = stage.asked.length;
    // With pauses up to 30 s: at least 20, and far from one a second.
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(60);
    stage.fleet.open(['a']);
    await settle();
    expect([stage.asked.length, stage.forgiven]).toEqual([tries + 1, ['a', 'a']]);
  });

  it('F8: shows refused credentials again only every five minutes', async () => {
    stage.loginFailure.set('a', refusal('login failed: expired', 'unauthenticated'));
    stage.fleet.open(['a']);
    await settle();
    expect(row('a')).toMatchObject({ state: 'unauthenticated', reason: 'login failed: expired', tone: 'unknown' });
    await stage.clock.advance(3_600_000);
    expect(stage.logins.length).toBe(13);
    expect(stage.asked).toEqual([]);
    stage.loginFailure.clear();
    stage.fleet.open(['a']);
    await settle();
    expect(stage.asked).toContain('a GET /version');
  });

  it('turns stale with the watches’ reason and live again, keeping what is known', async () => {
    await live();
    stage.list(0, 'nodes', [{ uid: sampleUid(1), version: '1', name: 'n', status: 'Ready', tone: 'healthy' }]);
    const liveSince = stage.clock.now();
    await stage.clock.advance(10_000);
    stage.say(0, 'pods', 'stale', { reason: 'Nothing heard for 10 s' });
    expect(row('a')).toMatchObject({
      state: 'stale',
      reason: 'Nothing heard for 10 s',
      lastLive: liveSince + 10_000,
      nodes: { total: 1, ready: 1 },
      tone: 'unknown',
    });
    stage.say(0, 'pods', 'listing');
    expect(state('a')).toBe('stale');
    stage.say(0, 'pods', 'live');
    expect(row('a')).toMatchObject({ state: 'live', tone: 'healthy' });
    expect(row('a')?.reason).toBeUndefined();
  });

  it('is unauthenticated when its watches are refused', async () => {
    await live();
    stage.say(0, 'pods', 'stale', { reason: 'The token has ended', code: 'unauthenticated' });
    expect(row('a')).toMatchObject({ state: 'unauthenticated', reason: 'The token has ended' });
  });

  it('ask 6: opening again while a sign-in runs does not begin another one', async () => {
    stage.fleet.open(['a']);
    stage.fleet.open(['a']);
    stage.fleet.open(['a']);
    await settle();
    expect([stage.logins, stage.asked]).toEqual([
      ['a'],
      ['a GET /version', 'a GET /api/v1/namespaces/kube-system', 'a discovery'],
    ]);
  });

  it('F8: takes a replaced certificate authority, and asks again for consent to a plugin that changed', async () => {
    await live();
    stage.watchers.log.length = 0;
    stage.say(0, 'pods', 'stale', { reason: 'signed by an unknown authority' });
    await stage.clock.advance(60_000);
    expect(stage.watchers.log).toEqual([]);
    stage.ca.set('a', 'new');
    await stage.clock.advance(30_000);
    expect(stage.watchers.log.slice(0, 2)).toEqual(['disconnect 0', 'connect 0']);
    expect(state('a')).toBe('stale');
    for (const kind of essential) stage.say(0, kind, 'live');
    expect(state('a')).toBe('live');

    stage.consents.set('a', {
      command: 'login',
      resolved: '/bin/login',
      searched: [],
      args: [],
      env: [],
      hash: 'h2',
      group: 'g',
    });
    stage.say(0, 'pods', 'stale', { reason: 'needs your consent', code: 'forbidden' });
    await stage.clock.advance(30_000);
    expect(row('a')).toMatchObject({ state: 'needsConsent', consent: { hash: 'h2', group: 'g' } });
    expect(stage.watchers.connected.size).toBe(0);
  });

  it('does not call a server unreachable that answers about another kind', async () => {
    stage.fleet.open(['a']);
    await settle();
    stage.say(0, 'nodes', 'stale', { reason: 'broken object', code: 'invalid' });
    expect(state('a')).toBe('unreachable');
    stage.say(0, 'pods', 'live');
    expect(state('a')).toBe('stale');
  });

  it('tries everything again after the machine slept', async () => {
    await live();
    stage.watchers.log.length = 0;
    // A fake clock rings every alarm, which a sleeping machine does not: the jump is made in between.
    const now = stage.clock.now.bind(stage.clock);
    stage.clock.now = () => now() + 3_600_000;
    await stage.clock.advance(5_000);
    expect(stage.watchers.log).toEqual(['retry 0']);
  });
});

describe('F9: rights', () => {
  it('watches the namespaces that may be listed, and says what is hidden', async () => {
    stage.answers.set('GET /api/v1/namespaces', () => ({
      items: ['kube-system', 'shop', 'web'].map((name) => ({ metadata: { name } })),
    }));
    const reviewed: unknown[] = [];
    stage.answers.set('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ({ body }) => {
      const { spec } = JSON.parse(String(body));
      reviewed.push(spec.resourceAttributes);
      return { status: { allowed: ['shop', 'web'].includes(spec.resourceAttributes.namespace) } };
    });
    stage.fleet.open(['a']);
    await settle();
    stage.say(0, 'namespaces', 'live');
    stage.say(0, 'nodes', 'forbidden', { reason: 'no nodes for you' });
    stage.say(0, 'pods', 'forbidden', { reason: 'no pods for you' });
    expect(stage.fleet.scopes('pods')).toMatchObject([{ cluster: 'a', state: 'listing' }]);
    await settle();
    expect(stage.watchers.watching.get('0 pods')?.namespaces).toEqual(['shop', 'web']);
    expect(reviewed).toContainEqual({ namespace: 'shop', verb: 'list', group: '', resource: 'pods' });
    stage.say(0, 'pods', 'live', { scope: 'shop' });
    stage.say(0, 'pods', 'live', { scope: 'web' });
    expect(row('a')).toMatchObject({
      state: 'live',
      namespaces: ['shop', 'web'],
      nodes: null,
      capacity: null,
      pods: { healthy: 0 },
      hidden: [
        { kind: 'nodes', verb: 'list', namespace: '', message: 'Node objects are not shown: you may not list them' },
        {
          kind: 'pods',
          verb: 'list',
          namespace: '',
          message: 'Pod objects are shown of shop, web only: you may not list them in all namespaces',
        },
      ],
    });
    expect(stage.fleet.scopes('nodes')).toMatchObject([{ state: 'forbidden', reason: 'no nodes for you', rows: 0 }]);
    expect(stage.fleet.scopes('pods')).toMatchObject([{ state: 'live', namespaces: ['shop', 'web'] }]);
  });

  it('takes the context’s namespace where namespaces may not be listed', async () => {
    stage.fleet.dispose();
    stage = await setStage([contextNamed('a', { namespace: 'team-a' })]);
    stage.answers.set('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', () => ({
      status: { allowed: true },
    }));
    stage.fleet.open(['a']);
    await settle();
    for (const kind of essential) stage.say(0, kind, 'forbidden');
    await settle();
    expect(stage.watchers.watching.get('0 pods')?.namespaces).toEqual(['team-a']);
    stage.say(0, 'pods', 'live', { scope: 'team-a' });
    expect(row('a')).toMatchObject({ state: 'live', namespaces: ['team-a'] });
  });

  it('is forbidden when nothing may be listed anywhere, and tries again when the user asks', async () => {
    stage.answers.set('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', () => ({
      status: { allowed: false },
    }));
    stage.fleet.open(['a']);
    await settle();
    for (const kind of essential) stage.say(0, kind, 'forbidden', { reason: `no ${kind}` });
    await settle();
    expect(row('a')).toMatchObject({ state: 'forbidden', pods: null, nodes: null });
    expect(row('a')?.hidden.map((limit) => limit.kind)).toEqual(essential);
    stage.watchers.log.length = 0;
    stage.fleet.open(['a']);
    expect(stage.watchers.log).toEqual([
      'retry 0',
      ...essential.flatMap((kind) => [`unwatch 0 ${kind}`, `watch 0 ${kind} all p1`]),
    ]);
  });

  it('lists the namespaces that the user chose, and no others', async () => {
    await live();
    stage.list(0, 'pods', [{ uid: sampleUid(1), version: '1', name: 'p', namespace: 'x' }]);
    await stage.fleet.update('a', { namespaces: ['shop'] });
    await settle();
    expect(stage.tables.get('pods')?.countOf(0)).toBe(0);
    expect(stage.watchers.watching.get('0 pods')?.namespaces).toEqual(['shop']);
    expect(stage.watchers.watching.get('0 nodes')?.namespaces).toBeNull();
    expect(row('a')?.namespaces).toEqual(['shop']);
  });
});

describe('demands', () => {
  it('share one watch, and outlive the last demand by a minute', async () => {
    await live();
    const first = stage.fleet.demand('secrets');
    const second = stage.fleet.demand('secrets', { clusters: ['a'], priority: 2 });
    expect(stage.watchers.log.filter((line) => line.includes('secrets'))).toEqual(['watch 0 secrets all p0']);
    first.dispose();
    first.dispose();
    await stage.clock.advance(120_000);
    expect(stage.watchers.watching.has('0 secrets')).toBe(true);
    second.dispose();
    await stage.clock.advance(59_000);
    expect(stage.watchers.watching.has('0 secrets')).toBe(true);
    const again = stage.fleet.demand('secrets');
    await stage.clock.advance(120_000);
    expect(stage.watchers.watching.has('0 secrets')).toBe(true);
    again.dispose();
    await stage.clock.advance(60_000);
    expect(stage.watchers.watching.has('0 secrets')).toBe(false);
    expect(stage.watchers.log.filter((line) => line === 'unwatch 0 secrets')).toHaveLength(1);
    expect(stage.fleet.scopes('secrets')).toMatchObject([{ state: 'stopped' }]);
  });

  it('reach clusters that are opened later and kinds that appear later, and only the clusters that they name', async () => {
    stage.fleet.demand('deployments.apps');
    stage.fleet.demand('secrets', { clusters: ['b'] });
    await live();
    await live('b', 1);
    const other = [...stage.watchers.watching.keys()].filter((key) => !essential.some((kind) => key.endsWith(kind)));
    expect(other.sort()).toEqual(['0 deployments.apps', '1 deployments.apps', '1 secrets']);
    stage.fleet.demand('configmaps');
    expect(stage.fleet.scopes('configmaps')).toMatchObject([{ state: 'absent' }, { state: 'absent' }]);
    stage.discovery.get('a')?.onKinds([...kinds, kindOf('configmaps')]);
    expect(stage.watchers.watching.has('0 configmaps')).toBe(true);
    stage.discovery.get('a')?.onKinds(kinds);
    expect(stage.watchers.watching.has('0 configmaps')).toBe(false);
  });

  it('put on screen what was in the background', async () => {
    await live();
    expect(stage.watchers.watching.get('0 pods')?.priority).toBe(1);
    const demand = stage.fleet.demand('pods');
    expect(stage.watchers.watching.get('0 pods')?.priority).toBe(0);
    demand.dispose();
    await stage.clock.advance(120_000);
    expect(stage.watchers.watching.has('0 pods')).toBe(true);
  });

  it('do not watch what cannot be watched', async () => {
    await live();
    stage.discovery.get('a')?.onKinds([...kinds, kindOf('configmaps', { verbs: ['get', 'list'] })]);
    stage.fleet.demand('configmaps');
    expect(stage.watchers.watching.has('0 configmaps')).toBe(false);
  });
});

describe('closing and vanishing', () => {
  it('ends all contact and keeps what is known, marked with its age', async () => {
    await live();
    stage.list(0, 'nodes', [{ uid: sampleUid(1), version: '1', name: 'n', status: 'Ready', tone: 'healthy' }]);
    await stage.clock.advance(60_000);
    stage.fleet.close(['a']);
    expect(stage.watchers.connected.size).toBe(0);
    expect(row('a')).toMatchObject({
      state: 'stale',
      lastLive: stage.clock.now(),
      version: 'v1.37.2',
      nodes: { total: 1, ready: 1 },
    });
    expect(stage.fleet.scopes('nodes')).toMatchObject([{ cluster: 'a', state: 'stale', since: stage.clock.now() }]);
    const before = stage.asked.length;
    await stage.clock.advance(3_600_000);
    expect(stage.asked.length).toBe(before);
    // Opened again, the watch goes on from what is known.
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('0 nodes')?.resume).toEqual({ '': expect.any(String) });
  });

  it('keeps an open cluster browsable whose context is gone, until it is closed', async () => {
    await live();
    stage.list(0, 'nodes', [{ uid: sampleUid(1), version: '1', name: 'n', status: 'Ready', tone: 'healthy' }]);
    stage.contexts.length = 0;
    stage.contextsChanged();
    expect(stage.fleet.rows().map((one) => one.key)).toEqual(['a']);
    expect(row('a')).toMatchObject({
      state: 'stale',
      reason: 'Its context is no longer in /config',
      nodes: { total: 1, ready: 1 },
    });
    expect(stage.fleet.scopes('nodes')).toMatchObject([{ cluster: 'a', state: 'stale', rows: 1 }]);
    expect(stage.watchers.connected.size).toBe(0);
    stage.fleet.close(['a']);
    expect(stage.fleet.rows()).toEqual([]);
    expect(stage.tables.get('nodes')?.count).toBe(0);
  });

  it('connects again when the context is back, or leads elsewhere, and not when only others changed', async () => {
    await live();
    stage.contexts.push(contextNamed('c'));
    stage.contextsChanged();
    expect(stage.watchers.log.filter((line) => line.startsWith('connect'))).toHaveLength(1);
    stage.contexts[0] = contextNamed('a', { auth: { token: 'new' } });
    stage.contextsChanged();
    await settle();
    expect(stage.watchers.log.filter((line) => line.includes('connect 0'))).toEqual([
      'connect 0',
      'disconnect 0',
      'connect 0',
    ]);
    const [gone] = stage.contexts.splice(0, 1);
    stage.contextsChanged();
    if (gone !== undefined) stage.contexts.push(gone);
    stage.contextsChanged();
    await settle();
    expect(stage.watchers.connected).toEqual(new Set([0]));
    // A number is never used again for another cluster.
    expect(stage.fleet.all().map((one) => [one.id, one.index])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
  });

  it('leaves nothing behind when it is disposed in the middle of anything', async () => {
    stage.fleet.open(['a', 'b']);
    stage.fleet.dispose();
    await stage.clock.advance(600_000);
    expect(stage.watchers.watching.size).toBe(0);
  });
});

describe('cards', () => {
  it('count nodes, pods by tone, and capacity against what scheduled pods request', async () => {
    await live();
    const pod = (n: number, tone: 'healthy' | 'failed' | 'stopped', cells: Record<string, string | number>) => ({
      uid: sampleUid(n),
      version: '1',
      name: `p${n}`,
      namespace: 'x',
      tone,
      cells,
    });
    stage.list(0, 'nodes', [
      { uid: sampleUid(1), version: '1', name: 'n1', status: 'Ready', cells: { cpu: 4000, memory: 8e9, pods: 110 } },
      {
        uid: sampleUid(2),
        version: '1',
        name: 'n2',
        status: 'Ready,SchedulingDisabled',
        cells: { cpu: 4000, memory: 8e9, pods: 110 },
      },
      {
        uid: sampleUid(3),
        version: '1',
        name: 'n3',
        status: 'NotReady',
        tone: 'failed',
        cells: { cpu: 4000, memory: 8e9, pods: 110 },
      },
      { uid: sampleUid(4), version: '1', name: 'n4', status: 'Ready', cells: { cpu: 4000, memory: 8e9, pods: 110 } },
    ]);
    stage.list(0, 'pods', [
      pod(11, 'healthy', { node: 'n1', phase: 'Running', cpurequest: 500, memoryrequest: 1e9 }),
      pod(12, 'healthy', { node: 'n1', phase: 'Running', cpurequest: 250, memoryrequest: 2e9 }),
      pod(13, 'healthy', { phase: 'Pending', cpurequest: 8000, memoryrequest: 9e9 }),
      pod(14, 'stopped', { node: 'n1', phase: 'Succeeded', cpurequest: 100, memoryrequest: 1e9 }),
      pod(15, 'healthy', { node: 'n2', phase: 'Running' }),
      pod(16, 'failed', { node: 'n2', phase: 'Running' }),
    ]);
    expect(row('a')).toMatchObject({
      nodes: { total: 4, ready: 3 },
      pods: { healthy: 4, progressing: 0, warning: 0, failed: 1, unknown: 0, stopped: 1 },
      capacity: {
        cpuAllocatableMillicores: 16_000,
        cpuRequestedMillicores: 750,
        memoryAllocatableBytes: 32e9,
        memoryRequestedBytes: 3e9,
        podsAllocatable: 440,
      },
      tone: 'warning',
      health: '1 pod failing, 1 node not ready',
    });
  });

  it('are told at most four times a second, and an unchanged one is the same object', async () => {
    await live();
    await stage.clock.advance(1_000);
    let told = 0;
    stage.fleet.onRows(() => told++);
    const [a, b] = stage.fleet.rows();
    for (let n = 0; n < 1000; n++) {
      stage.list(0, 'nodes', [{ uid: sampleUid(n), version: `${n}`, name: `n${n}`, status: 'Ready' }]);
      await stage.clock.advance(1);
    }
    expect(told).toBeLessThanOrEqual(4);
    const [a2, b2] = stage.fleet.rows();
    expect([a === a2, b === b2]).toEqual([false, true]);
  });

  it('remember version and age over a restart, and claim no counts', async () => {
    await live();
    await stage.clock.advance(600_000);
    await stage.restart();
    expect(row('a')).toMatchObject({ state: 'idle', version: 'v1.37.2', nodes: null, pods: null });
    expect(stage.clock.now() - (row('a')?.lastLive ?? 0)).toBeLessThan(70_000);
    expect(row('b')).toMatchObject({ version: null, lastLive: null });
  });

  it('keep what the user chose, also over a restart', async () => {
    const change = { alias: 'Production', group: 'EU', color: 'red', favorite: true, protected: true } as const;
    await stage.fleet.update('a', change);
    await stage.fleet.update('a', { favorite: false });
    await stage.restart();
    expect(row('a')).toMatchObject({
      name: 'Production',
      context: 'a',
      group: 'EU',
      color: 'red',
      favorite: false,
      protected: true,
    });
    expect(row('b')).toMatchObject({ name: 'b', group: '', favorite: false, protected: false });
    expect(stage.fleet.byId('a')?.name).toBe('Production');
  });
});

describe('watches', () => {
  it('begin with what is on screen, then what the overview shows, then the rest', async () => {
    stage.fleet.demand('events', { priority: 2 });
    stage.fleet.demand('deployments.apps', { priority: 0 });
    stage.fleet.open(['a', 'b']);
    await settle();
    for (const cluster of [0, 1]) {
      const begun = stage.watchers.log.filter((line) => line.startsWith(`watch ${cluster} `));
      expect(begun.map((line) => line.split(' ')[2])).toEqual([...essential, 'deployments.apps', 'events']);
      expect(begun.map((line) => line.split(' ').at(-1))).toEqual(['p1', 'p1', 'p1', 'p0', 'p2']);
    }
  });

  it.each([
    [undefined, 60],
    [5, 5],
    [0, 0],
  ])('that nobody needs end after the time that is set (%s s)', async (lingerSeconds, seconds) => {
    if (lingerSeconds !== undefined) {
      await stage.fleet.configure({ lingerSeconds });
      await stage.restart();
    }
    expect(stage.fleet.settings()).toEqual({ lingerSeconds: seconds });
    const isWatched = () => stage.watchers.watching.has('0 secrets');
    await live();
    const [one, other] = [stage.fleet.demand('secrets'), stage.fleet.demand('secrets', { clusters: ['a'] })];
    one.dispose();
    await stage.clock.advance(120_000);
    expect(isWatched()).toBe(true);
    other.dispose();
    expect(isWatched()).toBe(seconds > 0);
    // Somebody comes back to it in time: the same watch goes on.
    if (seconds === 0) return;
    const again = stage.fleet.demand('secrets');
    await stage.clock.advance(seconds * 1000);
    expect(isWatched()).toBe(true);
    again.dispose();
    await stage.clock.advance(seconds * 1000 - 1);
    expect(isWatched()).toBe(true);
    await stage.clock.advance(1);
    expect(isWatched()).toBe(false);
    expect(stage.watchers.log.filter((line) => line.startsWith('watch 0 secrets'))).toHaveLength(1);
  });
});
