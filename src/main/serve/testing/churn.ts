import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

/** A pod's label that grows with every change: which change a reader has seen can be told from it. */
export const label = 'change';

/** Changes pods of a real API server, one after the other, and keeps what was acknowledged. */
export class Churn {
  /** By pod: the number of its newest change that the server acknowledged. */
  readonly acknowledged = new Map<string, number>();
  readonly #pods: readonly string[];
  readonly #server: string;
  readonly #agent: Agent;
  #next = 0;
  #running: Promise<void> | undefined;
  #stopped = true;

  /** @param pods names in the namespace `default`. */
  constructor(kubeconfig: string, pods: readonly string[]) {
    const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
    const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();
    this.#pods = pods;
    this.#server = clusters[0].cluster.server;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      ca: text(clusters[0].cluster['certificate-authority-data']),
      cert: text(users[0].user['client-certificate-data']),
      key: text(users[0].user['client-key-data']),
    });
  }

  start(): void {
    this.#stopped = false;
    const work = async () => {
      while (!this.#stopped) {
        const change = ++this.#next;
        const pod = this.#pods[change % this.#pods.length] ?? '';
        await this.#patch(pod, { metadata: { labels: { [label]: String(change) } } });
        this.acknowledged.set(pod, change);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    this.#running = Promise.all([work(), work()]).then(() => undefined);
    this.#running.catch(() => undefined);
  }

  /** Resolves when the last change is acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  dispose(): void {
    this.#stopped = true;
    this.#agent.destroy();
  }

  #patch(pod: string, body: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#server}/api/v1/namespaces/default/pods/${pod}`,
        { agent: this.#agent, method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } },
        (answer) => {
          answer.resume();
          answer.on('error', reject);
          answer.on('end', () =>
            answer.statusCode === 200 ? resolve() : reject(new Error(`PATCH ${pod}: ${answer.statusCode}`)),
          );
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify(body));
    });
  }
}

/** The number of the change that a cell of labels shows; 0 for none. */
export function changeIn(labels: unknown): number {
  return Number(new RegExp(`^${label}=(\\d+)$`, 'm').exec(String(labels ?? ''))?.[1] ?? 0);
}
