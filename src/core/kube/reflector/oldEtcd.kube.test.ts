import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WatchState } from '../columns/batch.ts';
import { builtInSchema } from '../projectors/index.ts';
import { createTransport } from '../transport/index.ts';
import { createWatchers } from './createWatchers.ts';
import { accessOf, argumentsOf, startAgain } from './testing/realServer.ts';
import { Table } from './testing/watching.ts';
import type { Watchers } from './watchers.ts';

/** A real API server on etcd 3.4, as Debian packages it: it answers a streaming list with an error within the stream. */
const tool = process.env.KUBESAGE_KUBE;
const etcd = process.env.KUBESAGE_ETCD34 ?? '/usr/bin/etcd';
const reason = tool === undefined ? 'KUBESAGE_KUBE does not name the tool that starts test clusters' : whyNot();
if (reason !== undefined) process.stderr.write(`Skipped: ${reason}\n`);

const name = `etcd34-${process.pid}`;
/** No pods: the controllers still believe in the cluster that was on the other etcd. */
const kinds = ['configmaps', 'services', 'deployments.apps'];

describe.skipIf(reason !== undefined)('with an API server on etcd 3.4', () => {
  let kubeconfig = '';
  let kubectl = '';
  let watchers: Watchers | undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-etcd-'));
  const states = new Map<string, WatchState[]>(kinds.map((kind) => [kind, []]));
  const tables = new Map(kinds.map((kind) => [kind, new Table()]));

  const run = (...args: string[]) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const listed = (kind: string) => {
    const range = '{range .items[*]}{.metadata.namespace}/{.metadata.name}@{.metadata.resourceVersion}{"\\n"}{end}';
    const lines = run('get', kind, '-A', '-o', `jsonpath=${range}`).split('\n');
    return lines.filter((line) => line !== '').sort();
  };
  const until = async (condition: () => boolean | Promise<boolean>, what: string) => {
    for (let tries = 0; !(await condition()); tries++) {
      if (tries === 600) throw new Error(`Never: ${what}; ${JSON.stringify([...states])}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  beforeAll(async () => {
    const last = (text: string) => text.trim().split('\n').at(-1) ?? '';
    kubectl = path.join(last(execFileSync(tool ?? '', ['assets'], { encoding: 'utf8' })), 'kubectl');
    kubeconfig = last(execFileSync(tool ?? '', ['up', name, '--nodes', '2'], { encoding: 'utf8' }));
    const pidFile = (part: string) => path.join(path.dirname(kubeconfig), `${part}.pid`);
    const server = argumentsOf(pidFile('kube-apiserver'));
    // It cannot read a newer one's data, nor does it know all of its arguments.
    const store = argumentsOf(pidFile('etcd')).filter((arg) => arg !== '--unsafe-no-fsync');
    store[0] = etcd;
    store[store.indexOf('--data-dir') + 1] = folder;
    for (const part of ['kube-apiserver', 'etcd']) {
      const pid = readFileSync(pidFile(part), 'utf8').trim();
      process.kill(Number(pid), 'SIGKILL');
      // Until then it holds its port.
      await until(() => !existsSync(`/proc/${pid}/exe`), `${part} has ended`);
    }
    startAgain(pidFile('etcd'), store);
    startAgain(pidFile('kube-apiserver'), server);
    await until(() => {
      // A port that somebody took meanwhile, or an API server that met no etcd: it gives up, and is started again.
      for (const [part, args] of [
        ['etcd', store],
        ['kube-apiserver', server],
      ] as const) {
        if (!existsSync(`/proc/${readFileSync(pidFile(part), 'utf8').trim()}/exe`)) startAgain(pidFile(part), args);
      }
      try {
        return run('get', '--raw', '/readyz') === 'ok' && run('get', 'namespaces').includes('kube-system');
      } catch {
        return false;
      }
    }, 'the API server is ready');
    run('create', 'deployment', 'web', '--image', 'example.com/web:1', '--replicas', '4');
    run('create', 'configmap', 'before', '--from-literal=a=b');
  }, 180_000);

  afterAll(() => {
    watchers?.dispose();
    if (kubeconfig !== '') execFileSync(tool ?? '', ['down', name], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('F7 it refuses a streaming list within the stream, which is what the next test is about', async () => {
    const { spec, credentials } = accessOf(kubeconfig);
    const transport = createTransport(spec, credentials);
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const answer = await transport.request({ path: `/api/v1/configmaps?${query}` });
    transport.dispose();
    expect(new TextDecoder().decode(answer.body)).toContain('RequestWatchProgress is disabled');
  });

  test('F7 every kind is listed and followed all the same, and never said to be stale', {
    timeout: 120_000,
  }, async () => {
    const { spec, credentials } = accessOf(kubeconfig);
    watchers = createWatchers({ workers: 1, version: 'test' });
    watchers.onMessage((message) => {
      if (message.type === 'state') states.get(message.kind)?.push(message.state);
      tables.get(message.type === 'rows' ? message.batch.kind : message.kind)?.apply(message);
    });
    watchers.connect(1, spec, credentials);
    for (const kind of kinds) {
      const schema = builtInSchema(kind);
      if (schema === undefined) throw new Error(`There are no ${kind}`);
      watchers.watch(1, { schema, namespaces: null, custom: false, priority: 0 });
    }
    const equal = () =>
      kinds.every((kind) => JSON.stringify(listed(kind)) === JSON.stringify(tables.get(kind)?.rows())) &&
      kinds.every((kind) => states.get(kind)?.at(-1)?.state === 'live');
    await until(equal, 'the rows equal kubectl');
    run('scale', 'deployment', 'web', '--replicas', '6');
    run('create', 'configmap', 'later', '--from-literal=a=b');
    run('delete', 'configmap', 'before');
    await until(equal, 'the rows equal kubectl after changes');
    for (const kind of kinds) expect(states.get(kind)?.map(({ state }) => state)).toEqual(['listing', 'live']);
  });
});

/** Why it cannot be tried here; undefined when it can. */
function whyNot(): string | undefined {
  try {
    const version = execFileSync(etcd, ['--version'], { encoding: 'utf8' });
    return version.includes('Version: 3.4.') ? undefined : `${etcd} is not etcd 3.4; KUBESAGE_ETCD34 names one`;
  } catch {
    return `there is no ${etcd}: install etcd-server, or let KUBESAGE_ETCD34 name an etcd 3.4`;
  }
}
