import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';

/** A key and its value as etcd has them. */
export interface Entry {
  key: string;
  value: Buffer;
}

/**
 * The etcd behind a test cluster's API server, over its JSON gateway. Writing past the API server is how a bench on
 * small hardware makes more pods and more events than the server's write path can: what is measured is reading, and
 * every byte of that comes from the API server.
 */
export class Etcd {
  readonly #address: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(address: string) {
    this.#address = new URL(address);
  }

  /** Finds it by the arguments of the API server that the cluster tool started beside this kubeconfig. */
  static of(kubeconfig: string): Etcd {
    const pid = readFileSync(path.join(path.dirname(kubeconfig), 'kube-apiserver.pid'), 'utf8').trim();
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const address = args[args.indexOf('--etcd-servers') + 1];
    if (address === undefined) throw new Error(`The API server ${pid} does not say where its etcd is`);
    return new Etcd(address);
  }

  async get(key: string): Promise<Entry | undefined> {
    return (await this.#range({ key: base64(key) }))[0];
  }

  /** Every entry whose key begins with `prefix`. */
  async list(prefix: string): Promise<Entry[]> {
    const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
    return await this.#range({ key: base64(prefix), range_end: base64(end) });
  }

  async put({ key, value }: Entry): Promise<void> {
    await this.putBody(Buffer.from(JSON.stringify({ key: base64(key), value: value.toString('base64') })));
  }

  /** A put whose body was made beforehand: for many of them a second. */
  async putBody(body: Buffer): Promise<void> {
    await this.#post('/v3/kv/put', body);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #range(body: object): Promise<Entry[]> {
    const { kvs = [] } = JSON.parse(await this.#post('/v3/kv/range', Buffer.from(JSON.stringify(body)))) as {
      kvs?: { key: string; value: string }[];
    };
    return kvs.map(({ key, value }) => ({
      key: Buffer.from(key, 'base64').toString(),
      value: Buffer.from(value, 'base64'),
    }));
  }

  #post(where: string, body: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#address;
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const sent = request({ hostname, port, path: where, method: 'POST', agent: this.#agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`etcd ${where}: ${response.statusCode} ${text.slice(0, 200)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
