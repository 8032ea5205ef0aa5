import type { Clock } from '../../kernel/clock.ts';
import { announcement, answerDiscovery } from './discoveryAnswers.ts';
import type { Etcd, LogEntry, Stored } from './etcd.ts';
import type { Exchange } from './exchange.ts';
import {
  type EventType,
  encodeList,
  encodeWatchEvent,
  type ServedKind,
  servedKind,
  servedKinds,
} from './servedKinds.ts';

/** What kind of an API server it is. */
export interface Flavour {
  /** Knows `sendInitialEvents`; `broken` answers 200 and then ERROR with the stream left open, as on an etcd 3.4. */
  streamingList: 'yes' | 'no' | 'broken';
  protobuf: boolean;
  /** Versions are texts that no number is in. */
  opaque: boolean;
  /** Of its version; from 33 on lists of pods are preferred to streaming ones. */
  minor: number;
}

export const usualFlavour: Flavour = { streamingList: 'yes', protobuf: true, opaque: false, minor: 32 };

export interface OpenWatch {
  kind: ServedKind;
  namespace: string;
  exchange: Exchange;
  /** Everything up to here was sent. */
  cursor: number;
  /** Initial events are under way until its cache has reached this. */
  initialAt: number | undefined;
}

const bookmarkMs = 60_000;
const pageLimit = 2;

/**
 * An API server in front of an Etcd, as far as lists and watches can tell: a watch cache that begins when it starts,
 * forgets and lags; streaming lists, bookmarks, pages, time limits. Faults come through `intercept` and the fields.
 */
export class ApiServer {
  readonly etcd: Etcd;
  readonly flavour: Flavour;
  readonly watches = new Set<OpenWatch>();
  /** Answers in its own way when it returns true. */
  intercept: (exchange: Exchange) => boolean = () => false;
  /** Kinds that nobody may list. */
  readonly forbidden = new Set<string>();
  /** Kinds that are not served now. */
  readonly absent = new Set<string>();
  /** Watches of definitions, by which clients learn of kinds that come and go. */
  readonly announcers = new Set<Exchange>();
  /** Changes of definitions so far, which is their version too. */
  announced = 0;
  /** The cache hears of a write so much later, milliseconds; Infinity for never. */
  lagMs = 0;
  /** Versions before this are not in the cache. */
  cacheFrom: number;
  requests = { list: 0, watch: 0, other: 0 };
  readonly #clock: Clock;
  #applied: number;
  #cache = new Map<string, Stored>();
  #history: LogEntry[] = [];
  #waiting: LogEntry[] = [];
  readonly #pages = new Map<number, Stored[]>();
  /** Events as they were sent last, to be repeated. */
  readonly sent: LogEntry[] = [];

  constructor(etcd: Etcd, options: { clock: Clock; flavour: Flavour }) {
    this.etcd = etcd;
    this.#clock = options.clock;
    this.flavour = options.flavour;
    this.cacheFrom = etcd.revision;
    this.#applied = etcd.revision;
    etcd.changed.event((entry) => this.#hear(entry));
    this.coldStart();
  }

  get now(): Date {
    return new Date(this.#clock.now());
  }

  /** A new process: its cache knows what is there, and nothing of what was. */
  coldStart(): void {
    this.#history = [];
    this.#waiting = [];
    this.#cache = new Map([...this.etcd.objects.values()].map((stored) => [idOf(stored), stored]));
    this.#applied = this.etcd.revision;
    this.cacheFrom = this.#applied;
  }

  /** The cache forgets what was before now. */
  expire(): void {
    this.cacheFrom = this.#applied;
    this.#history = [];
  }

  /** A cache that stood still goes on. */
  catchUp(): void {
    this.lagMs = 0;
    for (const entry of this.#waiting.splice(0)) this.#apply(entry);
  }

  serve(exchange: Exchange): void {
    const { path, query } = exchange.request;
    const found = collectionOf(path);
    this.requests[found === undefined ? 'other' : query.get('watch') === 'true' ? 'watch' : 'list']++;
    if (this.intercept(exchange)) return;
    if (found === undefined) {
      const { absent, forbidden, announcers, announced } = this;
      answerDiscovery(exchange, { absent, forbidden, announcers, announced, minor: this.flavour.minor });
      return;
    }
    const { kind, namespace } = found;
    if (this.absent.has(kind.id)) {
      sendStatus(exchange, 404, 'NotFound', 'the server could not find the resource');
      return;
    }
    if (this.forbidden.has(kind.id)) {
      const message = `${kind.resource} is forbidden: User "u" cannot list resource "${kind.resource}"`;
      sendStatus(exchange, 403, 'Forbidden', message);
      return;
    }
    if (exchange.protobuf && (!this.flavour.protobuf || kind.message === undefined)) {
      sendStatus(exchange, 406, 'NotAcceptable', 'only the following media types are accepted: application/json');
      return;
    }
    if (query.get('watch') === 'true') this.#watch(exchange, kind, namespace);
    else this.#list(exchange, kind, namespace);
  }

  /** A bookmark to every watch, as each minute and before a watch ends. */
  bookmark(): void {
    for (const watch of this.watches) this.#sendBookmark(watch);
  }

  /** ERROR in every stream, which the server leaves open and says nothing more in. */
  errorAll(code: number, reason: string): void {
    for (const watch of [...this.watches]) {
      this.send(watch, 'ERROR', statusObject(code, reason, `the watch failed with ${code}`));
      this.watches.delete(watch);
    }
  }

  /** A definition has come or gone. */
  announce(): void {
    this.announced++;
    for (const exchange of this.announcers) exchange.chunk(announcement(this.announced));
  }

  endAll(): void {
    for (const watch of [...this.watches]) watch.exchange.finish();
  }

  send(watch: OpenWatch, type: EventType, object: object): void {
    watch.exchange.chunk(encodeWatchEvent(type, object, watch.kind, watch.exchange.protobuf));
  }

  #hear(entry: LogEntry): void {
    if (this.lagMs === 0 && this.#waiting.length === 0) {
      this.#apply(entry);
      return;
    }
    this.#waiting.push(entry);
    if (this.lagMs === Number.POSITIVE_INFINITY) return;
    this.#clock.after(this.lagMs, () => {
      while (this.#waiting[0] !== undefined && this.#waiting[0].revision <= entry.revision) {
        this.#apply(this.#waiting.shift() as LogEntry);
      }
    });
  }

  #apply(entry: LogEntry): void {
    if (entry.type === 'DELETED') this.#cache.delete(idOf(entry.stored));
    else this.#cache.set(idOf(entry.stored), entry.stored);
    this.#applied = entry.revision;
    this.#history.push(entry);
    for (const watch of this.watches) this.#deliver(watch, entry);
    for (const watch of this.watches) this.#begin(watch);
  }

  #deliver(watch: OpenWatch, entry: LogEntry): void {
    const { stored, revision, type } = entry;
    if (watch.initialAt !== undefined || revision <= watch.cursor || !matches(watch, stored)) return;
    watch.cursor = revision;
    this.send(watch, type, stored.object);
    this.sent.push(entry);
    if (this.sent.length > 20) this.sent.shift();
  }

  #list(exchange: Exchange, kind: ServedKind, namespace: string): void {
    const { query } = exchange.request;
    const token = query.get('continue') ?? '';
    const limit = Number(query.get('limit') ?? 0);
    const cached = query.get('resourceVersion') === '0' && limit === 0;
    let revision = cached ? this.#applied : this.etcd.revision;
    let from = 0;
    let all = cached ? [...this.#cache.values()] : [...this.etcd.objects.values()];
    if (token !== '') {
      const [of = 0, at = 0] = token.split('-').map(Number);
      const page = this.#pages.get(of);
      if (of < this.etcd.compacted || page === undefined) {
        sendStatus(exchange, 410, 'Expired', 'The provided continue parameter is too old');
        return;
      }
      revision = of;
      from = at;
      all = page;
    }
    const rows = all.filter(
      (stored) => stored.kind === kind.id && (namespace === '' || stored.namespace === namespace),
    );
    const page = limit > 0 ? rows.slice(from, from + Math.min(limit, pageLimit)) : rows;
    const next = limit > 0 && from + page.length < rows.length ? `${revision}-${from + page.length}` : '';
    if (next !== '') this.#pages.set(revision, all);
    const metadata = { resourceVersion: this.etcd.textOf(revision), ...(next === '' ? {} : { continue: next }) };
    const items = page.map(({ object }) => object);
    const type = exchange.protobuf ? 'application/vnd.kubernetes.protobuf' : 'application/json';
    exchange.send(200, encodeList(kind, { metadata, items }, exchange.protobuf), { 'Content-Type': type });
  }

  #watch(exchange: Exchange, kind: ServedKind, namespace: string): void {
    const { query } = exchange.request;
    const initial = query.get('sendInitialEvents') === 'true';
    if (initial && this.flavour.streamingList === 'no') {
      const message = 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless enabled';
      sendStatus(exchange, 422, 'Invalid', message);
      return;
    }
    const version = query.get('resourceVersion') ?? '';
    const since = version === '' ? this.etcd.revision : this.etcd.revisionOf(version);
    if (!initial && (Number.isNaN(since) || since < this.cacheFrom)) {
      sendStatus(exchange, 410, 'Expired', `too old resource version: ${version}`);
      return;
    }
    const type = exchange.protobuf ? 'application/vnd.kubernetes.protobuf;stream=watch' : 'application/json';
    exchange.begin(type);
    const initialAt = !initial ? undefined : version === '0' ? 0 : since;
    const watch: OpenWatch = { kind, namespace, exchange, cursor: initial ? 0 : since, initialAt };
    if (initial && this.flavour.streamingList === 'broken') {
      this.send(watch, 'ERROR', statusObject(500, 'InternalError', 'etcd: required revision progress'));
      return;
    }
    this.watches.add(watch);
    const seconds = Number(query.get('timeoutSeconds') ?? 300);
    const timers = [
      this.#clock.every(bookmarkMs, () => this.#sendBookmark(watch)),
      this.#clock.after(seconds * 1000, () => exchange.finish()),
    ];
    exchange.onClose = () => {
      for (const timer of timers) timer.dispose();
      this.watches.delete(watch);
    };
    if (initial) this.#begin(watch);
    else for (const entry of this.#history) this.#deliver(watch, entry);
  }

  /** Sends the initial events as soon as the cache is as new as was asked. */
  #begin(watch: OpenWatch): void {
    if (watch.initialAt === undefined || this.#applied < watch.initialAt) return;
    watch.initialAt = undefined;
    watch.cursor = this.#applied;
    for (const stored of this.#cache.values()) if (matches(watch, stored)) this.send(watch, 'ADDED', stored.object);
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    this.send(watch, 'BOOKMARK', this.#bookmarkOf(watch.kind, { annotations }));
  }

  #sendBookmark(watch: OpenWatch): void {
    if (watch.initialAt !== undefined || this.lagMs === Number.POSITIVE_INFINITY) return;
    this.send(watch, 'BOOKMARK', this.#bookmarkOf(watch.kind, {}));
  }

  #bookmarkOf(kind: ServedKind, more: object): object {
    const metadata = { resourceVersion: this.etcd.textOf(this.#applied), creationTimestamp: null, ...more };
    return { kind: kind.kind, apiVersion: kind.apiVersion, metadata };
  }
}

function matches(watch: OpenWatch, stored: Stored): boolean {
  return stored.kind === watch.kind.id && (watch.namespace === '' || watch.namespace === stored.namespace);
}

function idOf({ kind, namespace, name }: Stored): string {
  return `${kind}/${namespace}/${name}`;
}

export function collectionOf(path: string): { kind: ServedKind; namespace: string } | undefined {
  const parts = /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path);
  if (parts === null) return undefined;
  const kind = servedKinds.find(({ root, resource }) => root === parts[1] && resource === parts[3]);
  return kind === undefined ? undefined : { kind: servedKind(kind.id), namespace: parts[2] ?? '' };
}

export function statusObject(code: number, reason: string, message: string) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

export function sendStatus(
  exchange: Exchange,
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  exchange.send(code, JSON.stringify(statusObject(code, reason, message)), headers);
}
