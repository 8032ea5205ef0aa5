import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { type Access, readAccess } from './access.ts';
import { type Entry, Etcd } from './etcd.ts';
import { namespaceCount, namespaceName, podIdentity, podManifest, podPeriod } from './pods.ts';

/**
 * Fills a cluster of the test tool with so many running pods of about 10 KB. The first `podPeriod` go through the API
 * server and its defaulting, admission, managed fields and (simulated) kubelets; the others are copies of what etcd
 * then holds, each with its own name, uid, app and hash. Through the API server alone 10,000 take minutes.
 */
export async function fill(kubeconfig: string, pods: number, nodes: number): Promise<void> {
  await create(readAccess(kubeconfig), Math.min(pods, podPeriod), nodes);
  const etcd = Etcd.of(kubeconfig);
  const created = new Map((await etcd.list('/registry/pods/')).map((entry) => [entry.key, entry]));
  let next = podPeriod;
  const worker = async () => {
    while (next < pods) {
      const index = next++;
      const entry = created.get(keyOf(index % podPeriod));
      if (entry === undefined) throw new Error(`etcd does not have pod ${index % podPeriod}`);
      await etcd.put(copyOf(entry, index % podPeriod, index));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  etcd.close();
  await served(readAccess(kubeconfig), pods);
}

/** Waits until the API server's own cache, which lists are answered from, has all of them. */
async function served({ server, ca, cert, key }: Access, pods: number): Promise<void> {
  const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
  const inCache = () =>
    new Promise<number>((resolve, reject) => {
      request(`${server}/api/v1/pods?resourceVersion=0`, { ca, cert, key, headers: { accept } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const { items } = JSON.parse(Buffer.concat(parts).toString()) as {
            items: { metadata: { namespace: string } }[];
          };
          resolve(items.filter(({ metadata }) => /-(prod|staging)$/.test(metadata.namespace)).length);
        });
      })
        .on('error', reject)
        .end();
    });
  while ((await inCache()) < pods) await new Promise((resolve) => setTimeout(resolve, 500));
}

function keyOf(index: number): string {
  const { namespace, name } = podIdentity(index);
  return `/registry/pods/${namespace}/${name}`;
}

/** The stored bytes with another identity of the same length, so that every length within them stays true. */
function copyOf(entry: Entry, from: number, to: number): Entry {
  const was = podIdentity(from);
  const becomes = podIdentity(to);
  let text = entry.value.toString('latin1');
  const uid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(text)?.[0];
  if (uid === undefined) throw new Error(`${entry.key} has no uid`);
  for (const [old, fresh] of [
    [was.name, becomes.name],
    [was.service, becomes.service],
    [was.hash, becomes.hash],
    [was.instance, becomes.instance],
    [uid, randomUUID()],
  ] as const) {
    if (old.length !== fresh.length) throw new Error(`${old} and ${fresh} differ in length`);
    text = text.replaceAll(old, fresh);
  }
  return { key: keyOf(to), value: Buffer.from(text, 'latin1') };
}

/** Creates the pods that are missing, over 32 connections, and waits until all of them run. */
async function create(access: Access, pods: number, nodes: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: access.ca, cert: access.cert, key: access.key });
  const send = (method: string, path: string, body?: unknown) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const headers = {
        'Content-Type': 'application/json',
        'User-Agent': 'kubesage-bench',
        Accept: 'application/json',
      };
      const sent = request(`${access.server}${path}`, { method, agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const must = async (method: string, path: string, body: unknown) => {
    for (let attempt = 0; ; attempt++) {
      const answer = await send(method, path, body);
      if (answer.status < 300 || answer.status === 409) return;
      if (attempt === 5 || answer.status < 429)
        throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
      await new Promise((resolve) => setTimeout(resolve, 500 * (attempt + 1)));
    }
  };
  for (let index = 0; index < namespaceCount; index++) {
    const name = namespaceName(index);
    await must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  // The default service account is made by a controller, a moment after its namespace.
  for (let index = 0; index < namespaceCount; index++) {
    const path = `/api/v1/namespaces/${namespaceName(index)}/serviceaccounts/default`;
    while ((await send('GET', path)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let next = 0;
  const worker = async () => {
    while (next < pods) {
      const pod = podManifest(next++, nodes);
      await must('POST', `/api/v1/namespaces/${pod.metadata.namespace}/pods`, pod);
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  for (;;) {
    const answer = await send('GET', '/api/v1/pods?limit=1&fieldSelector=status.phase%21%3DRunning');
    const list = JSON.parse(answer.body) as { items: unknown[] };
    if (list.items.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  agent.destroy();
}
