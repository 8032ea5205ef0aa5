import { type Disposable, toDisposable } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { WatchMessage } from './batch.ts';
import { Observers, type RowObserver } from './observer.ts';
import type { KindId, KindSchema } from './schema.ts';
import { sameColumns, Table } from './table.ts';

/** The live store: one table a kind, over all clusters. */
export interface Tables {
  /**
   * The table of a kind, made when it is new. Clusters may serve a kind with different columns (two versions of a
   * CRD): the table has them all. Name the cluster whose watcher will use this schema before its first batch.
   */
  table(schema: KindSchema, cluster?: number): Table;
  get(kind: KindId): Table | undefined;
  all(): readonly Table[];
  /** Fires when a table was made. */
  readonly onTable: Event<Table>;
  /** Takes in what a watcher tells. A kind must have its table before its first message. */
  apply(message: WatchMessage): void;
  /** Told of every row of every table, synchronously, until disposed. */
  observe(observer: RowObserver): Disposable;
  /** Forgets everything about a cluster. Observers are told `deleted` with the cause `forgotten`. */
  removeCluster(cluster: number): void;
  /** Forgets the rows of one kind in one cluster, or in one namespace of it: it is not (to be) watched there. */
  forget(cluster: number, kind: KindId, namespace?: string): void;
  /** Memory in bytes, all tables together. */
  bytes(): number;
}

export function createTables(): Tables {
  const tables = new Map<KindId, Table>();
  const observers = new Observers();
  const made = new Emitter<Table>();

  const existing = (kind: KindId): Table => {
    const table = tables.get(kind);
    if (table !== undefined) return table;
    throw new KubeSageError('internal', `Rows of ${kind} came before its columns were known`, {
      hint: 'This is a defect of KubeSage; reopening the cluster helps.',
    });
  };

  return {
    table(schema, cluster) {
      let table = tables.get(schema.id);
      if (table === undefined) {
        table = new Table(schema, observers);
        tables.set(schema.id, table);
        if (cluster !== undefined) table.adopt(schema, cluster);
        made.fire(table);
      } else if (cluster !== undefined || !sameColumns(table, schema)) {
        table.adopt(schema, cluster);
      }
      return table;
    },
    get: (kind) => tables.get(kind),
    all: () => [...tables.values()],
    onTable: made.event,
    apply(message) {
      switch (message.type) {
        case 'listing':
          return existing(message.kind).beginList(message.cluster, message.scope);
        case 'rows':
          return existing(message.batch.kind).apply(message.batch, message.scope);
        case 'listed':
          return existing(message.kind).endList(message.cluster, message.scope, message.resourceVersion);
        case 'progress':
          return existing(message.kind).progress(message.cluster, message.scope, message.resourceVersion);
        case 'state':
          // The kind is gone, and its objects with it.
          if (message.state.state === 'absent') tables.get(message.kind)?.clear(message.cluster, message.scope);
          return;
      }
    },
    observe(observer) {
      observers.list = [...observers.list, observer];
      return toDisposable(() => {
        observers.list = observers.list.filter((other) => other !== observer);
      });
    },
    removeCluster(cluster) {
      for (const table of tables.values()) table.forget(cluster);
    },
    forget(cluster, kind, namespace) {
      tables.get(kind)?.forget(cluster, namespace);
    },
    bytes() {
      let sum = 0;
      for (const table of tables.values()) sum += table.bytes();
      return sum;
    },
  };
}
