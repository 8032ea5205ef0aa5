import { Agent, request } from 'node:https';
import type { Access } from './access.ts';
import { namespaceCount, namespaceName, podManifest } from './pods.ts';

/** Creates the pods that are missing, over 32 connections, and waits until all of them run. */
export async function fill(access: Access, pods: number, nodes: number): Promise<void> {
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
