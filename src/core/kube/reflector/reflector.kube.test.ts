import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionSpec, CredentialSource } from '../auth/connection.ts';
import type { WatchMessage, WatchState } from '../columns/batch.ts';
import { discover } from '../discovery/index.ts';
import { ApiFailure, createTransport } from '../transport/index.ts';
import { createWatchers } from './createWatchers.ts';
import { accessOf, argumentsOf, startAgain } from './testing/realServer.ts';
import { podsTarget, Table } from './testing/watching.ts';
import type { Watchers } from './watchers.ts';

/** The same reflector against a real API server, which is killed and stopped on the way. */
const tool = process.env.KUBESAGE_KUBE;
if (tool === undefined) {
  process.stderr.write('Skipped: KUBESAGE_KUBE does not name the tool that starts test clusters\n');
}

const name = `reflector-${process.pid}`;

describe.skipIf(tool === undefined)('with a real API server', () => {
  let kubeconfig = '';
  let kubectl = '';
  let spec: ConnectionSpec;
  let credentials: CredentialSource;
  let watchers: Watchers;
  let states: WatchState[] = [];
  let lists = 0;
  let version = '';
  const table = new Table();

  const run = (...args: string[]) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const pidFile = () => path.join(path.dirname(kubeconfig), 'kube-apiserver.pid');
  const pid = () => Number(readFileSync(pidFile(), 'utf8'));
  const listed = () =>
    run(
      'get',
      'pods',
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}@{.metadata.resourceVersion}{"\\n"}{end}',
    )
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  const until = async (condition: () => boolean, what: string) => {
    for (let tries = 0; !condition(); tries++) {
      if (tries === 4_000) throw new Error(`Never: ${what}; ${JSON.stringify(states.slice(-4))}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** Simulated nodes change their pods for a while, so the comparison is repeated until it meets a quiet moment. */
  const converged = () =>
    until(
      () => states.at(-1)?.state === 'live' && JSON.stringify(listed()) === JSON.stringify(table.rows()),
      'the rows equal kubectl',
    );

  beforeAll(() => {
    if (tool === undefined) return;
    const last = (text: string) => text.trim().split('\n').at(-1) ?? '';
    kubectl = path.join(last(execFileSync(tool, ['assets'], { encoding: 'utf8' })), 'kubectl');
    kubeconfig = last(execFileSync(tool, ['up', name, '--nodes', '2'], { encoding: 'utf8' }));
    ({ spec, credentials } = accessOf(kubeconfig));
    watchers = createWatchers({ workers: 1, version: 'test' });
    watchers.onMessage((message: WatchMessage) => {
      table.apply(message);
      if (message.type === 'state') states.push(message.state);
      else if (message.type === 'listing') lists++;
      else if (message.type === 'listed' || message.type === 'progress') version = message.resourceVersion;
    });
    watchers.connect(1, spec, credentials);
    watchers.watch(1, podsTarget());
  }, 180_000);

  afterAll(() => {
    watchers?.dispose();
    if (tool !== undefined && kubeconfig !== '') execFileSync(tool, ['down', name], { stdio: 'ignore' });
  }, 60_000);

  test('R1 pods that are created and deleted come and go', { timeout: 120_000 }, async () => {
    run('create', 'deployment', 'web', '--image', 'example.com/web:1', '--replicas', '6');
    await until(() => table.rows().length === 6, 'six pods');
    await converged();
    run('delete', 'pod', '--all', '--wait=false');
    run('scale', 'deployment', 'web', '--replicas', '3');
    await until(() => table.rows().length === 3, 'three pods');
    await converged();
    expect(states.map(({ state }) => state)).toEqual(['listing', 'live']);
  });

  test('F2 a stopped API server is stale, and live again when it goes on', {
    timeout: 120_000,
  }, async () => {
    states = [];
    const from = Date.now();
    process.kill(pid(), 'SIGSTOP');
    try {
      await until(() => states.at(-1)?.state === 'stale', 'stale');
    } finally {
      process.kill(pid(), 'SIGCONT');
    }
    // Ten seconds after the last byte by the rules, which a test with a clock of its own checks; F2 wants half a minute.
    expect(Date.now() - from).toBeLessThan(30_000);
    run('scale', 'deployment', 'web', '--replicas', '5');
    await converged();
  });

  /** Kills the API server, and starts it again behind what happens `meanwhile`, with more arguments. */
  const killed = async (meanwhile: (args: readonly string[]) => Promise<void>, more: readonly string[] = []) => {
    const args = argumentsOf(pidFile());
    states = [];
    process.kill(pid(), 'SIGKILL');
    await until(() => states.at(-1)?.state === 'stale', 'stale');
    await meanwhile(args);
    startAgain(pidFile(), [...args, ...more]);
    await until(() => states.at(-1)?.state === 'live', 'live');
  };

  test('F15 a killed API server that comes back is met again', { timeout: 180_000 }, async () => {
    await killed(async () => undefined);
    run('scale', 'deployment', 'web', '--replicas', '4');
    await converged();
  });

  test('F4 a version that etcd has compacted is followed by one fresh list, without what was gone meanwhile', {
    timeout: 180_000,
  }, async () => {
    const before = lists;
    const kept = version;
    const lost = table.rows()[0]?.split('@')[0] ?? '';
    await killed(async (args) => {
      const etcd = args[args.indexOf('--etcd-servers') + 1] ?? '';
      const ask = async (what: string, body: object) => {
        const answer = await fetch(`${etcd}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
        expect(answer.status).toBe(200);
        return (await answer.json()) as { header: { revision: string } };
      };
      const { header } = await ask('deleterange', { key: Buffer.from(`/registry/pods/${lost}`).toString('base64') });
      await ask('compaction', { revision: header.revision, physical: true });
    });
    const transport = createTransport(spec, credentials);
    const asItWas = transport.request({
      path: `/api/v1/pods?limit=1&resourceVersion=${kept}&resourceVersionMatch=Exact`,
    });
    await expect(asItWas).rejects.toThrow(ApiFailure);
    await expect(asItWas).rejects.toMatchObject({ code: 'gone', status: 410 });
    transport.dispose();
    await until(() => !table.rows().some((row) => row.startsWith(`${lost}@`)), `${lost} is gone`);
    run('scale', 'deployment', 'web', '--replicas', '6');
    await converged();
    expect(lists).toBe(before + 1);
  });

  test('every built-in kind that the server has is listed without an unreadable object', {
    timeout: 120_000,
  }, async () => {
    const transport = createTransport(spec, credentials);
    const { kinds, problems } = await discover(transport);
    transport.dispose();
    expect(problems).toEqual([]);
    const watched = kinds.filter(({ verbs, id }) => verbs.includes('watch') && id !== 'pods');
    const ends = new Map<string, string>();
    const all = createWatchers({ workers: 1, version: 'test' });
    all.onMessage((message) => {
      if (message.type === 'state') ends.set(message.kind, JSON.stringify({ ...message.state, since: 0 }));
    });
    all.connect(1, spec, credentials);
    for (const { schema, custom } of watched) all.watch(1, { schema, custom, namespaces: null, priority: 2 });
    const live = '{"state":"live","since":0}';
    try {
      await until(() => watched.every(({ id }) => ends.get(id) === live), 'every kind is live');
    } finally {
      all.dispose();
    }
    expect(watched.length).toBeGreaterThan(40);
  });

  test('F5 a server that lets one request through at a time is listed in the end, and followed', {
    timeout: 240_000,
  }, async () => {
    await killed(
      async () => undefined,
      ['--enable-priority-and-fairness=false', '--max-requests-inflight=1', '--max-mutating-requests-inflight=100'],
    );
    // Administrators are never refused.
    const viewer = accessOf(`${kubeconfig}.viewer`);
    const others = createTransport(viewer.spec, viewer.credentials);
    let refused = 0;
    let isLoaded = true;
    const load = async () => {
      while (isLoaded) {
        try {
          await others.request({ path: '/api/v1/pods' });
        } catch (error) {
          if (!(error instanceof ApiFailure && error.code === 'tooMany')) throw error;
          refused++;
        }
      }
    };
    const loads = Array.from({ length: 6 }, load);
    const throttled = createWatchers({ workers: 1, version: 'test' });
    const met: WatchState[] = [];
    const seen = new Table();
    throttled.onMessage((message) => {
      seen.apply(message);
      if (message.type === 'state') met.push(message.state);
    });
    throttled.connect(1, viewer.spec, viewer.credentials);
    try {
      // Until it was refused as well; a list that gets through at once shows nothing.
      for (let tries = 0; !met.some((state) => state.state === 'stale' && state.code === 'tooMany'); tries++) {
        if (tries === 200) throw new Error(`Never refused, others ${refused} times`);
        throttled.unwatch(1, 'pods');
        met.length = 0;
        throttled.watch(1, podsTarget());
        await until(() => met.some(({ state }) => state !== 'listing'), 'an answer');
      }
      await until(() => met.at(-1)?.state === 'live', 'live');
      run('scale', 'deployment', 'web', '--replicas', '3');
      await until(() => JSON.stringify(listed()) === JSON.stringify(seen.rows()), 'the rows equal kubectl');
      expect(refused).toBeGreaterThan(0);
    } finally {
      isLoaded = false;
      throttled.dispose();
      await Promise.all(loads);
      others.dispose();
    }
  });
});
