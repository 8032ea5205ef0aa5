import { FakeClock } from '../../kernel/clock.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Authenticator, PluginConsent } from '../../kube/auth/index.ts';
import type { WatchMessage, WatchState } from '../../kube/columns/batch.ts';
import { type SampleRow, sampleBatches } from '../../kube/columns/rowBatches.ts';
import type { SnapshotFolder } from '../../kube/columns/snapshotFolder.ts';
import { createTables, type Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { KubeContext, Kubeconfig, KubeconfigProblem } from '../../kube/kubeconfig/index.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import type { Watchers, WatchTarget } from '../../kube/reflector/watchers.ts';
import { createDocuments, createMemoryFolder } from '../../platform/settings/index.ts';
import { createFleet, type Fleet } from './fleet.ts';
import type { ApiRequest, ApiResponse } from './openClusters.ts';
import type { ClusterTransport, DiscoveryListener, FleetSnapshots } from './ports.ts';
import type { UserColumns } from './userColumns.ts';

/** What outlives a fleet. */
export class FakeDisk implements SnapshotFolder {
  readonly settings = new Map<string, Uint8Array>();
  readonly files = new Map<string, Uint8Array>();
  readonly aside: string[] = [];
  /** Thrown by the next writes. */
  failure: KubeSageError | undefined;
  writes = 0;

  async list() {
    return [...this.files.keys()];
  }

  async read(name: string) {
    return this.files.get(name) ?? null;
  }

  async replace(name: string, parts: readonly Uint8Array[]) {
    this.writes++;
    const content = new Uint8Array(Buffer.concat(parts));
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    this.files.set(name, content);
  }

  async setAside(name: string) {
    this.files.delete(name);
    this.aside.push(name);
  }

  async remove(name: string) {
    this.files.delete(name);
  }
}

/** Everything around the fleet, played by a script; time is a FakeClock. */
export interface Stage {
  clock: FakeClock;
  fleet: Fleet;
  tables: Tables;
  watchers: FakeWatchers;
  disk: FakeDisk;
  /** What the user is told now, by key. */
  notices: Map<string, { message: string; hint: string }>;
  contexts: KubeContext[];
  /** Tells the fleet that `contexts` changed. */
  contextsChanged(): void;
  /** Answers of API servers, by `METHOD path` without query; a function may throw. Absent: 404. */
  answers: Map<string, (request: ApiRequest) => unknown>;
  /** `cluster METHOD path` of every request, in order. */
  asked: string[];
  consents: Map<string, PluginConsent>;
  approved: Set<string>;
  /** Thrown by the credentials of a context. */
  loginFailure: Map<string, KubeSageError>;
  logins: string[];
  /** What `connection` says of a context's CA file. */
  ca: Map<string, string>;
  forgiven: string[];
  /** By server: how far its clock is ahead, milliseconds. */
  skewMs: Map<string, number>;
  /** What the authenticator was told of each context's server. */
  serverTimes: Map<string, number>;
  discovery: Map<string, DiscoveryListener>;
  /** Reports a state of one watch. */
  say(
    cluster: number,
    kind: string,
    state: WatchState['state'],
    more?: { scope?: string; reason?: string; code?: string },
  ): void;
  /** Puts rows into a table, as a complete list. */
  list(cluster: number, kind: string, rows: readonly SampleRow[]): void;
  restart(): Promise<Fleet>;
}

export class FakeWatchers implements Watchers {
  readonly #messages = new Emitter<WatchMessage>();
  readonly onMessage = this.#messages.event;
  readonly connected = new Set<number>();
  /** By `cluster kind`. */
  readonly watching = new Map<string, WatchTarget>();
  readonly log: string[] = [];
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  connect(cluster: number): void {
    this.connected.add(cluster);
    this.log.push(`connect ${cluster}`);
  }

  disconnect(cluster: number): void {
    this.connected.delete(cluster);
    for (const key of [...this.watching.keys()]) if (key.startsWith(`${cluster} `)) this.watching.delete(key);
    this.log.push(`disconnect ${cluster}`);
  }

  watch(cluster: number, target: WatchTarget): void {
    if (!this.connected.has(cluster)) throw new Error(`${cluster} is not connected`);
    this.watching.set(`${cluster} ${target.schema.id}`, target);
    this.log.push(`watch ${cluster} ${target.schema.id} ${target.namespaces ?? 'all'} p${target.priority}`);
  }

  unwatch(cluster: number, kind: string): void {
    this.watching.delete(`${cluster} ${kind}`);
    this.log.push(`unwatch ${cluster} ${kind}`);
  }

  retry(cluster: number): void {
    this.log.push(`retry ${cluster}`);
  }

  shed(): void {
    this.log.push('shed');
  }

  tell(message: WatchMessage): void {
    this.#tables.apply(message);
    this.#messages.fire(message);
  }

  dispose(): void {
    this.#messages.dispose();
  }
}

export function contextNamed(name: string, more: Partial<KubeContext> = {}): KubeContext {
  const server = `https://${name}.example.com`;
  return {
    id: name,
    context: name,
    source: '/config',
    sourceId: 'default',
    cluster: name,
    user: `${name}-user`,
    namespace: '',
    server,
    address: { server, insecureSkipTlsVerify: false, disableCompression: false },
    auth: { token: 't' },
    problem: undefined,
    risks: [],
    demo: false,
    ...more,
  };
}

export function kindOf(id: string, more: Partial<DiscoveredKind> = {}): DiscoveredKind {
  const schema = builtInSchema(id);
  if (schema === undefined) throw new Error(`${id} is not built in`);
  const { group, version, resource, kind, namespaced } = schema;
  const verbs = ['get', 'list', 'watch'];
  return {
    id,
    group,
    version,
    resource,
    kind,
    namespaced,
    verbs,
    shortNames: [],
    categories: [],
    custom: false,
    schema,
    ...more,
  };
}

export const kinds = ['namespaces', 'nodes', 'pods', 'secrets', 'events', 'deployments.apps'].map((id) => kindOf(id));

export function refusal(
  message: string,
  code: 'forbidden' | 'unauthenticated' | 'unreachable' | 'notFound' = 'forbidden',
) {
  return new KubeSageError(code, message, { hint: 'hint' });
}

/** @param world of an earlier stage, for the start of a second process */
export async function setStage(
  names: readonly string[] | readonly KubeContext[] = ['a', 'b'],
  world: { disk?: FakeDisk; clock?: FakeClock; program?: string; userColumns?: UserColumns } = {},
): Promise<Stage> {
  const { disk = new FakeDisk(), clock = new FakeClock(), program = '1', userColumns } = world;
  const notices = new Map<string, { message: string; hint: string }>();
  const tables = createTables();
  const watchers = new FakeWatchers(tables);
  const changed = new Emitter<void>();
  const folder = createMemoryFolder(disk.settings);
  const contexts = names.map((name) => (typeof name === 'string' ? contextNamed(name) : name));
  const batches = new Map<string, ReturnType<typeof sampleBatches>>();
  let version = 1;
  const part = {
    clock,
    tables,
    watchers,
    disk,
    notices,
    contexts,
    answers: new Map<string, (request: ApiRequest) => unknown>([
      ['GET /version', () => ({ gitVersion: 'v1.37.2' })],
      ['GET /api/v1/namespaces/kube-system', () => ({ metadata: { uid: 'uid-1' } })],
    ]),
    asked: [] as string[],
    consents: new Map<string, PluginConsent>(),
    approved: new Set<string>(),
    loginFailure: new Map<string, KubeSageError>(),
    logins: [] as string[],
    ca: new Map<string, string>(),
    forgiven: [] as string[],
    skewMs: new Map<string, number>(),
    serverTimes: new Map<string, number>(),
    discovery: new Map<string, DiscoveryListener>(),
    contextsChanged: () => changed.fire(),
  };

  const kubeconfig: Pick<Kubeconfig, 'contexts' | 'onChange' | 'connection'> = {
    get contexts() {
      return [...contexts];
    },
    onChange: changed.event,
    connection: async (context) => {
      if (context.problem !== undefined) throw new KubeSageError('invalid', context.problem.message, context.problem);
      return {
        server: context.server,
        ca: part.ca.get(context.id),
        insecureSkipTlsVerify: false,
        disableCompression: false,
      };
    },
  };
  const authenticator: Authenticator = {
    sourceFor: (context) => ({
      get: async () => {
        part.logins.push(context.id);
        const failure = part.loginFailure.get(context.id);
        if (failure !== undefined) throw failure;
        return { token: 't', generation: 1 };
      },
    }),
    missingConsent: async (context) => {
      const consent = part.consents.get(context.id);
      return consent === undefined || part.approved.has(consent.hash) ? null : consent;
    },
    approve: async (_context, hash) => void part.approved.add(hash),
    approveAll: async (wanted) => {
      for (const { hash } of wanted) part.approved.add(hash);
    },
    forgive: (context) => void part.forgiven.push(context.id),
    observeServerTime: (context, now) => void part.serverTimes.set(context.id, now),
    dispose: () => undefined,
  };
  const createTransport = (spec: { server: string }): ClusterTransport & { name: string } => {
    const name = new URL(spec.server).hostname.split('.')[0] ?? '';
    return {
      name,
      skewMs: part.skewMs.get(name) ?? 0,
      dispose: () => undefined,
      stream: () => Promise.reject(new Error('This transport has no streams')),
      upgrade: () => Promise.reject(new Error('This transport has no sockets')),
      async request(request): Promise<ApiResponse> {
        const path = `${request.method ?? 'GET'} ${request.path.split('?')[0]}`;
        part.asked.push(`${name} ${path}`);
        request.signal?.throwIfAborted();
        const answer = part.answers.get(`${name} ${path}`) ?? part.answers.get(path);
        if (answer === undefined) throw refusal(`${path} is not there`, 'notFound');
        return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(await answer(request))) };
      },
    };
  };
  const options = {
    kubeconfig: { problems: [] as KubeconfigProblem[], sources: [], ...kubeconfig } as unknown as Kubeconfig,
    authenticator,
    watchers,
    tables,
    clock,
    createTransport,
    random: () => 0.5,
    followDiscovery: (transport: ReturnType<typeof createTransport>, listener: DiscoveryListener) => {
      part.discovery.set(transport.name, listener);
      part.asked.push(`${transport.name} discovery`);
      queueMicrotask(() => listener.onKinds(kinds));
      return {
        refresh: () => part.asked.push(`${transport.name} discovery`),
        dispose: () => part.discovery.delete(transport.name),
      };
    },
  };
  // The context list is a getter, which the spread above has read once.
  Object.defineProperty(options.kubeconfig, 'contexts', { get: () => [...contexts] });
  const snapshots: FleetSnapshots = {
    folder: disk,
    program,
    pause: () => Promise.resolve(),
    notify(key, notice) {
      if (notice === null) notices.delete(key);
      else notices.set(key, notice);
    },
  };
  const start = async () => {
    const fleet = await createFleet({
      ...options,
      userColumns,
      snapshots,
      documents: createDocuments({ folder, clock }),
    });
    fleet.start();
    return fleet;
  };

  const stage: Stage = {
    ...part,
    fleet: await start(),
    say(cluster, kind, state, { scope = '', reason = 'because', code = 'unreachable' } = {}) {
      const since = clock.now();
      const told =
        state === 'stale'
          ? { state, since, reason, code }
          : state === 'forbidden' || state === 'absent'
            ? { state, since, reason }
            : { state, since };
      watchers.tell({ type: 'state', cluster, kind, scope, state: told });
    },
    list(cluster, kind, rows) {
      const schema = builtInSchema(kind);
      if (schema === undefined) throw new Error(`${kind} is not built in`);
      const make = batches.get(kind) ?? sampleBatches(schema);
      batches.set(kind, make);
      watchers.tell({ type: 'listing', cluster, kind, scope: '' });
      watchers.tell({ type: 'rows', batch: make(cluster, rows), scope: '' });
      watchers.tell({ type: 'listed', cluster, kind, scope: '', resourceVersion: `${version++}` });
    },
    async restart() {
      stage.fleet.dispose();
      stage.fleet = await start();
      return stage.fleet;
    },
  };
  return stage;
}
