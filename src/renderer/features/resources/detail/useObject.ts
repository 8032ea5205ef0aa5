import { useEffect, useMemo, useRef, useState } from 'react';
import type {
  Cell,
  ColumnInfo,
  ListQuery,
  ObjectRef,
  Row,
  ScopeState,
} from '../../../../core/cluster/resources/contract.ts';
import { useLive, useQuery } from '../../../client/index.ts';
import { quoteValue } from '../filter.ts';

/** The object is read again this long after its row has changed, so that a burst of changes is one reading. ms. */
const settleMs = 300;

export interface ObjectRow {
  row: Row | undefined;
  columns: readonly ColumnInfo[];
  scope: ScopeState | undefined;
  value(column: string): Cell | undefined;
  /** The list has answered, and it has no such row. */
  missing: boolean;
}

/** The object's row of its kind's list: its computed status, live. */
export function useObjectRow(object: ObjectRef): ObjectRow {
  const [available, setAvailable] = useState<readonly ColumnInfo[]>();
  const query = useMemo<ListQuery>(
    () => ({
      kind: object.kind,
      clusters: [object.cluster],
      filter: `name=${quoteValue(object.name)}`,
      // A name is unique within its namespace; a few more in case the filter means more than this name.
      limit: 20,
      ...(object.namespace !== '' && { namespaces: [object.namespace] }),
      // All that the kind's lists can show, once it is known what that is.
      ...(available !== undefined && {
        columns: available.filter((column) => column.priority < 2).map((column) => column.id),
      }),
    }),
    [object.kind, object.cluster, object.name, object.namespace, available],
  );
  const { head, rows, stale } = useLive((client) => client.resources.list, query);
  useEffect(() => {
    if (head?.kind === object.kind) setAvailable((before) => before ?? head.available);
  }, [head, object.kind]);
  const row = rows.find(
    (each) => each.name === object.name && each.namespace === object.namespace && each.cluster === object.cluster,
  );
  const columns = head?.columns ?? noColumns;
  const scope = head?.scopes.find((each) => each.cluster === object.cluster);
  return {
    row,
    columns,
    scope,
    value: (column) => row?.cells[columns.findIndex((each) => each.id === column)],
    missing:
      row === undefined && head !== undefined && !stale && (scope?.state === 'live' || scope?.state === 'absent'),
  };
}

const noColumns: readonly ColumnInfo[] = [];

/** The object itself as the API server has it, read again whenever its row changes. */
export function useObjectData(object: ObjectRef, row: Row | undefined, managedFields: boolean) {
  const input = useMemo(
    () => ({
      object: { cluster: object.cluster, kind: object.kind, namespace: object.namespace, name: object.name },
      managedFields,
    }),
    [object.cluster, object.kind, object.namespace, object.name, managedFields],
  );
  const answer = useQuery((client) => client.resources.get, input);
  const { reload } = answer;
  const seen = useRef<Row | undefined>(row);
  useEffect(() => {
    const before = seen.current;
    seen.current = row;
    if (before === undefined || row === undefined || before === row || before.key !== row.key) return;
    const timer = setTimeout(reload, settleMs);
    return () => clearTimeout(timer);
  }, [row, reload]);
  // What was read of another object is not this one, even while this one is on its way.
  const [shown, setShown] = useState<typeof answer.data>();
  useEffect(() => {
    if (answer.data !== undefined && !answer.previous) setShown(answer.data);
  }, [answer.data, answer.previous]);
  const data = answer.previous ? undefined : (answer.data ?? shown);
  return { ...answer, data };
}
