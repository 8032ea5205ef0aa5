import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';

/** Forwards to containers that really run. */
saySkipped('port-forward to a real node');

const namespace = 'forwards';
/** Answers each connection with its pod's name, and then with everything that it is sent. */
const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: echo, namespace: ${namespace} }
spec:
  replicas: 1
  selector: { matchLabels: { app: echo } }
  template:
    metadata: { labels: { app: echo } }
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: { kubernetes.io/hostname: real-1 }
      containers:
        - name: echo
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'while true; do nc -l -p 7000 -e sh -c "hostname; cat"; done']
          ports: [{ name: talk, containerPort: 7000 }]
---
apiVersion: v1
kind: Service
metadata: { name: echo, namespace: ${namespace} }
spec: { selector: { app: echo }, ports: [{ name: talk, port: 80, targetPort: talk }] }
`;

describe.skipIf(clusterTool === undefined)('a forward', () => {
  let real: RealEngine;
  beforeAll(async () => {
    real = await startRealEngine(`forward-${process.pid}`, { up: ['--real-node'] });
    real.kubectl(['create', 'namespace', namespace]);
    real.kubectl(['apply', '-f', '-'], manifests);
    real.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/echo', '--timeout=120s']);
  }, 240_000);
  afterAll(async () => {
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real?.close();
  }, 60_000);

  const service = () => ({ cluster: real.cluster, kind: 'services', namespace, name: 'echo' });
  /** Sends the bytes and resolves with everything that came, once that much has. */
  const talk = (port: number, bytes: Buffer) =>
    new Promise<{ name: string; echoed: Buffer }>((resolve, reject) => {
      const parts: Buffer[] = [];
      const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('closed early')));
      socket.on('data', (part) => {
        parts.push(part);
        const all = Buffer.concat(parts);
        const line = all.indexOf('\n');
        if (line === -1 || all.length - line - 1 < bytes.length) return;
        socket.removeAllListeners('close');
        socket.destroy();
        resolve({ name: all.subarray(0, line).toString(), echoed: all.subarray(line + 1) });
      });
    });
  const pod = () =>
    real.kubectl(['-n', namespace, 'get', 'pods', '-l', 'app=echo', '-o', 'jsonpath={.items[*].metadata.name}']);

  test('leads to a named port of the pod behind a service, carries bytes as they are, and survives the replacement', async () => {
    expect((await real.client.portforward.ports({ object: service() })).ports).toEqual([
      { port: 80, name: 'talk', protocol: 'TCP' },
    ]);
    const { key, url } = await real.client.portforward.start({ object: service(), port: 80 });
    const port = Number(new URL(url).port);
    const bytes = randomBytes(3_000_000);
    const first = await talk(port, bytes);
    expect(first.name).toBe(pod());
    const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(digest(first.echoed)).toBe(digest(bytes));

    real.kubectl(['-n', namespace, 'delete', 'pod', first.name]);
    real.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/echo', '--timeout=60s']);
    await real.until(async () => {
      const next = await talk(port, Buffer.from('again'));
      expect(next.name).not.toBe(first.name);
      expect(next.echoed.toString()).toBe('again');
    });
    await expect(
      real.client.portforward.start({ object: { ...service(), name: 'other' }, port: 80, localPort: port }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await real.client.portforward.stop({ key });
    await expect(talk(port, Buffer.from('x'))).rejects.toThrow();
  }, 120_000);

  test('says what the pod refuses', async () => {
    const object = { cluster: real.cluster, kind: 'pods', namespace, name: pod() };
    const { key, url } = await real.client.portforward.start({ object, port: 7999 });
    await expect(talk(Number(new URL(url).port), Buffer.from('x'))).rejects.toThrow();
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const following = real.client.portforward.forwards(
          {},
          {
            change({ rows }) {
              resolve(rows.find((row) => row.key === key)?.message ?? '');
              queueMicrotask(() => following.dispose());
            },
            error: reject,
          },
        );
      });
    await real.until(async () => expect(await shown()).toMatch(/refused|failed/i));
    await real.client.portforward.stop({ key });
  }, 60_000);
});
