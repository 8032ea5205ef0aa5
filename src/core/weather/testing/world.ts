import { contextNamed } from '../../cluster/fleet/fakes.ts';
import { createApplied, createFleet, type Fleet } from '../../cluster/fleet/index.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import type { Authenticator, CredentialSource } from '../../kube/auth/index.ts';
import { createTables, type Tables } from '../../kube/columns/tables.ts';
import { type followDiscovery, watchDiscovery } from '../../kube/discovery/watchDiscovery.ts';
import type { Kubeconfig } from '../../kube/kubeconfig/index.ts';
import { createWatchers } from '../../kube/reflector/createWatchers.ts';
import { createTransport, type Transport } from '../../kube/transport/index.ts';
import { createDocuments, createMemoryFolder } from '../../platform/settings/index.ts';
import { ApiServer, type Flavour } from './apiServer.ts';
import { Etcd } from './etcd.ts';
import { Exchange, RequestReader } from './exchange.ts';
import { goodLink, Network } from './network.ts';
import { VirtualClock } from './virtualClock.ts';
import { VirtualWorker } from './virtualWorker.ts';

/** One cluster: its truth, its API server and the way there. */
export class ModelCluster {
  readonly id: string;
  readonly index: number;
  readonly namespaces: readonly string[] | null;
  readonly etcd: Etcd;
  readonly server: ApiServer;
  readonly network: Network;
  /** Tokens of this generation and later are accepted. */
  acceptedFrom = 1;
  issued = 1;
  logins = 0;

  constructor(clock: VirtualClock, options: { index: number; flavour: Flavour; namespaces: readonly string[] | null }) {
    const { index, flavour } = options;
    this.index = index;
    this.id = `c${index}`;
    this.namespaces = options.namespaces;
    this.etcd = new Etcd(index, { opaque: flavour.opaque, steady: () => clock.steady() });
    this.server = new ApiServer(this.etcd, { clock, flavour });
    this.network = new Network(clock, {
      accept: (connection) => {
        let current: Exchange | undefined;
        const reader = new RequestReader((request) => {
          current = new Exchange(
            { ...request, at: clock.steady() },
            connection,
            () => new Date(clock.steady() + epochMs),
          );
          this.server.serve(current);
        });
        return { data: (bytes) => reader.read(bytes), closed: () => current?.onClose() };
      },
    });
  }

  credentials(): CredentialSource {
    return {
      get: async (refused) => {
        if (refused === this.issued) this.issued++;
        this.logins++;
        return { token: `g${this.issued}`, generation: this.issued };
      },
    };
  }

  accepts(token: string): boolean {
    return Number(/^Bearer g(\d+)$/.exec(token)?.[1]) >= this.acceptedFrom;
  }

  /** Bytes for the client are on their way and get nearer, or did until `withinMs` ago. */
  isMoving(kind: string, now: number, { withinMs, readingMs }: { withinMs: number; readingMs: number }): boolean {
    for (const watch of this.server.watches) {
      const { connection } = watch.exchange as { connection: { waiting?: boolean; movedAt?: number } };
      if (watch.kind.id !== kind) continue;
      // The last of them have arrived, and are being read.
      const isWaiting = connection.waiting === true;
      if (now - (connection.movedAt ?? 0) < (isWaiting ? withinMs : readingMs)) return true;
    }
    return false;
  }

  healNetwork(): void {
    Object.assign(this.network.link, goodLink);
    for (const connection of this.network.connections) connection.hole = false;
  }
}

/** The servers keep the time that clients' clocks are compared with. */
const epochMs = Date.UTC(2026, 0, 1);

export interface WorldOptions {
  flavours: readonly Flavour[];
  /** Decides about pauses. */
  seed: number;
  /** Worker threads in virtual time. */
  workers: number;
}

/** Clusters, and the engine's own parts that follow them: workers, transport, tables, fleet; all in virtual time. */
export class World implements Disposable {
  readonly clock: VirtualClock;
  readonly clusters: readonly ModelCluster[];
  readonly tables: Tables;
  readonly workers = new Set<VirtualWorker>();
  /** Thrown by the next messages with rows that are applied. */
  loseBatches = 0;
  /** Batches that the tables refused. */
  lost = 0;
  /** How long the engine's thread lets a message wait. */
  consumerDelayMs = 0;
  fleet!: Fleet;
  #watchers!: Disposable;
  readonly #options: WorldOptions;
  readonly #random: () => number;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = mulberry(options.seed);
    this.clock = new VirtualClock(epochMs);
    this.tables = createTables();
    this.clusters = options.flavours.map(
      (flavour, index) =>
        // The second cluster may be seen in two of its three namespaces.
        new ModelCluster(this.clock, { index, flavour, namespaces: index === 1 ? ['a', 'b'] : null }),
    );
  }

  static async create(options: WorldOptions): Promise<World> {
    const world = new World(options);
    await world.#start();
    return world;
  }

  get watched(): readonly string[] {
    return ['pods', 'nodes', 'namespaces', 'deployments.apps', 'widgets.example.com'];
  }

  dispose(): void {
    this.fleet.dispose();
    this.#watchers.dispose();
  }

  async #start(): Promise<void> {
    const { clock } = this;
    const contexts = this.clusters.map(({ id }) => contextNamed(id, { server: `http://${id}.test` }));
    const transport = (...[spec, credentials, options]: Parameters<typeof createTransport>): Transport => {
      const { network } = this.#clusterOf(spec.server);
      return createTransport(spec, credentials, { ...options, clock, dial: (dialling) => network.dial(dialling) });
    };
    const watchers = createWatchers({
      workers: this.#options.workers,
      clock,
      random: this.#random,
      defer: (run) => void clock.after(0, run),
      transport,
      startWorker: ({ version }) => {
        const delayMs = () => this.consumerDelayMs;
        const worker = new VirtualWorker({ clock, random: this.#random, version, transport, delayMs });
        this.workers.add(worker);
        worker.on('exit', () => this.workers.delete(worker));
        return worker;
      },
    });
    const applied = createApplied({
      watchers,
      tables: this.#leakyTables(),
      clock,
      resync: (cluster, kind) => this.fleet.resync(cluster, kind),
      onLost: () => {
        this.lost++;
      },
    });
    this.#watchers = applied;
    const kubeconfig = {
      contexts,
      problems: [],
      sources: [],
      onChange: () => ({ dispose: () => undefined }),
      connection: async ({ server }: { server: string }) => ({
        server,
        insecureSkipTlsVerify: false,
        disableCompression: false,
      }),
    } as unknown as Kubeconfig;
    const authenticator: Authenticator = {
      sourceFor: (context) => this.#clusterOf(context.server).credentials(),
      missingConsent: async () => null,
      approve: async () => undefined,
      approveAll: async () => undefined,
      forgive: () => undefined,
      observeServerTime: () => undefined,
      dispose: () => undefined,
    };
    const documents = createDocuments({ folder: createMemoryFolder(), clock });
    this.fleet = await createFleet({
      kubeconfig,
      authenticator,
      watchers: applied,
      tables: this.tables,
      documents,
      clock,
      random: this.#random,
      createTransport: (spec, credentials) => transport(spec, credentials, { clock, version: 'test' }),
      followDiscovery: (made: Transport, listener: Parameters<typeof followDiscovery>[1]) =>
        watchDiscovery(made, {
          clock,
          random: this.#random,
          onChange: ({ kinds }) => listener.onKinds(kinds),
          onProblem: (error) => listener.onProblem(error),
        }),
    });
    for (const { id, namespaces } of this.clusters) {
      if (namespaces !== null) await this.fleet.update(id, { namespaces: [...namespaces] });
    }
    this.fleet.start();
    this.fleet.open(contexts.map(({ id }) => id));
    for (const kind of this.watched) this.fleet.demand(kind);
  }

  /** The tables, as an engine meets them that fails in the middle of a message. */
  #leakyTables(): Tables {
    return {
      ...this.tables,
      apply: (message) => {
        if (message.type === 'rows' && this.loseBatches > 0) {
          this.loseBatches--;
          throw new Error('out of memory');
        }
        this.tables.apply(message);
      },
    };
  }

  #clusterOf(server: string): ModelCluster {
    const cluster = this.clusters.find(({ id }) => server === `http://${id}.test`);
    if (cluster === undefined) throw new Error(`There is no ${server}`);
    return cluster;
  }
}

/** Mulberry32: the same numbers for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
