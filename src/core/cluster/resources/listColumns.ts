import { labelValue } from '../../kube/columns/labels.ts';
import { isUserColumn, meta, userColumnId } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { UserColumn } from '../../platform/settings/contract.ts';
import type { Cell, ColumnInfo } from './contract.ts';

/** A column of an answer, and how a row's cell is had. */
export interface ListColumn {
  info: ColumnInfo;
  cell(row: number): Cell;
}

const clusterInfo: ColumnInfo = { id: 'cluster', title: 'Cluster', type: 'text', priority: 1, width: 120 };

/** Every column that can be asked for. */
export function availableColumns(table: Table, userColumns: readonly UserColumn[]): ColumnInfo[] {
  // The tables may hold columns of somebody else's question.
  const columns = table.schema.columns.filter((column) => !isUserColumn(column.id));
  const own = columns.map((column) => {
    const info: ColumnInfo = { id: column.id, title: column.title, type: column.type, priority: column.priority };
    if (column.unit !== undefined) info.unit = column.unit;
    if (column.description !== undefined) info.description = column.description;
    if (column.width !== undefined) info.width = column.width;
    return info;
  });
  return [...own, clusterInfo, ...userColumns.map(userInfo)];
}

export interface ColumnSources {
  clusterName(cluster: number): string;
  /** The table has the column's cells. */
  isHeld(column: UserColumn): boolean;
  /** Value of an annotation or JSONPath, where it is known already. */
  fetched(row: number, column: UserColumn): Cell;
}

/** The columns wanted, in the order wanted; those of priority 0 and the user's when `wanted` is absent. */
export function listColumns(
  table: Table,
  wanted: { ids: readonly string[] | undefined; userColumns: readonly UserColumn[] },
  sources: ColumnSources,
): ListColumn[] {
  const available = availableColumns(table, wanted.userColumns);
  const isNamespaced = table.schema.namespaced;
  const ids =
    wanted.ids ??
    available.filter((info) => info.priority === 0 && (isNamespaced || info.id !== 'namespace')).map((info) => info.id);
  const chosen = ids.map((id) => available.find((info) => info.id === id)).filter((info) => info !== undefined);
  const missing = wanted.userColumns.map(userInfo).filter((info) => !chosen.some((known) => known.id === info.id));
  return [...chosen, ...missing].map((info) => ({ info, cell: cellReader(table, info, { wanted, sources }) }));
}

function cellReader(
  table: Table,
  info: ColumnInfo,
  from: { wanted: { userColumns: readonly UserColumn[] }; sources: ColumnSources },
): (row: number) => Cell {
  const { sources } = from;
  if (info === clusterInfo) return (row) => sources.clusterName(table.clusters[row] as number);
  const user = from.wanted.userColumns.find((column) => userColumnId(column) === info.id);
  if (user === undefined) {
    const column = table.column(info.id);
    return (row) => table.cell(row, column);
  }
  if (user.from === 'label') return (row) => labelValue(table.text(row, meta.labels), user.path) ?? '';
  const column = table.column(info.id);
  return (row) => (sources.isHeld(user) ? table.cell(row, column) : sources.fetched(row, user));
}

function userInfo(column: UserColumn): ColumnInfo {
  return { id: userColumnId(column), title: column.title, type: 'text', priority: 0 };
}
