import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { ChangeReader } from '../../kube/columns/changeLog.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Event, ObjectRef, ScopeState } from './contract.ts';
import type { Sources } from './resources.ts';

type Head = { total: number; scopes: ScopeState[] };

const frameMs = 16;

/** The events about one object, newest first. */
export class EventsSource implements LiveSource<Head, Event> {
  readonly #sources: Sources;
  readonly #object: ObjectRef;
  readonly #limit: number;
  readonly #scope = new Scope();
  readonly #changed = new Emitter<void>();
  /** Rows about the object, with what was made of them. */
  readonly #rows = new Map<number, { revision: number; event: Event }>();
  #changes: ChangeReader | undefined;
  #table: Table | undefined;
  #timer: Disposable | undefined;
  #rev = 1;
  #state: LiveState<Head, Event> | undefined;

  constructor(sources: Sources, object: ObjectRef, limit: number) {
    this.#sources = sources;
    this.#object = object;
    this.#limit = limit;
    const { fleet, tables } = sources;
    this.#scope.add(fleet.demand('events', { clusters: [object.cluster], priority: 0 }));
    this.#scope.add(fleet.onScopeChange((kind) => kind === 'events' && this.#news()));
    this.#scope.add(tables.onTable((table) => table.schema.id === 'events' && this.#bind(table)));
    const table = tables.get('events');
    if (table !== undefined) this.#bind(table);
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<Head, Event> {
    if (this.#follow()) this.#rev++;
    if (this.#state?.rev === this.#rev) return this.#state;
    const events = [...this.#rows.values()].map(({ event }) => event);
    events.sort((a, b) => b.last - a.last || (a.key < b.key ? -1 : 1));
    const scopes = this.#sources.fleet
      .scopes('events')
      .filter((scope) => scope.cluster === this.#object.cluster)
      .map((scope) => ({ ...scope, rows: events.length }));
    this.#state = { rev: this.#rev, head: { total: events.length, scopes }, rows: events.slice(0, this.#limit) };
    return this.#state;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#scope.dispose();
    this.#changed.dispose();
  }

  #bind(table: Table): void {
    this.#table = table;
    this.#scope.add(
      table.onChange(() => {
        this.#timer ??= this.#sources.clock.after(frameMs, () => {
          this.#timer = undefined;
          if (this.#follow()) this.#news();
        });
      }),
    );
    this.#news();
  }

  /** Takes in the rows that changed; returns whether any of them is about the object. */
  #follow(): boolean {
    const table = this.#table;
    if (table === undefined) return false;
    const changed = this.#changes?.take() ?? null;
    this.#changes ??= table.changes.reader();
    let isNews = false;
    if (changed === null) this.#rows.clear();
    for (const row of changed ?? table.rows()) {
      const isAbout = table.has(row) && this.#isAbout(table, row);
      const known = this.#rows.get(row);
      if (!isAbout) {
        isNews = this.#rows.delete(row) || isNews;
      } else if (known?.revision !== table.revisions[row]) {
        this.#rows.set(row, { revision: table.revisions[row] as number, event: this.#event(table, row) });
        isNews = true;
      }
    }
    return isNews || changed === null;
  }

  /** By uid where both are known; nodes' events carry the node's name for a uid, others sometimes none. */
  #isAbout(table: Table, row: number): boolean {
    const { cluster, uid, name, namespace } = this.#object;
    if (table.clusters[row] !== this.#sources.fleet.byId(cluster)?.index) return false;
    const about = table.text(row, table.column('objectuid'));
    if (uid !== undefined && about === uid) return true;
    if (uid !== undefined && about !== '' && about !== name) return false;
    if (table.text(row, table.column('objectname')) !== name) return false;
    if (namespace !== '' && table.text(row, table.column('objectnamespace')) !== namespace) return false;
    return this.#sources.kindId(cluster, table.text(row, table.column('objectkind')), '') === this.#object.kind;
  }

  #event(table: Table, row: number): Event {
    const text = (id: string) => table.text(row, table.column(id));
    const time = (id: string) => Number(table.cell(row, table.column(id)) ?? 0);
    const kind = text('objectkind');
    const object: ObjectRef = {
      cluster: this.#object.cluster,
      kind: this.#sources.kindId(this.#object.cluster, kind, text('objectversion')) ?? kind,
      namespace: text('objectnamespace'),
      name: text('objectname'),
    };
    const uid = text('objectuid');
    if (uid !== '') object.uid = uid;
    return {
      key: table.uid(row),
      type: table.text(row, meta.status),
      reason: table.text(row, meta.reason),
      message: text('message'),
      count: Number(table.cell(row, table.column('count')) ?? 1),
      first: time('first'),
      last: time('last') || Number(table.cell(row, meta.created) ?? 0),
      source: text('source'),
      object,
    };
  }

  #news(): void {
    this.#rev++;
    this.#changed.fire();
  }
}
