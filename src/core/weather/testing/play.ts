import { type ApiServer, type Flavour, sendStatus } from './apiServer.ts';
import type { Exchange } from './exchange.ts';
import type { Refusal, Step } from './script.ts';
import { encodeWatchEvent, servedKind, servedKinds } from './servedKinds.ts';
import { Watchdog } from './watchdog.ts';
import { type ModelCluster, World } from './world.ts';

/**
 * Until when everything must be equal after the last fault, milliseconds. The longest pauses: a kind that was refused for
 * good is asked again after 300 s and a fifth more (R27, R30), a sign-in after five minutes; a watch whose server
 * stands still is opened anew after 100 s (R32), behind a pause of 30 s at most.
 */
const healedMs = 420_000;
/** A kind that was limited to some namespaces is asked for as a whole again after half an hour and a fifth at most. */
const regainedMs = 2_200_000;
const namespaces = ['a', 'b', 'c'];

/** Plays a script; rejects with what was wrong. Returns what it took. */
export async function play(
  steps: readonly Step[],
  options: { flavours: readonly [Flavour, Flavour]; seed: number; workers: number },
): Promise<{ steps: number; slowestMs: number }> {
  const world = await World.create(options);
  const dog = new Watchdog(world);
  const player = new Player(world, dog);
  try {
    player.beginClusters();
    for (const step of steps) {
      await player.step(step);
      dog.checkDerived();
      dog.assert();
    }
    await player.calm();
    return { steps: dog.steps, slowestMs: player.slowestMs };
  } finally {
    world.dispose();
  }
}

class Player {
  readonly #world: World;
  readonly #dog: Watchdog;
  readonly #refusals = new Map<ModelCluster, { how: Refusal; times: number; to: string }>();
  readonly #signedOut = new Set<ModelCluster>();
  slowestMs = 0;

  constructor(world: World, dog: Watchdog) {
    this.#world = world;
    this.#dog = dog;
    for (const cluster of world.clusters) {
      cluster.server.intercept = (exchange) => this.#intercept(cluster, exchange);
      // Only the kernel's own probes find out: ten seconds of silence, and a look each ten.
      cluster.network.onLostReset = () => dog.excuse(cluster, 25_000);
    }
  }

  beginClusters(): void {
    for (const { etcd } of this.#world.clusters) {
      for (const kind of servedKinds) etcd.put(kind, `${kind.resource}-0`, 'a', 1);
    }
  }

  async step(step: Step): Promise<void> {
    const { clock } = this.#world;
    const cluster = this.#world.clusters['c' in step ? step.c : 0] as ModelCluster;
    const { etcd, server, network } = cluster;
    switch (step.do) {
      case 'put':
      case 'remove': {
        const kind = servedKinds[step.kind] as (typeof servedKinds)[number];
        const [name, namespace] = [`${kind.resource}-${step.object}`, namespaces[step.object % 3] as string];
        if (step.do === 'put') etcd.put(kind, name, namespace, step.seed);
        else etcd.remove(kind.id, name, kind.namespaced ? namespace : '');
        break;
      }
      case 'burst': {
        const kind = servedKinds[step.kind] as (typeof servedKinds)[number];
        for (let n = 0; n < step.count; n++)
          etcd.put(kind, `${kind.resource}-${n % 7}`, namespaces[n % 3] as string, n);
        break;
      }
      case 'empty':
        for (const { kind, namespace, name } of [...etcd.objects.values()]) {
          if (namespace === namespaces[step.namespace]) etcd.remove(kind, name, namespace);
        }
        break;
      case 'bookmark':
        server.bookmark();
        break;
      case 'end':
        server.endAll();
        break;
      case 'wait':
        await clock.pass(step.ms);
        break;
      case 'calm':
        await this.calm();
        break;
      case 'reset':
        network.resetAll();
        break;
      case 'slice':
        Object.assign(network.link, { packetBytes: 7, gapMs: 1 });
        break;
      case 'healNetwork':
        cluster.healNetwork();
        break;
      case 'hole':
        this.#hole(cluster, step);
        break;
      case 'trickle':
        Object.assign(network.link, { packetBytes: Math.max(1, step.bytesPerSecond / 10), gapMs: 100 });
        clock.after(step.ms, () => cluster.healNetwork());
        break;
      case 'latency':
        network.link.latencyMs = step.ms;
        break;
      case 'expire':
        server.expire();
        if (step.reset) network.resetAll();
        break;
      case 'compact':
        etcd.compact();
        break;
      case 'error':
        server.errorAll(step.code, step.code === 410 ? 'Expired' : 'InternalError');
        break;
      case 'refuse':
        this.#refusals.set(cluster, { how: step.how, times: step.times, to: step.to });
        break;
      case 'tear':
        this.#tear(cluster, step);
        break;
      case 'garble':
        this.#garble(cluster);
        break;
      case 'replay':
        replay(server, step.reverse);
        break;
      case 'restart':
        this.#restart(cluster, step.downMs);
        break;
      case 'lag':
        server.lagMs = step.ms;
        this.#dog.excuse(cluster, 0);
        break;
      case 'freeze':
        server.lagMs = Number.POSITIVE_INFINITY;
        this.#dog.excuse(cluster, step.ms + 15_000);
        clock.after(step.ms, () => server.catchUp());
        break;
      case 'forbid':
        this.#refuseKind(cluster, step.kind, 'forbidden');
        break;
      case 'absent':
        this.#refuseKind(cluster, step.kind, 'absent');
        break;
      case 'permit':
        server.forbidden.clear();
        server.absent.clear();
        server.announce();
        break;
      case 'rotate':
        cluster.acceptedFrom = cluster.issued + 1;
        break;
      case 'signOut':
        this.#signedOut.add(cluster);
        break;
      case 'crash':
        for (const worker of [...this.#world.workers]) worker.crash();
        break;
      case 'slowConsumer':
        this.#world.consumerDelayMs = step.ms;
        break;
      case 'loseBatch':
        this.#world.loseBatches++;
        break;
      case 'jump':
        clock.jump(step.ms);
        break;
      case 'reopen':
        this.#world.fleet.close([cluster.id]);
        this.#world.fleet.open([cluster.id]);
        break;
      case 'retry':
        this.#world.fleet.open([cluster.id]);
    }
    await clock.pass(5);
  }

  /** Heals everything, and waits until all is equal. */
  async calm(): Promise<void> {
    const { clusters, clock } = this.#world;
    this.#refusals.clear();
    this.#signedOut.clear();
    this.#world.consumerDelayMs = 0;
    this.#world.loseBatches = 0;
    for (const cluster of clusters) {
      cluster.healNetwork();
      cluster.network.link.refused = false;
      cluster.server.forbidden.clear();
      cluster.server.absent.clear();
      cluster.server.announce();
      cluster.server.catchUp();
    }
    const from = clock.steady();
    let equalAt: number;
    do {
      const leftMs = from + healedMs - clock.steady();
      let isEqual = leftMs > 0 && (await clock.pass(leftMs, () => this.#dog.isConverged()));
      if (!isEqual && this.#isLimited()) {
        await clock.pass(regainedMs, () => !this.#isLimited());
        isEqual = await clock.pass(healedMs, () => this.#dog.isConverged());
      }
      this.#dog.assert();
      if (!isEqual)
        throw new Error(`Not equal after ${healedMs / 1000} s: ${this.#dog.difference() || this.#states()}`);
      equalAt = clock.steady();
      // What was under way may undo it once more.
      await clock.pass(5_000);
    } while (!this.#dog.isConverged());
    this.slowestMs = Math.max(this.slowestMs, equalAt - from);
    this.#dog.checkDerived();
    this.#dog.assert();
  }

  #isLimited(): boolean {
    return this.#world.fleet.rows().some(({ hidden }) => hidden.length > 0);
  }

  #states(): string {
    const { fleet, watched } = this.#world;
    return watched
      .flatMap((kind) =>
        fleet.scopes(kind).map(({ cluster, state, reason }) => `${cluster} ${kind} ${state} ${reason}`),
      )
      .join('; ');
  }

  #hole(cluster: ModelCluster, { flow, ms }: { flow: boolean; ms: number }): void {
    const { network } = cluster;
    if (flow) {
      // Ten seconds of silence, ten probes, and a look each ten seconds.
      for (const connection of network.connections) connection.hole = true;
      this.#dog.excuse(cluster, 45_000);
    } else {
      network.link.hole = true;
      this.#world.clock.after(ms, () => {
        network.link.hole = false;
      });
    }
  }

  #restart(cluster: ModelCluster, downMs: number): void {
    const { network, server } = cluster;
    network.resetAll();
    network.link.refused = true;
    const start = () => {
      server.coldStart();
      network.link.refused = false;
    };
    if (downMs === 0) start();
    else this.#world.clock.after(downMs, start);
  }

  #refuseKind(cluster: ModelCluster, at: number, how: 'forbidden' | 'absent'): void {
    const { id } = servedKinds[at] as (typeof servedKinds)[number];
    const { server } = cluster;
    server[how].add(id);
    for (const watch of [...server.watches]) if (watch.kind.id === id) watch.exchange.finish();
    if (how === 'absent') server.announce();
    // Until somebody tells otherwise, a watch that ended is followed by the next: for a moment nobody knows.
    if (how === 'absent') this.#dog.excuse(cluster, 5_000);
  }

  /** A write whose event arrives in part. */
  #tear({ server, etcd }: ModelCluster, { at, reset }: { at: number; reset: boolean }): void {
    const open = [...server.watches].filter(({ kind, initialAt }) => kind.id === 'pods' && initialAt === undefined);
    for (const watch of open) server.watches.delete(watch);
    const { stored } = etcd.put(servedKind('pods'), 'pods-1', 'b', at);
    for (const { exchange, kind } of open) {
      const event = encodeWatchEvent('MODIFIED', stored.object, kind, exchange.protobuf);
      exchange.chunk(event.subarray(0, Math.min(at, event.length - 1)));
      if (reset) exchange.connection.reset();
      else exchange.finish();
    }
  }

  /** A write whose event arrives as something else, in a stream that goes on. */
  #garble({ server, etcd }: ModelCluster): void {
    const open = [...server.watches].filter(({ kind, initialAt }) => kind.id === 'pods' && initialAt === undefined);
    for (const watch of open) watch.cursor = Number.POSITIVE_INFINITY;
    const { revision } = etcd.put(servedKind('pods'), 'pods-2', 'a', 3);
    for (const watch of open) {
      watch.cursor = revision;
      watch.exchange.chunk(Buffer.from('\0\0\0\u0005#####\n'));
    }
  }

  #intercept(cluster: ModelCluster, exchange: Exchange): boolean {
    const { request } = exchange;
    if (this.#signedOut.has(cluster) || !cluster.accepts(request.headers.authorization ?? '')) {
      if (request.path === '/livez') return false;
      sendStatus(exchange, 401, 'Unauthorized', 'Unauthorized');
      return true;
    }
    const refusal = this.#refusals.get(cluster);
    const isWatch = request.query.get('watch') === 'true';
    if (refusal === undefined || request.path === '/livez') return false;
    if (refusal.to !== 'any' && isWatch !== (refusal.to === 'watch')) return false;
    if (--refusal.times <= 0) this.#refusals.delete(cluster);
    refuse(exchange, refusal.how);
    return true;
  }
}

function refuse(exchange: Exchange, how: Refusal): void {
  const html = '<!doctype html><html><head><title>Sign in</title></head><body>proxy</body></html>';
  switch (how) {
    case 'html200': {
      exchange.send(200, html, { 'Content-Type': 'text/html' });
      return;
    }
    case 'html502': {
      exchange.send(502, html, { 'Content-Type': 'text/html' });
      return;
    }
    case 'empty200': {
      exchange.send(200, '', { 'Content-Type': 'application/json' });
      return;
    }
    case '410': {
      sendStatus(exchange, 410, 'Expired', 'The provided version is too old');
      return;
    }
    case '429': {
      sendStatus(exchange, 429, 'TooManyRequests', 'too many requests');
      return;
    }
    case '429after': {
      sendStatus(exchange, 429, 'TooManyRequests', 'too many requests', { 'Retry-After': '7' });
      return;
    }
    case 'hang': {
      return;
    }
    default: {
      sendStatus(exchange, Number(how), 'InternalError', `failed with ${how}`);
      return;
    }
  }
}

/** What was sent is sent once more, and in another order. */
function replay(server: ApiServer, reverse: boolean): void {
  if (server.etcd.opaque) return;
  const entries = reverse ? [...server.sent].reverse() : [...server.sent];
  for (const watch of server.watches) {
    if (watch.initialAt !== undefined) continue;
    for (const { stored, type, revision } of entries) {
      const isOf = stored.kind === watch.kind.id && (watch.namespace === '' || watch.namespace === stored.namespace);
      if (isOf && revision <= watch.cursor) server.send(watch, type, stored.object);
    }
  }
}
