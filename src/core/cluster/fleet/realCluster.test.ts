import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../kernel/clock.ts';
import { Scope } from '../../kernel/disposable.ts';
import { Approvals, createAuthenticator } from '../../kube/auth/index.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { followDiscovery } from '../../kube/discovery/index.ts';
import { AddedSources, createKubeconfig, createSourceStore, type Kubeconfig } from '../../kube/kubeconfig/index.ts';
import { createWatchers } from '../../kube/reflector/index.ts';
import { createTransport } from '../../kube/transport/index.ts';
import { createDocuments, createMemoryFolder } from '../../platform/settings/index.ts';
import { createFleet, type Fleet } from './fleet.ts';

const tool = process.env.KUBESAGE_KUBE;
if (tool === undefined) {
  process.stdout.write('Skipped: the fleet on a real API server. Set KUBESAGE_KUBE to the cluster tool to run it.\n');
}
const run = promisify(execFile);
const name = `fleet-${process.pid}`;

describe.skipIf(tool === undefined)('the fleet on a real API server', () => {
  const scope = new Scope();
  let admin: string;
  let kubectl: string;
  let folder: string;
  let kubeconfig: Kubeconfig;
  let fleet: Fleet;

  beforeAll(async () => {
    const { stdout } = await run(tool ?? '', ['up', name, '--nodes', '2'], { maxBuffer: 10e6 });
    admin = stdout.trim().split('\n').at(-1) ?? '';
    kubectl = join((await run(tool ?? '', ['assets'])).stdout.trim().split('\n').at(-1) ?? '', 'kubectl');
    folder = await mkdtemp(join(tmpdir(), 'kubesage-real-'));
    await restricted();
    for (const file of ['kubeconfig', 'kubeconfig.viewer']) await cp(join(dirname(admin), file), join(folder, file));

    const data = createMemoryFolder();
    const documents = createDocuments({ folder: data, clock });
    const env = { PATH: process.env.PATH, KUBERC: 'off' };
    const store = createSourceStore(await documents.open('sources', AddedSources), data);
    kubeconfig = scope.add(await createKubeconfig({ env, homeFolder: folder, clock, store, discover: false }));
    await kubeconfig.addPath(folder);
    const approvals = await documents.open('approvals', Approvals);
    const authenticator = scope.add(
      createAuthenticator({ clock, env, homeFolder: folder, approvals, askShell: false }),
    );
    const tables = createTables();
    const watchers = scope.add(createWatchers({ workers: 1 }));
    scope.add(watchers.onMessage((message) => tables.apply(message)));
    fleet = scope.add(
      await createFleet({
        kubeconfig,
        authenticator,
        watchers,
        tables,
        documents,
        clock,
        createTransport,
        followDiscovery,
      }),
    );
    fleet.start();
  }, 240_000);

  afterAll(async () => {
    scope.dispose();
    await run(tool ?? '', ['down', name]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** A user who may see the pods of one namespace, and nothing else; signed in by a token of a service account. */
  async function restricted(): Promise<void> {
    const k = (...args: string[]) => run(kubectl, ['--kubeconfig', admin, ...args]);
    await k('create', 'namespace', 'team-a');
    await k('-n', 'team-a', 'create', 'serviceaccount', 'reader');
    await k('-n', 'team-a', 'create', 'role', 'reader', '--verb=get,list,watch', '--resource=pods');
    await k('-n', 'team-a', 'create', 'rolebinding', 'reader', '--role=reader', '--serviceaccount=team-a:reader');
    await k('-n', 'team-a', 'create', 'deployment', 'web', '--image=web', '--replicas=3');
    const { stdout: token } = await k('-n', 'team-a', 'create', 'token', 'reader');
    const file = join(folder, 'kubeconfig.restricted');
    await cp(admin, file);
    const own = (...args: string[]) => run(kubectl, ['--kubeconfig', file, 'config', ...args]);
    await own('set-credentials', 'reader', `--token=${token.trim()}`);
    await own('set-context', name, '--user=reader', '--namespace=team-a');
  }

  const row = (user: string) => fleet.rows().find((one) => one.user.startsWith(user));
  const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });
  const idOf = (user: string) => row(user)?.key ?? '';

  it('asks the server nothing before a cluster is opened', async () => {
    expect(
      fleet
        .rows()
        .map((one) => [one.user.split('@')[0], one.state])
        .sort(),
    ).toEqual([
      ['admin', 'idle'],
      ['reader', 'idle'],
      ['viewer', 'idle'],
    ]);
    const audit = await readFile(join(dirname(admin), 'audit.log'), 'utf8');
    expect(audit.toLowerCase()).not.toContain('kubesage/');
  });

  it('sees everything as admin', async () => {
    fleet.open([idOf('admin')]);
    await until(() => {
      expect(row('admin')).toMatchObject({
        state: 'live',
        version: 'v1.37.2',
        hidden: [],
        nodes: { total: 2, ready: 2 },
        pods: { healthy: 3 },
        tone: 'healthy',
      });
    });
    expect(row('admin')?.capacity?.podsAllocatable).toBeGreaterThan(0);
  }, 90_000);

  it('F9: sees pods and no nodes as viewer, and says so', async () => {
    fleet.open([idOf('viewer')]);
    const demand = fleet.demand('secrets', { clusters: [idOf('viewer')] });
    await until(() => {
      expect(row('viewer')).toMatchObject({
        state: 'live',
        nodes: null,
        capacity: null,
        pods: { healthy: 3 },
        namespaces: null,
      });
      expect(
        row('viewer')
          ?.hidden.map((limit) => limit.kind)
          .sort(),
      ).toEqual(['nodes', 'secrets']);
    });
    const scopes = fleet.scopes('nodes');
    expect(scopes.find((one) => one.cluster === idOf('viewer'))).toMatchObject({
      state: 'forbidden',
      rows: 0,
      reason: expect.stringMatching(/User "viewer" cannot (list|watch) resource "nodes"/),
    });
    expect(scopes.find((one) => one.cluster === idOf('admin'))).toMatchObject({ state: 'live', rows: 2 });
    await expect(fleet.request(idOf('viewer'), { path: '/api/v1/nodes' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('cannot list resource "nodes"'),
    });
    demand.dispose();
  }, 90_000);

  it('F9: sees the one namespace that a restricted user may see', async () => {
    fleet.open([idOf('reader')]);
    await until(() => {
      expect(row('reader')).toMatchObject({ state: 'live', namespaces: ['team-a'], nodes: null, pods: { healthy: 3 } });
    });
    expect(
      row('reader')
        ?.hidden.map((limit) => `${limit.kind}: ${limit.message}`)
        .sort(),
    ).toEqual([
      'namespaces: Namespace objects are not shown: you may not list them',
      'nodes: Node objects are not shown: you may not list them',
      'pods: Pod objects are shown of team-a only: you may not list them in all namespaces',
    ]);
  }, 90_000);

  it('a paused API server turns its clusters stale, and live again when it goes on', async () => {
    const pid = Number((await readFile(join(dirname(admin), 'kube-apiserver.pid'), 'utf8')).trim());
    process.kill(pid, 'SIGSTOP');
    try {
      await until(() => expect(row('admin')).toMatchObject({ state: 'stale', nodes: { total: 2 }, tone: 'unknown' }));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(() => expect(row('admin')).toMatchObject({ state: 'live', tone: 'healthy' }));
  }, 150_000);

  it('keeps what it knows of a cluster that is closed, and asks it nothing more', async () => {
    fleet.close([idOf('admin'), idOf('viewer'), idOf('reader')]);
    expect(row('admin')).toMatchObject({ state: 'stale', nodes: { total: 2, ready: 2 }, pods: { healthy: 3 } });
    await expect(fleet.request(idOf('admin'), { path: '/version' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('signs in with an exec plugin once it was approved', async () => {
    const plugin = join(folder, 'bin', 'plugin');
    await mkdir(dirname(plugin));
    await writeFile(plugin, '#!/bin/sh\necho "$CREDENTIAL"\n', { mode: 0o755 });
    const { stdout: token } = await run(kubectl, ['--kubeconfig', admin, '-n', 'team-a', 'create', 'token', 'reader']);
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: token.trim() },
    };
    const file = join(folder, 'kubeconfig.exec');
    await cp(admin, file);
    const own = (...args: string[]) => run(kubectl, ['--kubeconfig', file, 'config', ...args]);
    await own(
      'set-credentials',
      'plugged',
      '--exec-api-version=client.authentication.k8s.io/v1',
      '--exec-interactive-mode=Never',
      '--exec-command=./bin/plugin',
      `--exec-env=CREDENTIAL=${JSON.stringify(credential)}`,
    );
    await own('set-context', name, '--user=plugged', '--namespace=team-a');
    await until(() => expect(row('plugged')?.state).toBe('idle'));
    fleet.open([idOf('plugged')]);
    await until(() => expect(row('plugged')).toMatchObject({ state: 'needsConsent', consent: { resolved: plugin } }));
    await fleet.approve(idOf('plugged'), row('plugged')?.consent?.hash ?? '');
    await until(() =>
      expect(row('plugged')).toMatchObject({ state: 'live', namespaces: ['team-a'], pods: { healthy: 3 } }),
    );
  }, 90_000);
});
