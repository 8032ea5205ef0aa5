import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { type LocalForward, listenForward } from '../../kube/portforward/index.ts';
import type { Document, Documents } from '../../platform/settings/index.ts';
import type { ClusterStreams, OpenClusters } from '../fleet/openClusters.ts';
import { ObjectRef } from '../resources/contract.ts';
import type { Forward } from './contract.ts';
import { findTarget } from './targets.ts';

const Saved = z.object({
  key: z.string(),
  object: ObjectRef,
  port: z.number(),
  address: z.string(),
  localPort: z.number(),
});
type Saved = z.infer<typeof Saved>;

/** What is kept of the forwards in the data folder. */
const SavedForwards = z.object({ forwards: z.array(Saved).default([]) });
type SavedForwards = z.infer<typeof SavedForwards>;

export interface NewForward {
  object: ObjectRef;
  port: number;
  address: string;
  localPort: number;
}

export interface Forwards extends Disposable {
  rows(): readonly Forward[];
  readonly onChange: Event<void>;
  /** Rejects with `conflict` (the port is taken), `forbidden` or `invalid`. */
  start(forward: NewForward): Promise<Forward>;
  /** Rejects with `notFound`. */
  stop(key: string): Promise<void>;
}

export interface ForwardsOptions {
  fleet: OpenClusters & ClusterStreams;
  documents: Documents;
  clock: Clock;
}

/** Traffic is told this often at most. */
const tellMs = 500;
const secure = new Set([443, 6443, 8443, 9443, 10250]);

export async function createForwards(options: ForwardsOptions): Promise<Forwards> {
  const document = await options.documents.open('forwards', SavedForwards);
  return new ClusterForwards(options, document);
}

interface Running {
  saved: Saved;
  row: Forward;
  local: LocalForward | undefined;
}

class ClusterForwards implements Forwards {
  readonly #fleet: OpenClusters & ClusterStreams;
  readonly #clock: Clock;
  readonly #document: Document<SavedForwards>;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #running = new Map<string, Running>();
  #telling: Disposable | undefined;

  constructor({ fleet, clock }: ForwardsOptions, document: Document<SavedForwards>) {
    this.#fleet = fleet;
    this.#clock = clock;
    this.#document = document;
    for (const saved of document.value.forwards) this.#add(saved);
    this.#scope.add(fleet.onChange(() => this.#follow()));
    this.#follow();
  }

  rows(): readonly Forward[] {
    return [...this.#running.values()].map(({ row }) => row);
  }

  async start({ object, port, address, localPort }: NewForward): Promise<Forward> {
    const key = `${object.cluster}/${object.kind}/${object.namespace}/${object.name}:${port}`;
    const known = this.#running.get(key);
    if (known?.local !== undefined) {
      if (localPort === 0 || localPort === known.row.localPort) return known.row;
      known.local.dispose();
    }
    const running = this.#add({ key, object, port, address, localPort });
    try {
      await this.#listen(running);
    } catch (error) {
      this.#running.delete(key);
      this.#tell();
      throw error;
    }
    // It gets the same port with the next start.
    running.saved = { ...running.saved, localPort: running.row.localPort };
    await this.#save();
    return running.row;
  }

  async stop(key: string): Promise<void> {
    const running = this.#running.get(key);
    if (running === undefined) throw new KubeSageError('notFound', 'There is no such forward');
    running.local?.dispose();
    this.#running.delete(key);
    this.#tell();
    await this.#save();
  }

  dispose(): void {
    this.#telling?.dispose();
    for (const { local } of this.#running.values()) local?.dispose();
    this.#scope.dispose();
  }

  #add(saved: Saved): Running {
    const row: Forward = {
      ...saved,
      clusterName: this.#fleet.byId(saved.object.cluster)?.name ?? saved.object.cluster,
      state: 'waiting',
      message: 'Waits for its cluster to be opened',
      pod: '',
      connections: 0,
      bytesUp: 0,
      bytesDown: 0,
      url: '',
    };
    const running: Running = { saved, row, local: undefined };
    this.#running.set(saved.key, running);
    return running;
  }

  /** Saved ones listen once their cluster is open: nothing contacts a cluster before. */
  #follow(): void {
    for (const running of this.#running.values()) {
      const { object } = running.saved;
      const cluster = this.#fleet.byId(object.cluster);
      if (running.local !== undefined) {
        const away = cluster?.open !== true || cluster.state === 'unreachable' || cluster.state === 'unauthenticated';
        if (away && running.row.state === 'listening') {
          this.#edit(running, { state: 'waiting', message: cluster?.reason ?? 'Its cluster is not open' });
        } else if (!away && running.row.state === 'waiting') {
          this.#edit(running, { state: 'listening', message: '' });
        }
      } else if (cluster?.open === true && cluster.state === 'live' && running.row.state === 'waiting') {
        this.#listen(running).catch((error: unknown) => {
          this.#edit(running, { state: 'failed', message: toErrorValue(error).message });
        });
      }
    }
  }

  async #listen(running: Running): Promise<void> {
    const { object, port, address, localPort } = running.saved;
    const local = await listenForward({
      address,
      port: localPort,
      connect: async () => {
        const target = await findTarget(this.#fleet, object, port);
        this.#edit(running, { pod: target.pod });
        const namespace = encodeURIComponent(object.namespace);
        const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(target.pod)}/portforward?ports=${target.port}`;
        const upgraded = await this.#fleet.upgrade(object.cluster, { path, protocols: ['v4.channel.k8s.io'] });
        this.#edit(running, { state: 'listening', message: '' });
        return upgraded;
      },
      onTraffic: ({ up, down }) => {
        running.row = { ...running.row, bytesUp: running.row.bytesUp + up, bytesDown: running.row.bytesDown + down };
        this.#tellLater();
      },
      onConnections: (connections) => this.#edit(running, { connections }),
      onProblem: (error) => this.#edit(running, { message: toErrorValue(error).message }),
    });
    if (this.#running.get(running.saved.key) !== running) {
      local.dispose();
      return;
    }
    running.local = local;
    const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
    this.#edit(running, {
      state: 'listening',
      message: '',
      localPort: local.port,
      url: `${secure.has(port) ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${local.port}`,
    });
  }

  #edit(running: Running, change: Partial<Forward>): void {
    running.row = { ...running.row, ...change };
    this.#tell();
  }

  #tell(): void {
    this.#changed.fire();
  }

  #tellLater(): void {
    this.#telling ??= this.#clock.after(tellMs, () => {
      this.#telling = undefined;
      this.#tell();
    });
  }

  async #save(): Promise<void> {
    const forwards = [...this.#running.values()].map(({ saved }) => saved);
    await this.#document.update(() => ({ forwards }));
  }
}
