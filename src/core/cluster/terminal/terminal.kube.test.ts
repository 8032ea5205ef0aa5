import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, connectEngine, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { TerminalDown, TerminalTarget } from './contract.ts';

/** Terminals in containers that really run. */
saySkipped('terminals on a real node');

const image = 'docker.io/library/busybox:1.36';
const namespace = `terminal-${process.pid}`;
const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: ${namespace}
  annotations: { kubectl.kubernetes.io/default-container: main }
spec:
  nodeName: real-1
  terminationGracePeriodSeconds: 0
  containers:
    - { name: sidecar, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
    - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sh], stdin: true, tty: true }
`;

type Target = Extract<TerminalTarget, { mode: 'exec' }>;

/** A terminal as a screen would have it: what is written is taken at once, or not at all. */
function openTerminal(
  real: RealEngine,
  target: Partial<Target> | TerminalTarget,
  options: { takes?: boolean; confirmed?: string; session?: string; size?: { columns: number; rows: number } } = {},
) {
  const { takes = true, ...rest } = options;
  const seen = {
    text: '',
    replay: '',
    count: 0,
    skipped: 0,
    states: [] as Extract<TerminalDown, { type: 'state' }>[],
    error: '',
  };
  const object = { cluster: real.cluster, kind: 'pods', namespace, name: 'web' };
  const handle = real.client.terminal.open(
    { target: { mode: 'exec', object, ...target } as TerminalTarget, ...rest },
    {
      message(message) {
        if (message.type === 'state') seen.states.push(message);
        else if (message.type === 'skipped') seen.skipped += message.count;
        else if (message.type === 'replay') seen.replay = message.text;
        else {
          seen.text = (seen.text + message.text).slice(-200_000);
          seen.count += message.text.length;
          if (takes) handle.send({ type: 'taken', count: message.text.length });
        }
      },
      error: (error) => {
        seen.error = error.message;
      },
      end: () => undefined,
    },
  );
  return {
    seen,
    state: () => seen.states.at(-1),
    type: (text: string) => handle.send({ type: 'input', text }),
    resize: (columns: number, rows: number) => handle.send({ type: 'resize', columns, rows }),
    record: (on: boolean) => handle.send({ type: 'record', on, input: false }),
    endInput: () => handle.send({ type: 'endInput' }),
    shows: (text: string | RegExp) => real.until(() => expect(seen.text).toMatch(text)),
    is: (state: string) => real.until(() => expect(seen.states.at(-1)).toMatchObject({ state })),
    close() {
      handle.send({ type: 'close' });
      handle.dispose();
    },
    /** As a page that is loaded again. */
    leave: () => handle.dispose(),
  };
}

describe.skipIf(clusterTool === undefined)('terminals', () => {
  let real: RealEngine;
  const open: ReturnType<typeof openTerminal>[] = [];
  const start = (...args: Parameters<typeof openTerminal> extends [unknown, ...infer R] ? R : never) => {
    const terminal = openTerminal(real, ...args);
    open.push(terminal);
    return terminal;
  };
  beforeAll(async () => {
    real = await startRealEngine(`terminal-${process.pid}`, { up: ['--real-node'] });
    // No pod may be made before the new namespace has its service account.
    await real.until(() => void real.kubectl(['apply', '-f', '-'], manifests));
    real.kubectl(['wait', '--for=condition=Ready', 'pod/web', '-n', namespace, '--timeout=120s']);
  }, 300_000);
  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.close();
  });
  afterAll(async () => {
    if (real === undefined) return;
    real.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real.close();
  }, 60_000);

  test('lists containers, the one that the pod names as its default first chosen', async () => {
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: 'web' };
    const { containers } = await real.client.terminal.containers({ object });
    expect(containers.map((each) => [each.name, each.state, each.default, each.stdin])).toEqual([
      ['sidecar', 'running', false, false],
      ['main', 'running', true, true],
    ]);
  });

  test('a shell in the default container: its size follows, Ctrl-C ends a program, and its end has an exit code', async () => {
    const terminal = start({}, { size: { columns: 101, rows: 31 } });
    await terminal.is('open');
    expect(terminal.state()).toMatchObject({ container: 'main', pod: 'web', tty: true });
    terminal.type('stty size; echo $TERM\r');
    await terminal.shows(/31 101\r\nxterm-256color/);
    terminal.resize(132, 43);
    terminal.type('stty size\r');
    await terminal.shows(/43 132/);
    terminal.type('echo "ready $((40 + 2))"; sleep 1000\r');
    await terminal.shows('ready 42');
    terminal.type('\u0003');
    await terminal.shows(/\^C\r\n/);
    terminal.type('echo "still $((40 + 2))"; exit 7\r');
    await terminal.is('ended');
    expect(terminal.seen.text).toContain('still 42');
    expect(terminal.state()).toMatchObject({ exitCode: 7 });
  });

  test('without a terminal both outputs come apart, and the input ends', async () => {
    const terminal = start({ command: ['sh', '-c', 'cat; echo wrong >&2; exit 3'], tty: false });
    await terminal.is('open');
    terminal.type('grün 🌱\n');
    await terminal.shows('grün 🌱');
    terminal.endInput();
    await terminal.is('ended');
    expect(terminal.seen.text).toBe('grün 🌱\nwrong\n');
    expect(terminal.state()).toMatchObject({ exitCode: 3 });
  });

  test('a flood waits for the screen, and Ctrl-C brings the prompt back', async () => {
    const slow = start({}, { takes: false });
    await slow.is('open');
    slow.type('yes 0123456789\r');
    await real.until(() => expect(slow.seen.count).toBeGreaterThan(64 * 1024));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The window and what one reading of the socket may bring above it.
    expect(slow.seen.count).toBeLessThan(256 * 1024);
    slow.type('\u0003');
    slow.type('echo "back $((40 + 2))"\r');
    await slow.shows('back 42');
    expect(slow.seen.skipped).toBeGreaterThan(0);
  });

  test('a program that is not there says so', async () => {
    const terminal = start({ command: ['/no/such/program'] });
    await terminal.is('ended');
    expect(terminal.state()).toMatchObject({ noProgram: true });
  });

  test('attaches to the program that runs', async () => {
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: 'web' };
    const terminal = start({ mode: 'attach', object });
    await terminal.is('open');
    terminal.type('echo "attached $((40 + 2))"\r');
    await terminal.shows('attached 42');
  });

  test('a debug container sees the processes of its target, and is among the changes', async () => {
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: 'web' };
    const terminal = start({ mode: 'debug', object, image, target: 'sidecar', profile: 'general' });
    await terminal.is('open');
    terminal.type('ps; echo "debugging $((40 + 2))"\r');
    await terminal.shows('debugging 42');
    expect(terminal.seen.text).toContain('sleep 100000');
    terminal.type('exit 3\r');
    await terminal.is('ended');
    expect(terminal.state()).toMatchObject({ exitCode: 3 });
    const { entries } = await real.client.audit.entries({ name: 'web' });
    expect(entries.map(({ action }) => action)).toContain('debug');
    expect(entries.map(({ action }) => action)).toContain('exec');
    expect(JSON.stringify(entries)).not.toContain('echo');
  });

  test('a node shell has a pod of its own, which is gone with it', async () => {
    const object = { cluster: real.cluster, kind: 'nodes', namespace: '', name: 'real-1' };
    const pods = () => real.kubectl(['get', 'pods', '-n', namespace, '-o', 'name']);
    const terminal = start({ mode: 'node', object, image, namespace });
    await real.until(() => expect(terminal.seen.states.some(({ state }) => state === 'open')).toBe(true));
    const pod = terminal.seen.states.find(({ state }) => state === 'open')?.pod ?? '';
    expect(pod).toMatch(/^node-shell-/);
    await terminal.shows(/[#$] /);
    terminal.type('echo "root $(id -u) of $(cat /proc/sys/kernel/hostname)"\r');
    await terminal.shows(/root 0 of \S/);
    // The same rights as kubectl's own, which are the least that such a shell needs; and no account of the cluster.
    real.kubectl([
      'debug',
      'node/real-1',
      '-n',
      namespace,
      `--image=${image}`,
      '--profile=sysadmin',
      '--',
      'sleep',
      '1',
    ]);
    const specs = JSON.parse(real.kubectl(['get', 'pods', '-n', namespace, '-o', 'json'])).items as {
      metadata: { name: string };
      spec: Record<string, unknown> & { containers: Record<string, unknown>[]; volumes: { name: string }[] };
    }[];
    const specOf = (name: RegExp) => {
      const spec = specs.find(({ metadata }) => name.test(metadata.name))?.spec;
      if (spec === undefined) throw new Error(`There is no pod ${name}`);
      const { nodeName, hostPID, hostIPC, hostNetwork, restartPolicy, tolerations } = spec;
      const { securityContext, terminationMessagePolicy } = spec.containers[0] ?? {};
      const volumes = spec.volumes.filter((volume) => volume.name === 'host-root');
      const of = { nodeName, hostPID, hostIPC, hostNetwork, restartPolicy, tolerations, securityContext };
      return { ...of, terminationMessagePolicy, volumes };
    };
    expect(specOf(/^node-shell-/)).toEqual(specOf(/^node-debugger-/));
    expect(specOf(/^node-shell-/)).toMatchObject({ nodeName: 'real-1', hostPID: true });
    const own = specs.find(({ metadata }) => metadata.name === pod)?.spec;
    expect(own?.volumes.map(({ name }) => name)).toEqual(['host-root']);
    terminal.close();
    await real.until(() => expect(pods()).not.toContain(pod));
    await real.until(async () => {
      const { entries } = await real.client.audit.entries({ name: pod });
      expect(entries.map(({ request }) => request.split(' ')[0]).sort()).toEqual(['DELETE', 'END', 'POST', 'POST']);
    });
  });

  test('what is not there or not running fails in the server’s words', async () => {
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: 'nobody' };
    const terminal = start({ mode: 'exec', object, tty: true });
    await terminal.is('failed');
    expect(terminal.state()?.message).toContain('pods "nobody" not found');
  });

  test('a node shell that is open when the program ends is removed, too', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-terminal-'));
    const own = await connectEngine(real.kubeconfig, folder);
    await real.until(() => expect(own.clusters()).toHaveLength(1));
    const cluster = own.clusters()[0]?.key ?? '';
    await own.client.fleet.open({ clusters: [cluster] });
    await real.until(() => expect(own.clusters()).toMatchObject([{ state: 'live' }]));
    const object = { cluster, kind: 'nodes', namespace: '', name: 'real-1' };
    const terminal = openTerminal({ ...real, client: own.client }, { mode: 'node', object, image, namespace });
    await real.until(() => expect(terminal.seen.states.some(({ state }) => state === 'open')).toBe(true));
    const pod = terminal.seen.states.find(({ state }) => state === 'open')?.pod ?? '';
    await own.close();
    rmSync(folder, { recursive: true });
    expect(real.kubectl(['get', 'pods', '-n', namespace, '-o', 'name'])).not.toContain(pod);
  });

  test('who may not is told so before, and refused in the server’s words', async () => {
    const viewer = await startRealEngine(`terminal-${process.pid}`, { viewerOf: real });
    try {
      const allowed = await viewer.client.terminal.allowed({ cluster: viewer.cluster, namespace });
      expect(allowed.exec).toMatchObject({
        allowed: false,
        reason: expect.stringContaining('may not create pods/exec'),
        rule: expect.stringContaining('pods/exec'),
      });
      const object = { cluster: viewer.cluster, kind: 'pods', namespace, name: 'web' };
      const terminal = openTerminal(viewer, { mode: 'exec', object, tty: true });
      await terminal.is('failed');
      expect(terminal.state()?.message).toMatch(/cannot (create|get) resource "pods\/exec"/);
      const { entries } = await viewer.client.audit.entries({ name: 'web' });
      expect(entries).toMatchObject([{ action: 'exec', result: 'failed' }]);
      terminal.close();
    } finally {
      await viewer.close();
    }
  });

  test('goes on while nobody looks, and is taken up again with what was shown', async () => {
    const first = start({});
    await first.is('open');
    const session = first.state()?.session ?? '';
    first.type('echo "before $((40 + 2))"; sleep 1; echo "behind $((40 + 3))"\r');
    await first.shows('before 42');
    first.leave();
    await real.until(async () => {
      const { sessions } = await real.client.terminal.sessions({});
      expect(sessions.find((each) => each.session === session)).toMatchObject({ attached: false, pod: 'web' });
    });
    // Not gone on to while it was on a screen.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = start({}, { session, size: { columns: 91, rows: 33 } });
    await second.is('open');
    expect(second.seen.replay).toContain('before 42');
    expect(second.seen.replay).toContain('behind 43');
    second.type('stty size\r');
    await second.shows('33 91');
    // Another window takes it: the one before is told, and may have it back.
    const third = start({}, { session });
    await second.is('lost');
    expect(second.state()?.message).toContain('another window');
    third.type('echo "here $((40 + 2))"\r');
    await third.shows('here 42');
    expect(second.seen.text).not.toContain('here 42');
    third.close();
    await real.until(async () => expect((await real.client.terminal.sessions({})).sessions).toEqual([]));
    const late = start({}, { session });
    await real.until(() => expect(late.seen.error).toBe('That terminal is over'));
  });

  test('a flood that nobody looks at neither stops nor grows', async () => {
    const first = start({});
    await first.is('open');
    const session = first.state()?.session ?? '';
    first.type('yes 0123456789 | head -n 400000; echo "through $((40 + 2))"\r');
    await first.shows('0123456789');
    first.leave();
    await real.until(async () => {
      const again = start({}, { session });
      await real.until(() => expect(again.seen.replay).not.toBe(''));
      expect(again.seen.replay.length).toBeLessThan(1024 * 1024);
      again.leave();
      expect(again.seen.replay).toContain('through 42');
    });
  }, 120_000);

  test('is recorded when it is asked for, without what is typed, and the record of changes has the hash', async () => {
    const terminal = start({});
    await terminal.is('open');
    const session = terminal.state()?.session ?? '';
    terminal.record(true);
    await real.until(() => expect(terminal.state()?.recording).toMatchObject({ required: false, withInput: false }));
    const key = terminal.state()?.recording?.key ?? '';
    terminal.type('stty -echo; read SECRET\r');
    terminal.type('hunter2\r');
    terminal.type('stty echo; echo "shown $((40 + 2))"\r');
    await terminal.shows('shown 42');
    terminal.resize(100, 30);
    terminal.record(false);
    await real.until(() => expect(terminal.state()?.recording).toBeUndefined());
    const { text } = await real.client.recordings.part({ key });
    const [head, ...events] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({ version: 2, width: 80, height: 24, title: `${namespace}/web` });
    const of = (kind: string) =>
      events
        .filter(([, each]) => each === kind)
        .map(([, , data]) => data)
        .join('');
    expect(of('o')).toContain('shown 42');
    expect(of('r')).toBe('100x30');
    expect(text).not.toContain('hunter2');
    expect(await real.client.recordings.check({ key })).toMatchObject({ state: 'intact' });
    const { entries } = await real.client.audit.entries({ name: 'web' });
    expect(entries.filter(({ run }) => run === session).map(({ action }) => action)).toEqual(['recordingEnd', 'exec']);
    await real.client.recordings.remove({ key });
    expect((await real.client.recordings.list({})).recordings).toEqual([]);
  });

  test('a workload gives the pod that is ready, and all of them', async () => {
    const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: several, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: several } }
  template:
    metadata: { labels: { app: several } }
    spec:
      nodeName: real-1
      terminationGracePeriodSeconds: 0
      containers:
        - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
`;
    real.kubectl(['apply', '-f', '-'], deployment);
    real.kubectl(['rollout', 'status', 'deployment/several', '-n', namespace, '--timeout=120s']);
    const object = { cluster: real.cluster, kind: 'deployments.apps', namespace, name: 'several' };
    const { pods } = await real.client.terminal.pods({ object });
    expect(pods).toMatchObject([
      { ready: true, node: 'real-1' },
      { ready: true, node: 'real-1' },
    ]);
    const terminal = start({ mode: 'exec', object, tty: true });
    await terminal.is('open');
    const pod = terminal.state()?.pod;
    expect(pods.map(({ name }) => name)).toContain(pod);
    terminal.type('hostname\r');
    await terminal.shows(pod ?? '-');
    const { containers } = await real.client.terminal.containers({ object });
    expect(containers.map(({ name }) => name)).toEqual(['main']);
  }, 180_000);

  test('this computer gives no shell where its host has none, whoever asks', async () => {
    const object = { cluster: real.cluster, kind: 'clusters', namespace: '', name: '' };
    const { local } = await real.client.terminal.allowed({ cluster: real.cluster, namespace });
    expect(local).toMatchObject({ allowed: false, reason: expect.stringContaining('desktop') });
    const terminal = start({ mode: 'local', object });
    await real.until(() => expect(terminal.seen.error).toContain('desktop application only'));
    expect(terminal.seen.states).toEqual([]);
  });

  test('a protected cluster asks for its name, and what is opened in it is recorded', async () => {
    await real.client.fleet.update({ cluster: real.cluster, protected: true });
    const refused = start({});
    await real.until(() => expect(refused.seen.error).toContain('is protected'));
    const { confirmation, recorded } = await real.client.terminal.allowed({ cluster: real.cluster, namespace });
    expect(recorded).toBe(true);
    const terminal = start({}, { confirmed: confirmation.text });
    await terminal.is('open');
    const { session = '', recording } = terminal.state() ?? {};
    expect(recording).toMatchObject({ required: true, withInput: false });
    // It cannot be stopped by who is recorded.
    terminal.record(false);
    terminal.type('echo "seen $((40 + 2))"; exit 4\r');
    await terminal.is('ended');
    const key = recording?.key ?? '';
    await real.until(async () =>
      expect(await real.client.recordings.check({ key })).toMatchObject({ state: 'intact' }),
    );
    expect((await real.client.recordings.part({ key })).text).toContain('seen 42');
    const { entries } = await real.client.audit.entries({ name: 'web' });
    const own = entries.filter(({ run }) => run === session);
    expect(own.map(({ action }) => action)).toEqual(['terminalEnd', 'exec']);
    expect(own[0]?.changes).toEqual(
      expect.arrayContaining([
        { path: '/recording', after: key },
        { path: '/exitCode', after: 4 },
      ]),
    );
  });

  test('what is open in a cluster that becomes protected is recorded from then on', async () => {
    await real.client.fleet.update({ cluster: real.cluster, protected: false });
    const terminal = start({});
    await terminal.is('open');
    expect(terminal.state()?.recording).toBeUndefined();
    await real.client.fleet.update({ cluster: real.cluster, protected: true });
    await real.until(() => expect(terminal.state()?.recording).toMatchObject({ required: true }));
    await real.client.fleet.update({ cluster: real.cluster, protected: false });
  });
});
