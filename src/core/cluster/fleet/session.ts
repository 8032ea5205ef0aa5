import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { type ErrorCode, KubeSageError } from '../../kernel/errors.ts';
import type { ConnectionSpec, CredentialSource, PluginConsent } from '../../kube/auth/index.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { ClusterState } from './contract.ts';
import { readUid, readVersion } from './identity.ts';
import { createKindWatches, essentials, type KindWatches } from './kindWatches.ts';
import type { ClusterTransport, FleetOptions } from './ports.ts';

/** Where the contact with a cluster stands. */
export interface Standing {
  state: ClusterState;
  /** Milliseconds. */
  since: number;
  reason?: string | undefined;
  hint?: string | undefined;
}

export interface SessionOptions<T extends ClusterTransport> {
  fleet: FleetOptions<T>;
  index: number;
  context: KubeContext;
  /** Namespaces that the user limited lists to; null for all. */
  namespaces: readonly string[] | null;
  /** Takes its turn among clusters that are being contacted. */
  turn<R>(task: () => Promise<R>, signal: AbortSignal): Promise<R>;
  priorityOf(kind: string): 0 | 1 | 2 | undefined;
  /** Something of it can be shown: once lost it is stale, not unreachable. */
  hasRows(): boolean;
  /** Columns that its rows were written with, by kind: outlives the session, as the rows do. */
  rowColumns: Map<string, string>;
  /**
   * Which cluster answers; null when it may not be known. Before anything is watched, unless nothing was known of the
   * cluster: then what is in the tables already is of this contact.
   */
  identified(uid: string | null, isFirst: boolean): void;
  /** Its watches ended: what was live is as of now. */
  lost(): void;
  /** Something that is shown of the cluster changed. */
  changed(): void;
  scopeChanged(kind: string): void;
}

/** First pause before a server that cannot be reached is tried again; grows by up to three times, up to the last. */
const firstPauseMs = 1_000;
const lastPauseMs = 30_000;
/** Refused credentials do not mend by being shown again and again; files that hold them may. */
const unauthenticatedPauseMs = 5 * 60_000;
/** How often a lost cluster's address and consent are looked at again; both are local. */
const mendMs = 30_000;

/**
 * The contact with one open cluster, from credentials over the first request and discovery to its watches. It never gives
 * up by itself: what can mend is tried again after growing pauses, what needs the user waits for `retry`.
 */
export class Session<T extends ClusterTransport> implements Disposable {
  readonly #options: SessionOptions<T>;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  readonly #mending: Disposable;
  #spec: ConnectionSpec | undefined;
  #standing: Standing;
  #attempt: AbortController | undefined;
  #attempting = false;
  #pause: Disposable | undefined;
  #pauseMs = firstPauseMs;
  #transport: T | undefined;
  #discovery: ReturnType<FleetOptions<T>['followDiscovery']> | undefined;
  #watches: KindWatches | undefined;
  consent: PluginConsent | undefined;
  version: string | null = null;
  kinds: readonly DiscoveredKind[] = [];
  lastLive: number | null = null;

  constructor(options: SessionOptions<T>) {
    this.#options = options;
    this.#clock = options.fleet.clock;
    this.#standing = { state: 'connecting', since: this.#clock.now() };
    this.#mending = this.#clock.every(mendMs, () => {
      if (this.#standing.state !== 'live') void this.#mend();
    });
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Undefined until the server answered. */
  get watches(): KindWatches | undefined {
    return this.#watches;
  }

  /** Milliseconds by which the server's clock is ahead of ours; 0 while they agree. */
  get skewMs(): number {
    return this.#transport?.skewMs ?? 0;
  }

  start(): void {
    void this.#connect();
  }

  /** The user asks: everything is tried again, also what was forbidden. */
  retry(): void {
    this.wake();
    this.#watches?.retry();
    this.#discovery?.refresh();
    void this.#mend();
  }

  /** The network came back or the machine woke up: what waits is tried at once. */
  wake(): void {
    this.#pauseMs = firstPauseMs;
    if (this.#watches === undefined) {
      // An attempt under way goes on: beginning anew would end a sign-in in the middle, and open a second window.
      if (!this.#attempting) void this.#connect();
    } else this.#options.fleet.watchers.retry(this.#options.index);
  }

  /** What is wanted of this cluster may have changed. */
  demandChanged(kind: string): void {
    this.#watches?.update(kind);
  }

  columnsChanged(kind: string): void {
    this.#watches?.columnsChanged(kind);
  }

  resync(kind: string): void {
    this.#watches?.resync(kind);
  }

  watchesChanged(): void {
    this.#judge();
  }

  refreshDiscovery(): void {
    this.#discovery?.refresh();
  }

  /** The way to its API server. Throws `unreachable` or `unauthenticated` while there is none. */
  connected(): T {
    const transport = this.#transport;
    if (transport !== undefined && this.#watches !== undefined) return transport;
    const { state, reason, hint } = this.#standing;
    const code: ErrorCode = state === 'unauthenticated' || state === 'needsConsent' ? 'unauthenticated' : 'unreachable';
    throw new KubeSageError(code, `${this.#options.context.context} is not connected${reason ? `: ${reason}` : ''}`, {
      hint: hint ?? 'Try again when it is live.',
    });
  }

  dispose(): void {
    this.#ended.abort(new KubeSageError('cancelled', 'The cluster was closed'));
    this.#pause?.dispose();
    this.#mending.dispose();
    this.#disconnect();
  }

  /**
   * Watches go on by themselves with what they were given. A certificate authority that was replaced, or a plugin that
   * changed and needs consent again, they cannot know of: then the contact begins anew.
   */
  async #mend(): Promise<void> {
    const { fleet, context } = this.#options;
    const watches = this.#watches;
    if (watches === undefined) return;
    let anew: boolean;
    try {
      const consent = await fleet.authenticator.missingConsent(context);
      anew = consent !== null || !isDeepStrictEqual(await fleet.kubeconfig.connection(context), this.#spec);
    } catch {
      // Connecting meets the same trouble, and tells it.
      anew = true;
    }
    if (anew && this.#watches === watches) void this.#connect();
  }

  #disconnect(): void {
    this.#attempt?.abort(new KubeSageError('cancelled', 'The attempt was given up'));
    this.#attempt = undefined;
    this.#discovery?.dispose();
    this.#discovery = undefined;
    if (this.#watches !== undefined) {
      this.#watches.dispose();
      this.#watches = undefined;
      this.#options.fleet.watchers.disconnect(this.#options.index);
      this.#options.lost();
    }
    this.#transport?.dispose();
    this.#transport = undefined;
  }

  async #connect(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#pause?.dispose();
    this.#pause = undefined;
    this.#disconnect();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#attempting = true;
    const signal = AbortSignal.any([attempt.signal, this.#ended.signal]);
    if (this.#standing.state !== 'stale') this.#stand({ state: 'connecting' });
    try {
      const source = await this.#credentials(signal);
      if (source === undefined) return;
      await this.#options.turn(() => this.#open(source.spec, source.credentials, signal), signal);
      signal.throwIfAborted();
      this.#pauseMs = firstPauseMs;
      this.#spec = source.spec;
      if (this.#watches === undefined) this.#watch(source.spec, source.credentials);
      this.#judge();
      this.#options.changed();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
    } finally {
      if (this.#attempt === attempt || this.#attempt === undefined) this.#attempting = false;
    }
  }

  #watch(spec: ConnectionSpec, credentials: CredentialSource): void {
    const { fleet, context, index } = this.#options;
    fleet.watchers.connect(index, spec, credentials);
    this.#watches = createKindWatches({
      fleet,
      index,
      contextNamespace: context.namespace,
      namespaces: this.#options.namespaces,
      rowColumns: this.#options.rowColumns,
      transport: () => this.#transport,
      kinds: () => (this.kinds.length > 0 ? this.kinds : essentials),
      priorityOf: this.#options.priorityOf,
      changed: (kind) => {
        this.#options.scopeChanged(kind);
        this.#judge();
      },
    });
    this.#watches.updateAll();
  }

  /** Undefined when the user has to consent first. */
  async #credentials(signal: AbortSignal) {
    const { fleet, context } = this.#options;
    try {
      this.consent = (await fleet.authenticator.missingConsent(context)) ?? undefined;
      signal.throwIfAborted();
      if (this.consent !== undefined) {
        const { command, resolved, searched } = this.consent;
        if (resolved === null) {
          throw new KubeSageError('unauthenticated', `The credential plugin "${command}" was not found`, {
            hint:
              this.consent.installHint ??
              `It was looked for in ${searched.join(', ')}. Install it, then open the cluster again.`,
          });
        }
        this.#stand({
          state: 'needsConsent',
          reason: `The kubeconfig wants to run "${command}" to sign in`,
          hint: 'Look at the exact command, and allow it if you trust it.',
        });
        return undefined;
      }
      const spec = await fleet.kubeconfig.connection(context);
      const credentials = fleet.authenticator.sourceFor(context, spec);
      await credentials.get(undefined, signal);
      return { spec, credentials };
    } catch (error) {
      if (signal.aborted || !(error instanceof KubeSageError)) throw error;
      if (error.code === 'unreachable' || error.code === 'timeout' || error.code === 'unauthenticated') throw error;
      // Whatever else stands between the kubeconfig and credentials is about who we are, not about what we may do.
      const code = error.code === 'invalid' ? 'invalid' : 'unauthenticated';
      throw new KubeSageError(code, error.message, { hint: error.hint, cause: error });
    }
  }

  async #open(
    spec: Awaited<ReturnType<FleetOptions['kubeconfig']['connection']>>,
    credentials: CredentialSource,
    signal: AbortSignal,
  ): Promise<void> {
    const { fleet, context } = this.#options;
    const transport = fleet.createTransport(spec, credentials);
    this.#transport = transport;
    this.version = await readVersion(transport, signal);
    fleet.authenticator.observeServerTime(context, this.#clock.now() + transport.skewMs);
    // Of a cluster that nothing is known of there is no other one to be told from, and every server has these kinds.
    const isFirst = this.kinds.length === 0 && !this.#options.hasRows();
    if (isFirst) this.#watch(spec, credentials);
    // All at once: an open cluster is two round trips nearer.
    const asked = readUid(transport, signal);
    const discovered = new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#discovery = fleet.followDiscovery(transport, {
        onKinds: (kinds) => {
          this.kinds = kinds;
          resolve();
          this.#watches?.updateAll();
          this.#options.changed();
        },
        onProblem: reject,
      });
    });
    const [uid] = await Promise.all([asked, discovered]);
    signal.throwIfAborted();
    this.#options.identified(uid, isFirst);
  }

  #failed(error: unknown): void {
    const known =
      error instanceof KubeSageError ? error : new KubeSageError('internal', String(error), { cause: error });
    this.#disconnect();
    const state: ClusterState =
      known.code === 'unauthenticated' ? 'unauthenticated' : known.code === 'forbidden' ? 'forbidden' : 'unreachable';
    const shown = this.#options.hasRows() && state === 'unreachable' ? 'stale' : state;
    this.#stand({ state: shown, reason: known.message, hint: known.hint });
    const random = this.#options.fleet.random?.() ?? Math.random();
    let pauseMs = unauthenticatedPauseMs;
    if (state === 'unreachable') {
      // Decorrelated jitter: between the first pause and three times the last one.
      this.#pauseMs = Math.min(lastPauseMs, firstPauseMs + random * (this.#pauseMs * 3 - firstPauseMs));
      pauseMs = this.#pauseMs;
    }
    this.#pause = this.#clock.after(pauseMs, () => void this.#connect());
  }

  /** What the watches of the kinds that the fleet needs say about the cluster as a whole. */
  #judge(): void {
    const watches = this.#watches;
    if (watches === undefined) return;
    const states = watches.essential();
    const stale = states.find((state) => state.state === 'stale');
    if (stale !== undefined) {
      if (stale.code === 'unauthenticated') {
        this.#stand({
          state: 'unauthenticated',
          reason: stale.reason,
          hint: 'Sign in again, then open the cluster again.',
        });
      } else {
        // One kind in trouble does not make a server unreachable that answers about another.
        const reached =
          this.#options.hasRows() || states.some((state) => state.state === 'live' || state.state === 'forbidden');
        const state = reached ? 'stale' : 'unreachable';
        this.#stand({ state, reason: stale.reason, hint: 'It is tried again by itself.' }, stale.since);
      }
      return;
    }
    const listing = states.some((state) => state.state === 'listing');
    if (listing) {
      // A list that is read again while live is a moment's matter; trouble is not over before the list is complete.
      if (this.#standing.state === 'connecting') this.#stand({ state: 'connecting', reason: 'Reading its objects' });
      return;
    }
    if (states.some((state) => state.state === 'live')) {
      if (this.#standing.state !== 'live') this.#stand({ state: 'live' });
      return;
    }
    const forbidden = states.find((state) => state.state === 'forbidden');
    if (forbidden !== undefined) {
      this.#stand({
        state: 'forbidden',
        reason: forbidden.reason ?? 'You may not list anything in this cluster',
        hint: 'Ask for the role `view`, or name the namespaces that you may see in the cluster’s settings.',
      });
    }
  }

  #stand(next: Omit<Standing, 'since'>, since = this.#clock.now()): void {
    const before = this.#standing;
    if (before.state === next.state && before.reason === next.reason && before.hint === next.hint) return;
    if (next.state === 'live') this.lastLive = since;
    else if (before.state === 'live') this.lastLive = Math.min(since, this.#clock.now());
    this.#standing = { ...next, since: before.state === next.state ? before.since : since };
    this.#options.changed();
  }
}
