import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { ListQuery, Row } from '../../../core/cluster/resources/contract.ts';
import { location, navigate, setParams, useLocation } from '../../app/router.ts';
import { setScope, useClusters, useScope } from '../../app/scope.ts';
import { useClient } from '../../client/index.ts';
import { usePreferences } from '../../state/preferences.ts';
import { ContextMenu, ErrorState, t, useDelayed } from '../../ui/index.ts';
import { toggleSort } from '../../ui/table/columnState.ts';
import { DataGrid, type GridHandle } from '../../ui/table/DataGrid.tsx';
import { type GridColumn, type RowRange, rowHeights, type SortKey } from '../../ui/table/model.ts';
import { emptySelection, type Selection } from '../../ui/table/selection.ts';
import { listParams, objectPath, readListAddress, sameObject } from './address.ts';
import { type CellScene, CellView, rowRef } from './CellView.tsx';
import { Coverage } from './Coverage.tsx';
import { FilterField } from './FilterField.tsx';
import { quoteValue, withPart } from './filter.ts';
import { pluralTitle, useKinds } from './kinds.ts';
import { ListFooter } from './ListFooter.tsx';
import { ListHeader } from './ListHeader.tsx';
import { ListNotices, ListPlaceholder } from './ListStates.tsx';
import { ObjectDrawer } from './ObjectDrawer.tsx';
import { OpenObjectContext } from './objectLinks.tsx';
import css from './resources.module.css';
import { listPhase } from './scopes.ts';
import { GroupPanel, StatusChips } from './Toolbar.tsx';
import { columnsToAsk, kindView, useListColumns } from './useListColumns.ts';
import { useListCommands } from './useListCommands.ts';
import { useListMenu } from './useListMenu.ts';
import { useListWindow } from './useListWindow.ts';

/** Columns of kinds that were listed before, so that the first question already names them. */
const availableByKind = new Map<string, NonNullable<ReturnType<typeof useListWindow>['shown']>['head']['available']>();

/** What stands in while nothing is known of a list: name, namespace, status, age. */
const skeletonColumns = (): readonly GridColumn[] => [
  { id: 'name', title: t('resources.listScreen.column.name'), align: 'start', width: 320 },
  { id: 'namespace', title: t('resources.listScreen.column.namespace'), align: 'start', width: 140 },
  { id: 'status', title: t('resources.listScreen.column.status'), align: 'start', width: 150 },
  { id: 'created', title: t('resources.listScreen.column.age'), align: 'end', width: 76 },
];

export function ListScreen({ parts }: { parts: Readonly<Record<string, string>> }) {
  const kindId = parts.kind ?? 'pods';
  // Another kind is another list: nothing of the one before may be left.
  return <KindList key={kindId} kindId={kindId} />;
}

function KindList({ kindId }: { kindId: string }) {
  const client = useClient();
  const { params } = useLocation();
  const scope = useScope();
  const clusters = useClusters();
  const kinds = useKinds();
  const { preferences } = usePreferences();
  const kept = preferences.kinds[kindId];
  const view = useMemo(() => kindView(kindId, kept), [kindId, kept]);
  const address = useMemo(() => readListAddress(params), [params]);
  const namespaced = kinds.byId.get(kindId)?.namespaced ?? true;
  const [available, setAvailable] = useState(availableByKind.get(kindId));
  const sort = address.sort.length > 0 ? address.sort : (view?.sort ?? []);
  // Rows come by name when nothing else is asked for; the header says so.
  const shownSort = sort.length > 0 ? sort : byName;
  const columnsAsked = useMemo(() => columnsToAsk(available, view ?? {}, namespaced), [available, view, namespaced]);

  const query: ListQuery = {
    kind: kindId,
    filter: address.filter,
    sort,
    ...(scope.clusters !== undefined && { clusters: scope.clusters }),
    ...(scope.namespaces !== undefined && { namespaces: scope.namespaces }),
    ...(address.group !== null && { group: address.group }),
    ...(columnsAsked !== undefined && { columns: columnsAsked }),
    ...(view?.userColumns !== undefined && view.userColumns.length > 0 && { userColumns: view.userColumns }),
  };
  const { shown, error, onWindow, retry, previous } = useListWindow(query);
  const head = shown?.head;
  const custom = kinds.byId.get(kindId)?.custom ?? false;
  const columns = useListColumns({ id: kindId, namespaced, custom }, head);
  const waiting = useDelayed(shown === undefined && error === undefined);

  useEffect(() => {
    if (head === undefined || head.kind !== kindId || availableByKind.has(kindId)) return;
    availableByKind.set(kindId, head.available);
    setAvailable(head.available);
  }, [head, kindId]);

  const [selection, setSelection] = useState<Selection<Row>>(emptySelection);
  const listKey = shown?.list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other rows; marks do not carry over
  useEffect(() => setSelection(emptySelection), [listKey]);

  const grid = useRef<GridHandle>(null);
  const filterField = useRef<{ focus(): void }>(null);
  const title = pluralTitle(kinds, kindId);
  const rowHeight = rowHeights[preferences.density];

  const setFilter = useCallback(
    (filter: string) => setParams(listParams({ filter, view: null }), { replace: true }),
    [],
  );
  const setSort = (column: string, add: boolean) => {
    const info = columns.byId.get(column);
    // Numbers are asked for by their largest, ages by the newest.
    const next = toggleSort(shownSort, column, add, info?.type === 'number' || info?.type === 'time');
    setParams(listParams({ sort: next }), { replace: true });
    columns.setSort(next);
  };

  const openObject = useCallback(
    (object: Parameters<typeof objectPath>[0], inDrawer = preferences.detail === 'drawer') => {
      if (inDrawer) setParams(listParams({ show: object }));
      else navigate(objectPath(object));
    },
    [preferences.detail],
  );

  const { byId: clusterById } = clusters;
  const shape = head?.columns.map((column) => column.id).join(' ') ?? '';
  const placeOf = useMemo(() => new Map(shape.split(' ').map((id, place) => [id, place])), [shape]);
  const scene = useMemo<CellScene>(
    () => ({
      kind: kindId,
      kinds: kinds.rows,
      cluster: (id) => {
        const cluster = clusterById.get(id);
        return { name: cluster?.name ?? id, color: cluster?.color ?? 'slate', ahead: cluster?.clockSkewMs };
      },
      value: (row, column) => {
        const place = placeOf.get(column);
        return place === undefined ? undefined : row.cells[place];
      },
      onLabel: (key, value) =>
        setFilter(withPart(readListAddress(location().params).filter, `${key}=${quoteValue(value)}`)),
      onNamespace: (namespace) => setScope({ namespaces: [namespace] }),
    }),
    [kindId, kinds.rows, clusterById, placeOf, setFilter],
  );
  const { byId } = columns;
  const renderCell = useCallback(
    (row: Row, column: GridColumn, place: number) => {
      const info = byId.get(column.id);
      if (info === undefined) return null;
      return <CellView row={row} column={info} value={place < 0 ? undefined : row.cells[place]} scene={scene} />;
    },
    [byId, scene],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shown list stands for the query
  const loadRows = useCallback(
    async (range: RowRange): Promise<readonly Row[]> => {
      const rows: Row[] = [];
      // One request takes a thousand rows at most; a range of many more is better marked as "all".
      for (let offset = range.offset; offset < range.offset + range.limit; offset += 1000) {
        const limit = Math.min(1000, range.offset + range.limit - offset);
        const answer = await client.resources.query({ ...query, offset, limit });
        rows.push(...answer.rows);
        if (answer.rows.length < limit) break;
      }
      return rows;
    },
    [client, listKey],
  );

  const openKey = useMemo(() => {
    const { show } = address;
    if (show === null || show.kind !== kindId) return undefined;
    return shown?.window.rows.find((row) => sameObject(rowRef(row, kindId), show))?.key;
  }, [address, kindId, shown]);

  const focused = useRef<Row | null>(null);
  const browse = useRef<ReturnType<typeof setTimeout>>(undefined);
  const showing = address.show !== null;
  const onFocusRow = useCallback(
    (row: Row) => {
      focused.current = row;
      clearTimeout(browse.current);
      // With the drawer open the arrows leaf through the objects; a held key does not fetch every one on the way.
      if (showing) {
        browse.current = setTimeout(() => setParams(listParams({ show: rowRef(row, kindId) }), { replace: true }), 140);
      }
    },
    [showing, kindId],
  );

  const actions = { query, title, columns, selection, setSelection, head, focused, filterField, address, sort };
  const list = useListCommands({ kindId, kinds, clusters: clusterById, openObject, setFilter, actions });
  const menu = useListMenu({ kindId, kinds, openObject, setFilter, columns, onSort: setSort, selection });

  const retryClusters = useCallback(
    (ids: readonly string[]) => {
      client.fleet.open({ clusters: [...ids] }).catch((thrown: unknown) => {
        toast.error(t('resources.listScreen.couldNotConnect'), {
          description: thrown instanceof Error ? thrown.message : String(thrown),
        });
      });
      retry();
    },
    [client, retry],
  );

  const phase = head === undefined ? undefined : listPhase(head);

  // The list has the keys as soon as it has rows, wherever one came from; someone who is typing keeps them.
  const ready = phase?.phase === 'rows';
  const hadKeys = useRef(false);
  useEffect(() => {
    if (!ready || hadKeys.current) return;
    hadKeys.current = true;
    if (!isTyping(document.activeElement)) grid.current?.focus();
  }, [ready]);
  const stateContext = {
    title,
    kind: kinds.byId.get(kindId),
    kindId,
    clusterName: (id: string) => clusterById.get(id)?.name ?? id,
    userOf: (id: string) => clusterById.get(id)?.user ?? '',
    idle: (scope.clusters ?? []).filter((id) => clusterById.get(id)?.state === 'idle'),
    namespaces: scope.namespaces,
  };

  return (
    <OpenObjectContext value={openObject}>
      <div className={css.screen}>
        <section className={css.list} aria-label={title}>
          <ListHeader
            kindId={kindId}
            title={title}
            kind={kinds.byId.get(kindId)}
            head={head}
            columns={columns}
            address={address}
            sort={sort}
            scope={scope}
            onExport={list.exportCsv}
          >
            <FilterField
              kind={kindId}
              value={address.filter}
              problems={previous ? [] : (head?.filterProblems ?? [])}
              onChange={setFilter}
              onLeave={() => grid.current?.focus()}
              handle={filterField}
            />
          </ListHeader>
          {head !== undefined && (
            <StatusChips kindId={kindId} head={head} filter={address.filter} onFilter={setFilter}>
              {phase?.phase === 'rows' && (
                <span className={css.coverageChips}>
                  <Coverage head={head} title={title} clusterName={stateContext.clusterName} />
                </span>
              )}
            </StatusChips>
          )}
          {head !== undefined && phase?.phase === 'rows' && (
            <ListNotices
              {...stateContext}
              head={head}
              isClosed={(id) => clusterById.get(id)?.closed === true}
              onRetry={retryClusters}
            />
          )}
          <div className={css.listBody}>
            {head?.groups !== undefined && address.group !== null && (
              <GroupPanel
                title={byId.get(address.group)?.title ?? address.group}
                column={address.group}
                groups={head.groups}
                others={head.otherGroups}
                filter={address.filter}
                onFilter={setFilter}
                onClose={() => setParams(listParams({ group: null }), { replace: true })}
              />
            )}
            {error !== undefined && shown === undefined ? (
              <ErrorState title={t('resources.listScreen.couldNotBeListed', { title })} error={error} onRetry={retry} />
            ) : shown === undefined || phase?.phase === 'listing' ? (
              (waiting || phase?.phase === 'listing') && <SkeletonList title={title} rowHeight={rowHeight} />
            ) : phase !== undefined && phase.phase !== 'rows' ? (
              <ListPlaceholder
                {...stateContext}
                phase={phase}
                filter={address.filter}
                onClearFilter={() => setFilter('')}
                onOpen={retryClusters}
                onRetry={() => retryClusters(shown.head.scopes.map((each) => each.cluster))}
              />
            ) : (
              <ContextMenu groups={menu.groups}>
                <div className={css.gridArea}>
                  <DataGrid
                    label={title}
                    list={shown.list}
                    shape={shape}
                    columns={columns.grid}
                    places={columns.places}
                    total={shown.head.matched}
                    window={shown.window}
                    onWindow={onWindow}
                    rowHeight={rowHeight}
                    renderCell={renderCell}
                    rowLabel={rowName}
                    rowTone={rowTone}
                    sort={shownSort}
                    onSort={setSort}
                    onMove={columns.move}
                    onWidth={columns.resize}
                    selection={selection}
                    onSelection={setSelection}
                    loadRows={loadRows}
                    onOpen={(row, aside) => openObject(rowRef(row, kindId), aside ? false : undefined)}
                    onFocusRow={onFocusRow}
                    openKey={openKey}
                    onMenu={menu.onMenu}
                    onCopy={list.copyRows}
                    handle={grid}
                  />
                </div>
              </ContextMenu>
            )}
          </div>
          <ListFooter
            title={title}
            head={head}
            selection={selection}
            onUnmark={() => setSelection(emptySelection)}
            onCopy={() => list.copyMarked()}
            clusterName={stateContext.clusterName}
            namespaces={scope.namespaces}
            updating={previous}
          />
        </section>
        {address.show !== null && (
          <ObjectDrawer
            object={address.show}
            tab={address.tab}
            onClose={() => {
              setParams(listParams({ show: null }));
              grid.current?.focus();
            }}
          />
        )}
      </div>
    </OpenObjectContext>
  );
}

/** Whether keys belong to a field, or to something that lies over the page. */
function isTyping(element: Element | null): boolean {
  return element?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') != null;
}

const byName: readonly SortKey[] = [{ column: 'name', descending: false }];
const rowName = (row: Row) => row.name;
const rowTone = (row: Row) => row.tone;

function SkeletonList({ title, rowHeight }: { title: string; rowHeight: number }) {
  const columns = useMemo(skeletonColumns, []);
  return (
    <div className={css.gridArea} aria-busy="true">
      <DataGrid
        label={title}
        list="skeleton"
        shape=""
        columns={columns}
        places={[]}
        total={24}
        window={undefined}
        onWindow={ignore}
        rowHeight={rowHeight}
        renderCell={drawNothing}
        rowLabel={rowName}
        sort={[]}
        onWidth={ignore}
        selection={emptySelection}
        onSelection={ignore}
        onOpen={ignore}
      />
    </div>
  );
}

function ignore(): void {}
const drawNothing = () => null;
