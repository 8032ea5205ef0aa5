import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import path from 'node:path';

/** A key and its value as etcd has them. */
export interface Entry {
  key: string;
  value: Buffer;
}

/**
 * The etcd behind a test cluster's API server: read over its JSON gateway, written over gRPC. Writing past the API server is how a bench on
 * small hardware makes more pods and more events than the server's write path can: what is measured is reading, and
 * every byte of that comes from the API server.
 */
export class Etcd {
  readonly #address: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #session: ClientHttp2Session;

  constructor(address: string) {
    this.#address = new URL(address);
    this.#session = connect(address);
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

  async put(entry: Entry): Promise<void> {
    await this.send(putMessage(entry).message);
  }

  /** Sends a put that was made beforehand: for many of them a second. */
  send(message: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({
        ':method': 'POST',
        ':path': '/etcdserverpb.KV/Put',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      let status: unknown;
      const note = (headers: Record<string, unknown>) => {
        status = headers['grpc-status'] ?? status;
      };
      stream.on('response', note);
      stream.on('trailers', note);
      stream.on('error', reject);
      stream.on('end', () => (status === '0' ? resolve() : reject(new Error(`etcd put: gRPC status ${status}`))));
      stream.resume();
      stream.end(message);
    });
  }

  close(): void {
    this.#agent.destroy();
    this.#session.close();
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

/** An etcdserverpb.PutRequest (key = 1, value = 2) in its gRPC frame, and where in it the value begins. */
export function putMessage({ key, value }: Entry): { message: Buffer; valueAt: number } {
  const name = Buffer.from(key);
  const head = Buffer.from([0x0a, ...varint(name.length), ...name, 0x12, ...varint(value.length)]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(head.length + value.length, 1);
  return { message: Buffer.concat([frame, head, value]), valueAt: frame.length + head.length };
}

/** A whole number as protobuf writes it. */
export function varint(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...varint(number >>> 7)];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
