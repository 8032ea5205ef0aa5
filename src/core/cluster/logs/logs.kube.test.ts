import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import { type LogItem, type LogSource, severities } from './contract.ts';

/** Logs of containers that really run, crash and are replaced. */
saySkipped('logs of real containers');

const namespace = `logs-${process.pid}`;
const linesOfARun = 300;

/** Each run has a name of its own and numbers its lines, so that one that is lost or doubled is seen. */
const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: crashing, namespace: ${namespace} }
spec:
  replicas: 3
  selector: { matchLabels: { app: crashing } }
  template:
    metadata:
      labels: { app: crashing }
      annotations: { kubectl.kubernetes.io/default-container: main }
    spec:
      nodeSelector: { kubernetes.io/hostname: real-1 }
      terminationGracePeriodSeconds: 1
      initContainers:
        - { name: first, image: "docker.io/library/busybox:1.36", imagePullPolicy: IfNotPresent, command: [echo, prepared] }
      containers:
        - name: main
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              run=$(cat /proc/sys/kernel/random/uuid)
              i=0
              while [ $i -lt ${linesOfARun} ]; do i=$((i+1)); echo "run=$run line=$i level=info"; [ $((i%30)) = 0 ] && sleep 0.1; done
              echo "run=$run the end level=error"
              exit 3
        - name: quiet
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "I am beside"; sleep 100000']
`;

describe.skipIf(clusterTool === undefined)('logs', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`logs-${process.pid}`, { up: ['--real-node'] });
    real.kubectl(['apply', '-f', '-'], manifests);
  }, 240_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real?.close();
  }, 60_000);

  const deployment = () => ({ cluster: real.cluster, kind: 'deployments.apps', namespace, name: 'crashing' });

  test('three crashing pods are merged and followed through restarts and a replacement; no line is lost or doubled', async () => {
    const runs = new Map<string, { pod: string; lines: number[]; ended: boolean }>();
    let sources: readonly LogSource[] = [];
    const notes: string[] = [];
    let lost = 0;
    let expected = 0;
    const take = (item: LogItem) => {
      if (item.type === 'sources') {
        sources = item.sources;
        return;
      }
      lost += item.first - expected;
      expected = item.first + item.lines.at.length;
      for (const [index, text] of item.lines.text.entries()) {
        const severity = severities[item.lines.severity[index] as number];
        if (severity === 'note') {
          notes.push(text);
          continue;
        }
        const [, run = '', line] = /^run=(\S+) (?:line=(\d+))?/.exec(text) ?? [];
        const { pod = '', container } = sources[item.lines.source[index] as number] ?? {};
        expect(container).toBe('main');
        const known = runs.get(run) ?? { pod, lines: [], ended: false };
        runs.set(run, known);
        expect(known.pod).toBe(pod);
        expect(severity).toBe(line === undefined ? 'error' : 'info');
        if (line === undefined) known.ended = true;
        else known.lines.push(Number(line));
      }
    };
    const failures: string[] = [];
    const following = real.client.logs.tail(
      { objects: [deployment()] },
      {
        items: (items) => items.forEach(take),
        gap: (dropped) => {
          lost += dropped;
        },
        error: (error) => failures.push(error.message),
        end: () => failures.push('ended'),
      },
    );
    const endedOf = (pod: string) => [...runs.values()].filter((run) => run.pod === pod && run.ended).length;
    const podsWith = (atLeast: number) =>
      new Set([...runs.values()].map(({ pod }) => pod).filter((pod) => endedOf(pod) >= atLeast));
    await real.until(() => expect(podsWith(2).size).toBe(3));

    const [replaced = ''] = podsWith(2);
    real.kubectl(['delete', 'pod', replaced, '--namespace', namespace, '--wait=false']);
    await real.until(() => expect(podsWith(2).size).toBe(4));
    await real.until(() => expect(sources.find(({ pod, chosen }) => pod === replaced && chosen)?.state).toBe('gone'));
    following.dispose();

    expect(failures).toEqual([]);
    expect(lost).toBe(0);
    const whole = Array.from({ length: linesOfARun }, (_, index) => index + 1);
    for (const { lines, ended, pod } of runs.values())
      expect(lines, pod).toEqual(ended ? whole : whole.slice(0, lines.length));
    expect(notes).toContain('Restarted for the 1st time');
    expect(
      sources
        .filter(({ container }) => container === 'quiet')
        .every(({ chosen, state }) => !chosen && state === 'unread'),
    ).toBe(true);
  }, 180_000);

  test('the past of a pod: default container, all of them, the previous run, a filter', async () => {
    const pod = real.kubectl([
      'get',
      'pods',
      '-n',
      namespace,
      '-l',
      'app=crashing',
      '-o',
      'jsonpath={.items[0].metadata.name}',
    ]);
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: pod };
    const past = await real.client.logs.past({ objects: [object], types: ['main', 'init'] });
    expect(past.sources.map(({ container, type }) => `${type} ${container}`)).toEqual([
      'init first',
      'main main',
      'main quiet',
    ]);
    expect(past.lines.text).toContain('prepared');
    expect(past.lines.text).toContain('I am beside');
    expect(past.lines.at).toEqual([...past.lines.at].sort((a, b) => a - b));

    // The kubelet knows of a run's end a moment after its last line.
    await real.until(async () => {
      const { lines, sources } = await real.client.logs.past({ objects: [object], previous: true });
      expect(sources.find(({ chosen }) => chosen)).toMatchObject({ state: 'ended' });
      expect(lines.text.filter((text) => text.includes('line='))).toHaveLength(linesOfARun);
      expect(lines.text.at(-1)).toContain('the end');
    });

    const filtered = await real.client.logs.past({
      objects: [object],
      previous: true,
      include: { text: 'line=1[05]$|line=1[05] ', regex: true },
      exclude: { text: 'LINE=15' },
    });
    expect(filtered.lines.text.map((text) => text.replace(/.*line/, 'line'))).toEqual(['line=10 level=info']);

    const cut = await real.client.logs.past({ objects: [deployment()], limit: 7 });
    expect(cut.lines.text).toHaveLength(7);
    await expect(real.client.logs.past({ objects: [] })).rejects.toMatchObject({ code: 'invalid' });
  }, 60_000);
});
