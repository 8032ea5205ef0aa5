import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { meta, type Tone } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Cause } from './contract.ts';
import { ListSource } from './list.ts';
import type { Sources } from './resources.ts';

type Head = { pods: number; causes: number };

/** Every failing pod is looked at each time: a second more or less is no news to whoever reads a summary. */
const pauseMs = 1_000;
const filter = 'is:failed,warning';

/**
 * Why pods fail: one row for the same owner in the same namespace with the same status, in one cluster or in many.
 * `read` may be a second behind what was applied.
 */
export class CausesSource implements LiveSource<Head, Cause> {
  readonly #sources: Sources;
  readonly #limit: number;
  readonly #list: ListSource;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  #timer: Disposable | undefined;
  #rev = 1;
  #state: LiveState<Head, Cause> | undefined;

  constructor(sources: Sources, { clusters, limit }: { clusters?: string[] | undefined; limit: number }) {
    this.#sources = sources;
    this.#limit = limit;
    const query = { kind: 'pods', filter, sort: [], offset: 0, limit: 0, ...(clusters && { clusters }) };
    this.#list = this.#scope.add(new ListSource(sources, query));
    this.#scope.add(
      this.#list.onChange(() => {
        this.#timer ??= sources.clock.after(pauseMs, () => {
          this.#timer = undefined;
          this.#rev++;
          this.#changed.fire();
        });
      }),
    );
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<Head, Cause> {
    if (this.#state?.rev === this.#rev) return this.#state;
    const causes = new Causes(this.#sources.clusters.id);
    const view = this.#list.view();
    if (view !== undefined) for (const row of view.window(0, view.matched)) causes.add(view.table, row);
    const found = causes.sorted();
    this.#state = {
      rev: this.#rev,
      head: { pods: view?.matched ?? 0, causes: found.length },
      rows: found.slice(0, this.#limit),
    };
    return this.#state;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
  }
}

class Causes {
  readonly #clusterId: (index: number) => string;
  readonly #found = new Map<string, { cause: Cause; clusters: Set<number> }>();
  readonly #names = new Map<string, string>();

  constructor(clusterId: (index: number) => string) {
    this.#clusterId = clusterId;
  }

  add(table: Table, row: number): void {
    const [namespace, status] = [table.text(row, meta.namespace), table.text(row, meta.status)];
    const owner = table.text(row, meta.owner);
    // A template's hash may differ from cluster to cluster; what is broken is the same.
    const name = owner === '' ? table.text(row, meta.name) : this.#ownerName(owner);
    const key = `${namespace}\n${owner === '' ? table.uid(row) : name}\n${status}`;
    const cluster = table.clusters[row] as number;
    const since = Number(table.cell(row, meta.created) ?? 0);
    const tone = table.tone(row);
    const known = this.#found.get(key);
    if (known === undefined) {
      const only = owner === '' ? `name=${name}` : `name~^${name}- ${filter}`;
      const cause = { key, clusters: [], namespace, name, status, tone, count: 1, since, filter: only };
      this.#found.set(key, { cause, clusters: new Set([cluster]) });
      return;
    }
    const { cause, clusters } = known;
    clusters.add(cluster);
    cause.count++;
    cause.since = Math.max(cause.since, since);
    if (tone === 'failed') cause.tone = 'failed';
  }

  /** By how bad they are, then by how many pods each has, then by name. */
  sorted(): Cause[] {
    const causes = [...this.#found.values()].map(({ cause, clusters }) => ({
      ...cause,
      clusters: [...clusters].map(this.#clusterId).sort(),
    }));
    return causes.sort(
      (a, b) => rank(a.tone) - rank(b.tone) || b.count - a.count || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    );
  }

  #ownerName(owner: string): string {
    let name = this.#names.get(owner);
    if (name === undefined) {
      name = ownerName(owner);
      this.#names.set(owner, name);
    }
    return name;
  }
}

const rank = (tone: Tone) => (tone === 'failed' ? 0 : 1);

/** `ReplicaSet/mailer-8bkclbk8q` is `mailer`: a template's hash tells nobody anything. */
function ownerName(owner: string): string {
  const name = owner.slice(owner.indexOf('/') + 1);
  return owner.startsWith('ReplicaSet/') ? name.replace(/-[a-z0-9]{6,10}$/u, '') : name;
}
