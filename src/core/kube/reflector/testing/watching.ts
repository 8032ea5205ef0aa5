import { FakeClock } from '../../../kernel/clock.ts';
import type { ConnectionSpec, CredentialSource, Credentials } from '../../auth/connection.ts';
import type { WatchMessage, WatchState } from '../../columns/batch.ts';
import { builtInSchema } from '../../projectors/index.ts';
import { createWatchers } from '../createWatchers.ts';
import type { Watchers, WatchTarget } from '../watchers.ts';

/** A client of one fake server with its own clock, and the table that its messages make. */
export interface Watching {
  clock: FakeClock;
  watchers: Watchers;
  messages: WatchMessage[];
  states: WatchState[];
  /** `namespace/name@version`, sorted. */
  rows(): string[];
  state(scope?: string): WatchState | undefined;
  /** Lets sockets and the fake clock go on until the condition holds; fails with the messages when it never does. */
  until(condition: () => boolean, what: string): Promise<void>;
  dispose(): void;
}

export const noCredentials: CredentialSource = { get: async () => ({ generation: 1 }) };

export function specOf(server: string, more: Partial<ConnectionSpec> = {}): ConnectionSpec {
  return { server, insecureSkipTlsVerify: false, disableCompression: false, ...more };
}

export function podsTarget(more: Partial<WatchTarget> = {}): WatchTarget {
  const schema = builtInSchema('pods');
  if (schema === undefined) throw new Error('There are no pods');
  return { schema, namespaces: null, custom: false, priority: 0, ...more };
}

export function watchPods(
  server: string,
  options: {
    target?: Partial<WatchTarget>;
    spec?: Partial<ConnectionSpec>;
    credentials?: CredentialSource;
    random?: () => number;
  } = {},
): Watching {
  const clock = new FakeClock(Date.now());
  const watchers = createWatchers({ workers: 0, clock, random: options.random ?? (() => 0.5), version: 'test' });
  const messages: WatchMessage[] = [];
  const states: WatchState[] = [];
  const table = new Table();
  watchers.onMessage((message) => {
    messages.push(message);
    if (message.type === 'state') states.push(message.state);
    table.apply(message);
  });
  watchers.connect(1, specOf(server, options.spec), options.credentials ?? noCredentials);
  watchers.watch(1, podsTarget(options.target));
  return {
    clock,
    watchers,
    messages,
    states,
    rows: () => table.rows(),
    state(scope = '') {
      const last = messages.findLast((message) => message.type === 'state' && message.scope === scope);
      return last?.type === 'state' ? last.state : undefined;
    },
    async until(condition, what) {
      const deadline = Date.now() + 15_000;
      while (!condition()) {
        if (Date.now() > deadline) {
          const last = messages
            .slice(-8)
            .map((message) => JSON.stringify(message, (key, value) => (key === 'batch' ? '…' : value)));
          throw new Error(`Never: ${what}\n${table.rows().join(' ')}\n${last.join('\n')}`);
        }
        await clock.advance(100);
        // Real sockets need real turns of the loop.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    dispose: () => watchers.dispose(),
  };
}

export function credentialsOf(credentials: Omit<Credentials, 'generation'>): CredentialSource {
  return { get: async () => ({ ...credentials, generation: 1 }) };
}

/** What a receiver must do with the messages, in as few words as possible. */
export class Table {
  readonly #scopes = new Map<string, Map<string, string>>();
  readonly #listed = new Map<string, Set<string>>();
  readonly #texts = new Map<number, Map<number, string[]>>();

  rows(): string[] {
    return [...this.#scopes.values()].flatMap((rows) => [...rows.values()]).sort();
  }

  apply(message: WatchMessage): void {
    if (message.type === 'state') return;
    const { scope } = message;
    const rows = this.#scopes.get(scope) ?? new Map<string, string>();
    this.#scopes.set(scope, rows);
    if (message.type === 'listing') this.#listed.set(scope, new Set());
    else if (message.type === 'listed') {
      const named = this.#listed.get(scope);
      if (named !== undefined) for (const uid of rows.keys()) if (!named.has(uid)) rows.delete(uid);
      this.#listed.delete(scope);
    } else if (message.type === 'rows') this.#take(message.batch, rows, this.#listed.get(scope));
  }

  #take(batch: Extract<WatchMessage, { type: 'rows' }>['batch'], rows: Map<string, string>, named?: Set<string>): void {
    const texts = this.#texts.get(batch.interner) ?? new Map<number, string[]>();
    this.#texts.set(batch.interner, texts);
    for (const [column, news] of batch.strings) texts.set(column, [...(texts.get(column) ?? []), ...news]);
    const [name, namespace] = batch.cells;
    if (name?.type !== 'name' || namespace?.type !== 'text')
      throw new Error('The first columns are name and namespace');
    for (let row = 0; row < batch.count; row++) {
      const uid = batch.uids.slice(row * 4, row * 4 + 4).join('-');
      named?.add(uid);
      if (batch.ops[row] === 1) {
        rows.delete(uid);
        continue;
      }
      const from = row === 0 ? 0 : (name.ends[row - 1] as number);
      const text = Buffer.from(name.bytes.subarray(from, name.ends[row])).toString();
      rows.set(uid, `${texts.get(1)?.[namespace.ids[row] as number]}/${text}@${batch.versions[row]}`);
    }
  }
}
