import { Agent, request } from 'node:https';
import type { Access } from '../fleet/access.ts';

interface ServerMetrics {
  cpuSeconds: number;
  /** Of lists and watches of all pods, before compression; a watch counts when it ends. */
  sentBytes: number;
}

/** Churn for an API server, and what it says of its own work. */
export class Api {
  readonly #access: Access;
  readonly #agent: Agent;
  #turn = 0;

  constructor(access: Access) {
    this.#access = access;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 4, ca: access.ca, cert: access.cert, key: access.key });
  }

  async metrics(): Promise<ServerMetrics> {
    const text = await this.#ask('GET', '/metrics');
    let sentBytes = 0;
    for (const line of text.split('\n')) {
      const isPods = line.startsWith('apiserver_response_sizes_sum{') && /resource="pods",scope="cluster"/.test(line);
      if (isPods && /verb="(LIST|WATCH)"/.test(line)) sentBytes += Number(line.slice(line.lastIndexOf(' ')));
    }
    return { cpuSeconds: Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1] ?? Number.NaN), sentBytes };
  }

  /** Changes an annotation of some pods, so many a second; the same pods and changes whoever watches. */
  async churn(seconds: number, perSecond: number): Promise<void> {
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const list = JSON.parse(await this.#ask('GET', '/api/v1/pods?limit=200', undefined, accept)) as {
      items: { metadata: { name: string; namespace: string } }[];
    };
    const from = performance.now();
    for (let sent = 0; sent < seconds * perSecond; sent++) {
      const waitMs = from + (sent / perSecond) * 1000 - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const { name, namespace } = list.items[sent % list.items.length]?.metadata ?? { name: '', namespace: '' };
      const body = JSON.stringify({ metadata: { annotations: { 'bench.example.com/turn': String(this.#turn++) } } });
      await this.#ask('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}`, body);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(method: string, where: string, body?: string, accept = 'application/json'): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { accept, ...(body !== undefined && { 'content-type': 'application/merge-patch+json' }) };
      const sent = request(`${this.#access.server}${where}`, { method, agent: this.#agent, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (answer.statusCode === 200) resolve(text);
          else reject(new Error(`${method} ${where}: ${answer.statusCode} ${text.slice(0, 200)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
