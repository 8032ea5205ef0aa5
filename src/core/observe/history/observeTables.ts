import type { OpenClusters } from '../../cluster/fleet/openClusters.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import type { ChangeCause } from '../../kube/columns/observer.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { Watchers } from '../../kube/reflector/watchers.ts';
import type { History } from './history.ts';
import type { ObservedTable } from './observed.ts';
import { TablePrints } from './print.ts';
import type { Change } from './tables.ts';

/** Tells the history of every row that changes. What the engine merely forgets says nothing about the object. */
export function observeTables(deps: {
  tables: Tables;
  watchers: Watchers;
  fleet: OpenClusters;
  history: History;
}): Disposable {
  const { tables, watchers, fleet, history } = deps;
  const scope = new Scope();
  const observed = new Map<Table, ObservedTable>();
  const clusterIds = new Map<number, string>();

  const idOf = (index: number): string => {
    let id = clusterIds.get(index);
    if (id === undefined) {
      id = fleet.all().find((cluster) => cluster.index === index)?.id ?? '';
      if (id !== '') clusterIds.set(index, id);
    }
    return id;
  };
  const observe = (table: Table): ObservedTable => {
    let seen = observed.get(table);
    if (seen === undefined) {
      const prints = new TablePrints();
      seen = {
        get schema() {
          return table.schema;
        },
        clusterOf: (row) => idOf(table.clusters[row] ?? -1),
        uidOf: (row) => table.uid(row),
        copyUid(row, words) {
          for (let word = 0; word < 4; word++) words[word] = table.uids[4 * row + word] as number;
        },
        isAlive: (row) => table.has(row),
        cell: (row, column) => table.cell(row, column),
        fingerprint: (row) => prints.fingerprint(table.schema, table.stores, row),
        writeCells: (page, row) => page.addRow(table.stores, row),
      };
      observed.set(table, seen);
    }
    return seen;
  };
  const tell = (table: Table, row: number, change: Change, cause: ChangeCause) => {
    if (cause === 'forgotten') history.recorder.forgotten(observe(table), row);
    else history.recorder.changed(observe(table), row, change, cause);
  };

  scope.add(
    tables.observe({
      added: (table, row, cause) => tell(table, row, 'added', cause),
      modified: (table, row, _changes, cause) => tell(table, row, 'modified', cause),
      deleted: (table, row, cause) => tell(table, row, 'deleted', cause),
    }),
  );
  scope.add(
    watchers.onMessage((message) => {
      if (message.type !== 'listed' || message.scope !== '') return;
      history.recorder.listed(idOf(message.cluster), message.kind);
    }),
  );
  return scope;
}
