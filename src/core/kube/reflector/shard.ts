import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { ConnectionSpec, CredentialSource } from '../auth/connection.ts';
import type { WatchMessage } from '../columns/batch.ts';
import { BatchBuilder, Dictionaries } from '../columns/batchBuilder.ts';
import type { KindSchema } from '../columns/schema.ts';
import { createProjector } from '../projectors/index.ts';
import { createTransport, type Transport, type TransportOptions } from '../transport/index.ts';
import { Abilities } from './abilities.ts';
import { Gate } from './gate.ts';
import { watchPulse } from './pulse.ts';
import { Reflector } from './reflector.ts';
import type { RowSink } from './rows.ts';
import type { WatchTarget } from './watchers.ts';

export interface ShardOptions {
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  defer: (run: () => void) => void;
  version: string;
  emit: (message: WatchMessage) => void;
  /** Tests bring their own. */
  transport?: typeof createTransport | undefined;
}

interface WatchedKind {
  target: WatchTarget;
  dictionaries: Dictionaries;
  reflectors: Map<string, Reflector>;
}

/** The clusters that one thread watches. */
export class Shard implements Disposable {
  readonly #options: ShardOptions;
  readonly #clusters = new Map<number, WatchedCluster>();
  #reading = true;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  connect(cluster: number, spec: ConnectionSpec, credentials: CredentialSource): void {
    const known = this.#clusters.get(cluster);
    if (known === undefined) this.#clusters.set(cluster, new WatchedCluster(cluster, spec, credentials, this.#options));
    else known.reconnect(spec, credentials);
    if (!this.#reading) this.#clusters.get(cluster)?.setReading(false);
  }

  disconnect(cluster: number): void {
    this.#clusters.get(cluster)?.dispose();
    this.#clusters.delete(cluster);
  }

  watch(cluster: number, target: WatchTarget): void {
    const known = this.#clusters.get(cluster);
    if (known === undefined) throw new KubeSageError('invalid', `Cluster ${cluster} is not connected`);
    known.watch(target);
  }

  unwatch(cluster: number, kind: string): void {
    this.#clusters.get(cluster)?.unwatch(kind);
  }

  retry(cluster: number): void {
    this.#clusters.get(cluster)?.retry();
  }

  /** Whether streams are read. What is not read waits; small requests go on. */
  setReading(reading: boolean): void {
    this.#reading = reading;
    for (const cluster of this.#clusters.values()) cluster.setReading(reading);
  }

  dispose(): void {
    for (const cluster of this.#clusters.values()) cluster.dispose();
    this.#clusters.clear();
  }
}

class WatchedCluster implements Disposable {
  readonly #number: number;
  readonly #options: ShardOptions;
  readonly #kinds = new Map<string, WatchedKind>();
  #transport: Transport | undefined;
  #abilities = new Abilities();
  #gate: Gate;
  #pulse: Disposable | undefined;
  /** Why there is no transport: an address or a certificate that cannot be used. */
  #problem: { reason: string; code: string } | undefined;

  constructor(number: number, spec: ConnectionSpec, credentials: CredentialSource, options: ShardOptions) {
    this.#number = number;
    this.#options = options;
    this.#gate = new Gate(options.clock);
    this.#connect(spec, credentials);
  }

  /** The kubeconfig changed: everything starts again over the new connection. */
  reconnect(spec: ConnectionSpec, credentials: CredentialSource): void {
    const targets = [...this.#kinds.values()].map(({ target }) => target);
    this.dispose();
    this.#abilities = new Abilities();
    this.#gate = new Gate(this.#options.clock);
    this.#connect(spec, credentials);
    for (const target of targets) this.watch({ ...target, resume: undefined });
  }

  watch(target: WatchTarget): void {
    const { id } = target.schema;
    const known = this.#kinds.get(id);
    if (known !== undefined && sameRows(known.target.schema, target.schema)) {
      known.target = target;
      this.#setScopes(known);
      return;
    }
    this.unwatch(id);
    const kind: WatchedKind = { target, dictionaries: new Dictionaries(target.schema), reflectors: new Map() };
    this.#kinds.set(id, kind);
    this.#setScopes(kind);
  }

  unwatch(kind: string): void {
    for (const reflector of this.#kinds.get(kind)?.reflectors.values() ?? []) reflector.dispose();
    this.#kinds.delete(kind);
  }

  retry(): void {
    this.#gate.hurry();
    for (const reflector of this.#reflectors()) reflector.retry();
  }

  dispose(): void {
    for (const kind of [...this.#kinds.keys()]) this.unwatch(kind);
    this.#pulse?.dispose();
    this.#pulse = undefined;
    this.#transport?.dispose();
    this.#transport = undefined;
  }

  #connect(spec: ConnectionSpec, credentials: CredentialSource): void {
    const { clock, version } = this.#options;
    const make = this.#options.transport ?? createTransport;
    const options: TransportOptions = { clock, version };
    this.#problem = undefined;
    try {
      this.#transport = make(spec, credentials, options);
    } catch (error) {
      const { message, code } = toErrorValue(error);
      this.#problem = { reason: message, code };
      return;
    }
    this.#pulse = watchPulse({
      transport: this.#transport,
      clock,
      onStall: (reason) => {
        for (const reflector of this.#reflectors()) reflector.stalled(reason);
      },
      onRecover: (from) => {
        for (const reflector of this.#reflectors()) reflector.recovered(from);
      },
      onDead: (reason) => {
        for (const reflector of this.#reflectors()) reflector.drop(new KubeSageError('unreachable', reason));
      },
    });
  }

  setReading(reading: boolean): void {
    if (this.#transport !== undefined) this.#transport.reading = reading;
  }

  *#reflectors(): Iterable<Reflector> {
    for (const { reflectors } of this.#kinds.values()) yield* reflectors.values();
  }

  #setScopes(kind: WatchedKind): void {
    const { target, reflectors } = kind;
    const wanted = target.namespaces === null || !target.schema.namespaced ? [''] : [...new Set(target.namespaces)];
    for (const [scope, reflector] of reflectors) {
      if (wanted.includes(scope)) continue;
      reflector.dispose();
      reflectors.delete(scope);
    }
    for (const scope of wanted) if (!reflectors.has(scope)) this.#start(kind, scope);
  }

  #start(kind: WatchedKind, scope: string): void {
    const { clock, random, defer, emit } = this.#options;
    const { schema, custom, resume } = kind.target;
    if (this.#transport === undefined) {
      const { reason = 'Not connected', code = 'internal' } = this.#problem ?? {};
      const state = { state: 'stale' as const, since: clock.now(), reason, code };
      emit({ type: 'state', cluster: this.#number, kind: schema.id, scope, state });
      return;
    }
    const reflector = new Reflector({
      cluster: this.#number,
      schema,
      scope,
      custom,
      priority: () => kind.target.priority,
      resume: resume?.[scope],
      rows: rowSink(this.#number, kind),
      transport: this.#transport,
      abilities: this.#abilities,
      gate: this.#gate,
      clock,
      random,
      defer,
      emit: (message) => {
        if (message.type === 'listing') kind.dictionaries.beginList(scope);
        else if (message.type === 'listed') kind.dictionaries.endList(scope);
        emit(message);
      },
    });
    kind.reflectors.set(scope, reflector);
    reflector.start();
  }
}

/** Whether rows of the one can go on under the other: columns, and where they come from, are the same. */
function sameRows(one: KindSchema, other: KindSchema): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Scopes of a kind share their dictionaries: their batches are taken, and read, in one order. */
function rowSink(cluster: number, kind: WatchedKind): RowSink {
  const { schema } = kind.target;
  const projector = createProjector(schema);
  const builder = new BatchBuilder(schema, kind.dictionaries);
  return {
    get count() {
      return builder.count;
    },
    protobuf: (bytes, start, end, op) => projector.fromProtobuf(bytes, start, end, builder, op),
    json: (bytes, start, end, op) => projector.fromJsonBytes(bytes, start, end, builder, op),
    take: () => builder.take(cluster),
  };
}
