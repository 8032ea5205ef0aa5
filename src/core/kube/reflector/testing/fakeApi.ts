import net from 'node:net';
import tls from 'node:tls';
import { protobufFrames } from '../../../simulator/api/encoding.ts';
import { encodeEnvelope, encodeMessage } from '../../projectors/index.ts';

/**
 * An API server at the level of bytes, for tests: pods only, with every fault that a script asks for. What it serves by
 * itself behaves as kube-apiserver does (streaming list, bookmarks, versions that expire); `intercept` does the rest.
 */

export interface FakePod {
  metadata: { name: string; namespace: string; uid: string; resourceVersion: string; labels?: Record<string, string> };
  spec?: object;
  status?: object;
}

export interface FakeRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** Counts from 1 over the server's life. */
  number: number;
  kind: 'list' | 'watch' | 'other';
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** The server's side of one exchange. */
export class FakeReply {
  readonly request: FakeRequest;
  readonly socket: net.Socket;
  readonly protobuf: boolean;
  #chunked = false;

  constructor(request: FakeRequest, socket: net.Socket) {
    this.request = request;
    this.socket = socket;
    this.protobuf = (request.headers.accept ?? '').startsWith('application/vnd.kubernetes.protobuf');
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** A whole answer. */
  send(status: number, body: string | Uint8Array, headers: Record<string, string> = {}): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const all = { 'Content-Type': 'application/json', Date: new Date().toUTCString(), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`HTTP/1.1 ${status} X\r\n${lines.join('')}Content-Length: ${bytes.length}\r\n\r\n`);
    this.socket.write(bytes);
  }

  status(code: number, reason: string, message: string, headers: Record<string, string> = {}): void {
    this.send(code, JSON.stringify(status(code, reason, message)), headers);
  }

  /** Begins a streamed answer. */
  begin(type?: string): void {
    const own = this.protobuf ? 'application/vnd.kubernetes.protobuf;stream=watch' : 'application/json';
    this.socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type ?? own}\r\nDate: ${new Date().toUTCString()}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    this.#chunked = true;
  }

  bytes(bytes: Uint8Array): void {
    if (!this.open) return;
    if (!this.#chunked) this.begin();
    this.socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]));
  }

  event(type: EventType, object: object): void {
    this.bytes(encodeEvent(type, object, this.protobuf));
  }

  /** A proper end of the stream. */
  end(): void {
    if (this.open) this.socket.write('0\r\n\r\n');
  }

  /** RST instead of FIN. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

export function status(code: number, reason: string, message: string) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

export function encodeEvent(type: EventType, object: object, protobuf: boolean): Uint8Array {
  if (!protobuf) return Buffer.from(`${JSON.stringify({ type, object })}\n`);
  const kind = type === 'ERROR' ? 'Status' : 'Pod';
  const message = type === 'ERROR' ? 'k8s.io.apimachinery.pkg.apis.meta.v1.Status' : 'k8s.io.api.core.v1.Pod';
  return protobufFrames('v1', kind)(type, encodeMessage(message, object));
}

export class FakeApi {
  readonly pods = new Map<string, FakePod>();
  readonly requests: FakeRequest[] = [];
  /** Watches that are open now. */
  readonly watches = new Set<FakeReply>();
  /** Handles a request in its own way when it returns true. */
  intercept: (request: FakeRequest, reply: FakeReply) => boolean = () => false;
  /** Knows `sendInitialEvents`. */
  streamingList = true;
  protobuf = true;
  /** Of the version that it says it is; says none when undefined. */
  minor: string | undefined;
  pageSize = 2;
  /** Versions below this are gone. */
  oldest = 0;
  version = 100;
  #log: { version: number; type: 'ADDED' | 'MODIFIED' | 'DELETED'; pod: FakePod }[] = [];
  #server: net.Server;
  #sockets = new Set<net.Socket>();
  #uids = 0;
  /** Lists whose pages are under way, by version. */
  readonly #pagesOf = new Map<number, FakePod[]>();
  #secure: tls.TlsOptions | undefined;

  constructor(secure?: tls.TlsOptions) {
    this.#secure = secure;
    this.#server = this.#create();
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get url(): string {
    return `${this.#secure === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  listen(port = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
  }

  /** Kills every connection and stops listening, as `kill -9` does. */
  async kill(): Promise<number> {
    const port = this.#server.listening ? this.port : 0;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    return port;
  }

  /** Comes back on the same port, with an empty watch cache: older versions are gone when `forget` is set. */
  async restart(port: number, forget = false): Promise<void> {
    if (forget) {
      this.#log = [];
      this.oldest = this.version;
    }
    this.#server = this.#create();
    await this.listen(port);
  }

  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  put(name: string, options: { namespace?: string; phase?: string; labels?: Record<string, string> } = {}): FakePod {
    const namespace = options.namespace ?? 'default';
    const key = `${namespace}/${name}`;
    const known = this.pods.get(key);
    const uid = known?.metadata.uid ?? `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}`;
    const labels = options.labels === undefined ? {} : { labels: options.labels };
    const pod: FakePod = {
      metadata: { name, namespace, uid, resourceVersion: String(++this.version), ...labels },
      status: { phase: options.phase ?? 'Running' },
    };
    this.pods.set(key, pod);
    this.#publish(known === undefined ? 'ADDED' : 'MODIFIED', pod);
    return pod;
  }

  remove(name: string, namespace = 'default'): void {
    const pod = this.pods.get(`${namespace}/${name}`);
    if (pod === undefined) throw new Error(`There is no pod ${name}`);
    this.pods.delete(`${namespace}/${name}`);
    const last = { ...pod, metadata: { ...pod.metadata, resourceVersion: String(++this.version) } };
    this.#publish('DELETED', last);
  }

  bookmark(): void {
    for (const watch of this.watches) watch.event('BOOKMARK', bookmarkObject(this.version));
  }

  /** Rows as the client must have them in the end. */
  expected(): string[] {
    return [...this.pods.values()]
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`)
      .sort();
  }

  count(kind: FakeRequest['kind']): number {
    return this.requests.filter((request) => request.kind === kind).length;
  }

  serve(request: FakeRequest, reply: FakeReply): void {
    if (!request.path.endsWith('/pods')) {
      if (request.path === '/livez') reply.send(200, 'ok', { 'Content-Type': 'text/plain' });
      else if (request.path === '/version' && this.minor !== undefined) {
        reply.send(200, JSON.stringify({ major: '1', minor: this.minor }));
      } else reply.status(404, 'NotFound', 'the server could not find the requested resource');
      return;
    }
    if (reply.protobuf && !this.protobuf) {
      reply.status(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
      return;
    }
    const pods = this.#inNamespace(request);
    if (request.kind === 'list') this.#list(request, reply, pods);
    else this.#watch(request, reply, pods);
  }

  #list(request: FakeRequest, reply: FakeReply, pods: FakePod[]): void {
    const limit = Number(request.query.get('limit') ?? 0);
    // Pages are of one moment, as etcd's are: what happens between them is not in them.
    const [version = this.version, from = 0] = (request.query.get('continue') ?? '')
      .split('-')
      .filter(Boolean)
      .map(Number);
    const all = this.#pagesOf.get(version) ?? pods;
    const page = limit > 0 ? all.slice(from, from + Math.min(limit, this.pageSize)) : all;
    const more = from + page.length < all.length ? `${version}-${from + page.length}` : '';
    if (more !== '') this.#pagesOf.set(version, all);
    const metadata = { resourceVersion: String(version), ...(more === '' ? {} : { continue: more }) };
    if (!reply.protobuf) {
      reply.send(200, JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata, items: page }));
      return;
    }
    const list = encodeMessage('k8s.io.api.core.v1.PodList', { metadata, items: page });
    reply.send(200, encodeEnvelope('v1', 'PodList', list), { 'Content-Type': 'application/vnd.kubernetes.protobuf' });
  }

  #watch(request: FakeRequest, reply: FakeReply, pods: FakePod[]): void {
    const initial = request.query.get('sendInitialEvents') === 'true';
    if (initial && !this.streamingList) {
      reply.status(
        422,
        'Invalid',
        'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      );
      return;
    }
    const since = Number(request.query.get('resourceVersion') ?? 0);
    if (!initial && since < this.oldest) {
      reply.status(410, 'Expired', `too old resource version: ${since} (${this.oldest})`);
      return;
    }
    reply.begin();
    if (initial) {
      for (const pod of pods) reply.event('ADDED', pod);
      reply.event('BOOKMARK', bookmarkObject(this.version, { 'k8s.io/initial-events-end': 'true' }));
    } else {
      for (const { version, type, pod } of this.#log) {
        if (version > since && this.#matches(request, pod)) reply.event(type, pod);
      }
    }
    this.watches.add(reply);
    reply.socket.once('close', () => this.watches.delete(reply));
  }

  #publish(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: FakePod): void {
    this.#log.push({ version: this.version, type, pod });
    for (const watch of this.watches) if (this.#matches(watch.request, pod)) watch.event(type, pod);
  }

  #matches(request: FakeRequest, pod: FakePod): boolean {
    const namespace = /\/namespaces\/([^/]+)\//.exec(request.path)?.[1];
    return namespace === undefined || namespace === pod.metadata.namespace;
  }

  #inNamespace(request: FakeRequest): FakePod[] {
    return [...this.pods.values()].filter((pod) => this.#matches(request, pod));
  }

  #create(): net.Server {
    const onSocket = (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // Resets are what these tests are about.
      socket.on('error', () => undefined);
      let held = '';
      socket.on('data', (bytes) => {
        held += bytes.toString('latin1');
        for (let end = held.indexOf('\r\n\r\n'); end !== -1; end = held.indexOf('\r\n\r\n')) {
          const head = held.slice(0, end);
          held = held.slice(end + 4);
          this.#accept(head, socket);
        }
      });
    };
    return this.#secure === undefined ? net.createServer(onSocket) : tls.createServer(this.#secure, onSocket);
  }

  #accept(head: string, socket: net.Socket): void {
    const [first = '', ...lines] = head.split('\r\n');
    const [method = '', target = ''] = first.split(' ');
    const url = new URL(target, 'http://fake');
    const headers: Record<string, string> = {};
    for (const line of lines)
      headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
    const isCollection = url.pathname.endsWith('/pods');
    const request: FakeRequest = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      number: this.requests.length + 1,
      kind: !isCollection ? 'other' : url.searchParams.get('watch') === 'true' ? 'watch' : 'list',
    };
    this.requests.push(request);
    const reply = new FakeReply(request, socket);
    if (!this.intercept(request, reply)) this.serve(request, reply);
  }
}

export function bookmarkObject(version: number, annotations?: Record<string, string>): object {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(version), ...(annotations === undefined ? {} : { annotations }) },
    spec: { containers: [] },
    status: {},
  };
}
