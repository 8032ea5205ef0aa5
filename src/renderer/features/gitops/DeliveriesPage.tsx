import { Download, GitBranch, Pause, Play, RefreshCw } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Delivery } from '../../../core/cluster/gitops/contract.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { navigate, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { usePreferences } from '../../state/preferences.ts';
import { saveText } from '../../ui/download.ts';
import {
  Button,
  ChipButton,
  ContextMenu,
  copyText,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  SearchInput,
  StaleBar,
  t,
} from '../../ui/index.ts';
import { DataGrid, type GridHandle } from '../../ui/table/DataGrid.tsx';
import { type GridColumn, type GridRow, rowHeights } from '../../ui/table/model.ts';
import { emptySelection, isMarked, markedCount, type Selection } from '../../ui/table/selection.ts';
import { toTabSeparated } from '../../ui/table/tabular.ts';
import { DeliveryCell } from './DeliveryCell.tsx';
import { Frame, Limits, Nothing } from './Frame.tsx';
import css from './gitops.module.css';
import {
  type Column,
  cellTitles,
  deliveryCells,
  deliveryPath,
  findDeliveries,
  isInState,
  type State,
  sortDeliveries,
  states,
} from './model.ts';
import { OrderButton } from './OrderButton.tsx';

interface Row extends GridRow {
  delivery: Delivery;
}

const columns: readonly { id: Column; width: number; align?: 'end'; shrinks?: boolean }[] = [
  { id: 'name', width: 220, shrinks: true },
  { id: 'namespace', width: 120, shrinks: true },
  { id: 'cluster', width: 130, shrinks: true },
  { id: 'kind', width: 120 },
  { id: 'sync', width: 130 },
  { id: 'health', width: 110 },
  { id: 'source', width: 260, shrinks: true },
  { id: 'revision', width: 190, shrinks: true },
  { id: 'destination', width: 160, shrinks: true },
  { id: 'updated', width: 74, align: 'end' },
];

/** The deliveries of all clusters that are looked at. */
export function DeliveriesPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const { preferences } = usePreferences();
  const { byId } = useClusters();
  const { rows, head, state, stale, error, retry } = useLive((client) => client.gitops.deliveries, {
    clusters: clusters ?? [],
    namespaces: namespaces ?? [],
  });
  const filter = params.filter ?? '';
  const chosen = states.find((each) => each === params.state);
  const descending = params.sort?.startsWith('-') === true;
  const sorted = columns.find(({ id }) => id === params.sort?.replace(/^-/, ''))?.id;
  const found = useMemo(
    () => sortDeliveries(findDeliveries(rows, filter, chosen), sorted, descending),
    [rows, filter, chosen, sorted, descending],
  );
  const window = useMemo(
    () => ({ offset: 0, rows: found.map((delivery): Row => ({ key: delivery.key, cells: [], delivery })) }),
    [found],
  );
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const shown = useMemo(
    (): GridColumn[] =>
      columns.map(({ id, width, align, shrinks = false }) => ({
        id,
        title: t(`gitops.column.${id}`),
        align: align ?? 'start',
        width: widths[id] ?? width,
        shrinks,
        sortable: true,
      })),
    [widths],
  );
  const [selection, setSelection] = useState<Selection<Row>>(emptySelection);
  const grid = useRef<GridHandle>(null);
  const [target, setTarget] = useState<Row | null>(null);
  const actionsOf = useObjectActions();
  // A mark outlives a change of its row; what has gone is marked no more.
  const marked = found.filter(({ key }) => isMarked(selection, key));
  const groups = useMemo(() => {
    if (target === null) return [];
    const several = marked.length > 1 && marked.some(({ key }) => key === target.key);
    return actionsOf(several ? marked.map(({ object }) => object) : [target.delivery.object]);
  }, [target, marked, actionsOf]);
  const renderCell = useCallback(
    (row: Row, column: GridColumn) => (
      <DeliveryCell
        delivery={row.delivery}
        column={column.id as Column}
        color={byId.get(row.delivery.object.cluster)?.color ?? ''}
      />
    ),
    [byId],
  );
  const scopes = head?.scopes ?? [];
  const list = JSON.stringify([clusters, namespaces, filter, chosen, params.sort]);
  return (
    <Frame
      count={rows.length > 0 && t('gitops.count', { count: found.length, number: formatCount(found.length) })}
      tools={
        <>
          <SearchInput
            label={t('gitops.filter')}
            value={filter}
            onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
            className={css.search}
          />
          <IconButton
            size="s"
            icon={Download}
            label={t('gitops.export')}
            disabled={found.length === 0}
            onClick={() => saveText('deliveries.csv', 'text/csv', toCsv(found))}
          />
        </>
      }
    >
      {stale && rows.length > 0 && <StaleBar since={Date.now()} onRetry={retry} />}
      <Limits scopes={scopes} />
      {error !== undefined && <ErrorState compact title={t('gitops.listFailed')} error={error} onRetry={retry} />}
      {rows.length > 0 && (
        <div className={css.chips}>
          {states.map((each) => (
            <StateChip key={each} state={each} rows={rows} chosen={chosen === each} />
          ))}
          <span className={css.grow} />
          {marked.length > 0 && <Marked deliveries={marked} onUnmark={() => setSelection(emptySelection)} />}
        </div>
      )}
      <Nothing
        scopes={scopes}
        rows={rows.length}
        waiting={state === 'waiting'}
        empty={
          <EmptyState icon={GitBranch} title={t('gitops.none')}>
            {t('gitops.noneText')}
          </EmptyState>
        }
      />
      {rows.length > 0 && found.length === 0 && <p className={css.pad}>{t('ui.nothingMatches')}</p>}
      {found.length > 0 && (
        <ContextMenu groups={groups}>
          <div className={css.grid}>
            <DataGrid
              label={t('gitops.title')}
              list={list}
              shape="deliveries"
              columns={shown}
              places={places}
              total={found.length}
              window={window}
              onWindow={ignore}
              rowHeight={rowHeights[preferences.density]}
              renderCell={renderCell}
              rowLabel={({ delivery }) => delivery.object.name}
              rowTone={({ delivery }) => delivery.tone}
              sort={sorted === undefined ? [] : [{ column: sorted, descending }]}
              onSort={(column) =>
                setParams(
                  { sort: sorted === column ? (descending ? undefined : `-${column}`) : column },
                  { replace: true },
                )
              }
              onWidth={(column, width) => setWidths((before) => ({ ...before, [column]: width }))}
              selection={selection}
              onSelection={setSelection}
              onOpen={({ delivery }) => navigate(deliveryPath(delivery.object))}
              onMenu={(row) => setTarget(row)}
              onCopy={(copied) =>
                void copyText(
                  toTabSeparated(
                    cellTitles,
                    copied.map(({ delivery }) => deliveryCells(delivery)),
                  ),
                )
              }
              handle={grid}
            />
          </div>
        </ContextMenu>
      )}
      {markedCount(selection, found.length) > 0 && (
        <span className="hidden-text" role="status">
          {t('gitops.marked', { count: marked.length })}
        </span>
      )}
    </Frame>
  );
}

const places = columns.map(() => -1);
const ignore = () => undefined;

function StateChip({ state, rows, chosen }: { state: State; rows: readonly Delivery[]; chosen: boolean }) {
  const count = rows.filter((row) => isInState(row, state)).length;
  if (count === 0 && !chosen) return null;
  return (
    <ChipButton
      aria-pressed={chosen}
      className={chosen ? css.chosen : undefined}
      onClick={() => setParams({ state: chosen ? undefined : state }, { replace: true })}
    >
      {t(`gitops.state.${state}`)} <b>{formatCount(count)}</b>
    </ChipButton>
  );
}

/** What can be done with all that is marked, over both engines. */
function Marked({ deliveries, onUnmark }: { deliveries: readonly Delivery[]; onUnmark(): void }) {
  const actions = useObjectActions()(deliveries.map(({ object }) => object)).flatMap((group) => group.actions);
  const button = (id: string, icon: typeof Pause) => {
    const action = actions.find((each) => each.id === `actions.${id}`);
    return action === undefined ? null : <OrderButton key={id} action={action} icon={icon} />;
  };
  return (
    <>
      <span className={css.dim}>{t('gitops.marked', { count: deliveries.length })}</span>
      {button('reconcile', RefreshCw)}
      {button('suspendFlux', Pause)}
      {button('resumeFlux', Play)}
      <Button size="s" variant="quiet" onClick={onUnmark}>
        {t('gitops.unmark')}
      </Button>
    </>
  );
}

function toCsv(deliveries: readonly Delivery[]): string {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [cellTitles, ...deliveries.map(deliveryCells)].map((cells) => cells.map(cell).join(',')).join('\n');
}
