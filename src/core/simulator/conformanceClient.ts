import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { type Fields, listAt, recordAt } from './objects.ts';

/** How the conformance suite reaches an API server, whichever it is. */
export interface Api {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Opens a watch; events are collected until `count` have come or the deadline passes. */
  watch(path: string, count: number, options?: CallOptions): Promise<{ status: number; events: WatchEvent[] }>;
  dispose(): Promise<void>;
}

interface CallOptions {
  body?: unknown;
  type?: string;
  accept?: string;
  /** While a watch is open: runs once its answer has begun. */
  during?: () => Promise<void>;
}

export interface Answer {
  status: number;
  type: string;
  json: Fields;
  bytes: Buffer;
}

interface WatchEvent {
  type: string;
  object: Fields;
}

export function connect(kubeconfig: string, close: () => Promise<void>): Api {
  const config: unknown = parse(kubeconfig);
  const cluster = recordAt(listAt(config, 'clusters')[0], 'cluster');
  const user = recordAt(listAt(config, 'users')[0], 'user');
  const decoded = (field: string, from: Fields) =>
    from[field] === undefined ? undefined : Buffer.from(String(from[field]), 'base64').toString();
  const file = (field: string, from: Fields) =>
    from[field] === undefined ? undefined : readFileSync(String(from[field]), 'utf8');
  const agent = new Agent({
    connect: {
      ca: decoded('certificate-authority-data', cluster) ?? file('certificate-authority', cluster),
      cert: decoded('client-certificate-data', user) ?? file('client-certificate', user),
      key: decoded('client-key-data', user) ?? file('client-key', user),
    },
  });
  const headers = (options: CallOptions) => ({
    accept: options.accept ?? 'application/json',
    'user-agent': 'kubesage-conformance/1',
    ...(user.token === undefined ? {} : { authorization: `Bearer ${String(user.token)}` }),
    ...(options.body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
  });
  const send = (method: string, path: string, options: CallOptions) =>
    request(`${String(cluster.server)}${path}`, {
      method: method as 'GET',
      dispatcher: agent,
      headers: headers(options),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  return {
    async call(method, path, options = {}) {
      const answer = await send(method, path, options);
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      const type = String(answer.headers['content-type'] ?? '');
      const json = type.includes('json') ? (JSON.parse(bytes.toString()) as Fields) : {};
      return { status: answer.statusCode, type, json, bytes };
    },
    async watch(path, count, options = {}) {
      const answer = await send('GET', path, options);
      const events: WatchEvent[] = [];
      const deadline = setTimeout(() => answer.body.destroy(), 8000);
      try {
        let rest = '';
        const during = options.during?.();
        for await (const chunk of answer.body) {
          rest += String(chunk);
          const lines = rest.split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) events.push(JSON.parse(line) as WatchEvent);
          if (events.length >= count) break;
        }
        await during;
      } catch (error) {
        // The deadline ends the stream; the events that came are judged by the test.
        if (!answer.body.destroyed) throw error;
      } finally {
        clearTimeout(deadline);
        answer.body.destroy();
      }
      return { status: answer.statusCode, events };
    },
    async dispose() {
      await agent.destroy();
      await close();
    },
  };
}

/** The message inside `Unknown { typeMeta = 1, raw = 2 }` behind the four magic bytes. */
export function unwrap(body: Buffer): Uint8Array {
  let offset = 4;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = body[offset++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const field = varint() >> 3;
    const length = varint();
    if (field === 2) return body.subarray(offset, offset + length);
    offset += length;
  }
}
