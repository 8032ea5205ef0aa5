import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { ObjectRef, Relation } from './contract.ts';
import { findKind } from './kindNames.ts';
import { findRelated } from './related.ts';
import type { Sources } from './resources.ts';

type Head = { complete: boolean; problems: string[] };

/** A tree costs a scan of several tables: it follows changes less closely than a list. */
const pauseMs = 200;

/** What is related to one object, found anew after changes. Kinds that are needed on the way are watched meanwhile. */
export class RelationsSource implements LiveSource<Head, Relation> {
  readonly #sources: Sources;
  readonly #object: ObjectRef;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  readonly #demanded = new Set<string>();
  #timer: Disposable | undefined;
  #rows = new Map<string, { text: string; row: Relation }>();
  #state: LiveState<Head, Relation> | undefined;
  #text = '';

  constructor(sources: Sources, object: ObjectRef) {
    this.#sources = sources;
    this.#object = { ...object, kind: findKind(sources.fleet, object.kind)?.id ?? object.kind };
    const { tables, fleet } = sources;
    const look = () => this.#schedule();
    for (const table of tables.all()) this.#scope.add(table.onChange(look));
    this.#scope.add(
      tables.onTable((table) => {
        this.#scope.add(table.onChange(look));
        look();
      }),
    );
    this.#scope.add(fleet.onScopeChange(look));
    this.#scope.add(fleet.onChange(look));
    this.#look();
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<Head, Relation> {
    return this.#state ?? this.#look();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
    this.#changed.dispose();
  }

  #schedule(): void {
    this.#timer ??= this.#sources.clock.after(pauseMs, () => {
      this.#timer = undefined;
      const before = this.#state?.rev;
      if (this.#look().rev !== before) this.#changed.fire();
    });
  }

  #look(): LiveState<Head, Relation> {
    const { fleet } = this.#sources;
    const { cluster } = this.#object;
    const index = fleet.byId(cluster)?.index ?? -1;
    const related = findRelated(this.#sources, this.#object, index);
    const problems = [...related.problems];
    let complete = true;
    for (const kind of related.kinds) {
      // A cluster that is reached and does not serve a kind has no objects of it.
      if (!fleet.byId(cluster)?.kinds.some((it) => it.id === kind && it.verbs.includes('list'))) continue;
      this.#demand(kind);
      const scope = fleet.scopes(kind).find((it) => it.cluster === cluster);
      if (scope?.state === 'live') continue;
      complete = false;
      if (scope?.state === 'forbidden') problems.push(`You may not list ${kind}: ${scope.reason ?? 'forbidden'}`);
      else if (scope?.state === 'stale' || scope?.state === 'unreachable') problems.push(`${kind} may be out of date`);
    }
    const rows = related.rows.map((row) => this.#keep(row));
    const head = { complete, problems };
    const text = JSON.stringify([head, related.rows]);
    if (this.#state === undefined || text !== this.#text) {
      this.#text = text;
      this.#state = { rev: (this.#state?.rev ?? 0) + 1, head, rows };
    }
    return this.#state;
  }

  #demand(kind: string): void {
    if (this.#demanded.has(kind)) return;
    this.#demanded.add(kind);
    this.#scope.add(this.#sources.fleet.demand(kind, { clusters: [this.#object.cluster], priority: 1 }));
  }

  /** The same object for the same row. */
  #keep(row: Relation): Relation {
    const text = JSON.stringify(row);
    const known = this.#rows.get(row.key);
    if (known?.text === text) return known.row;
    this.#rows.set(row.key, { text, row });
    return row;
  }
}
