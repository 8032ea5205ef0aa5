import { LayoutGrid, PanelRight, Plug, Plus, Rows3 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { stateTones } from '../../app/clusterState.ts';
import { useCommands } from '../../app/commands.ts';
import { setParams, useLocation } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useKeysOf } from '../../app/useKeysOf.ts';
import { useLayout } from '../../state/layout.ts';
import {
  Button,
  classes,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  SearchInput,
  Segments,
  Select,
  Strip,
  ToneShape,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { AddSource } from './AddSource.tsx';
import { Attention } from './Attention.tsx';
import { CardBones } from './CardBones.tsx';
import { CardGroups } from './CardGroups.tsx';
import { ClusterTable } from './ClusterTable.tsx';
import { FirstRun } from './FirstRun.tsx';
import { FleetSummary } from './FleetSummary.tsx';
import styles from './fleet.module.css';
import { compareClusters, countStates, groupClusters, groupKeys, matchesFilter, sortKeys } from './model.ts';
import { useClusterActions } from './useClusterActions.ts';
import { useFleetCursor } from './useFleetCursor.ts';

/** All clusters: their state, health and capacity. */
export function FleetPage() {
  const { state, rows, byId, head, error, retry } = useClusters();
  const { params } = useLocation();
  const actions = useClusterActions();
  const [adding, setAdding] = useState(false);
  const filterInput = useRef<HTMLInputElement>(null);
  const waiting = useDelayed(state === 'waiting' && rows.length === 0);

  const view = params.view === 'table' ? 'table' : 'cards';
  const sort = sortKeys.find((key) => key === params.sort) ?? 'name';
  const group = groupKeys.find((key) => key === params.group) ?? 'group';
  const filter = params.filter ?? '';
  const shown = useMemo(
    () => rows.filter((row) => matchesFilter(row, filter)).sort(compareClusters(sort)),
    [rows, filter, sort],
  );
  const groups = useMemo(() => groupClusters(shown, group), [shown, group]);
  const groupTitle = (name: string) =>
    name === '' ? t(`fleet.groupNone.${group}`) : group === 'state' ? t(`fleet.state.${name}`) : name;

  useCommands([
    {
      id: 'view.filter',
      label: 'app.commands.filter',
      group: 'app.groups.view',
      keys: ['/'],
      quiet: true,
      perform: () => filterInput.current?.focus(),
    },
    {
      id: 'fleet.view',
      label: view === 'cards' ? 'fleet.commands.table' : 'fleet.commands.cards',
      group: 'fleet.title',
      keys: ['v'],
      perform: () => setParams({ view: view === 'cards' ? 'table' : undefined }, { replace: true }),
    },
    {
      id: 'fleet.add',
      label: 'fleet.commands.add',
      group: 'fleet.title',
      keys: ['Mod+Shift+A'],
      icon: Plus,
      perform: () => setAdding(true),
    },
    {
      id: 'fleet.openShown',
      label: 'fleet.commands.openShown',
      group: 'fleet.title',
      icon: Plug,
      when: () => shown.some((row) => row.state === 'idle'),
      perform: () => actions.open(shown.filter((row) => row.state === 'idle').map((row) => row.key)),
    },
  ]);
  useFleetCursor(byId, actions);
  const filterKeys = useKeysOf('view.filter');
  const attention = useLayout((layout) => layout.attentionOpen);
  const setLayout = useLayout((layout) => layout.set);

  if (error !== undefined && rows.length === 0)
    return <ErrorState title={t('fleet.failed.list')} error={error} onRetry={retry} />;
  if (state !== 'waiting' && rows.every((row) => row.state === 'idle' && row.lastLive === null)) {
    return (
      <>
        <FirstRun clusters={rows} problems={head?.problems ?? []} actions={actions} onAdd={() => setAdding(true)} />
        <AddSource open={adding} onOpenChange={setAdding} />
      </>
    );
  }
  return (
    <div className={styles.fleet}>
      <header className={styles.head}>
        <div className={styles.tools}>
          <div className={styles.titleLine}>
            <h1>{t('fleet.title')}</h1>
            {rows.length > 0 && rows.every((row) => row.demo) && (
              <span className={styles.badge}>{t('fleet.demo')}</span>
            )}
            <ul className={styles.states} aria-label={t('fleet.states')}>
              {countStates(rows).map(({ state: each, count }) => {
                const word = `state:${each}`.toLowerCase();
                const on = filter.toLowerCase() === word;
                return (
                  <li key={each}>
                    <button
                      type="button"
                      className={styles.stateFilter}
                      aria-pressed={on}
                      onClick={() => setParams({ filter: on ? undefined : `state:${each}` }, { replace: true })}
                    >
                      <ToneShape tone={stateTones[each]} size={8} />
                      <span className={styles.stateCount}>{formatCount(count)}</span>{' '}
                      {t(`fleet.state.${each}`).toLowerCase()}
                    </button>
                  </li>
                );
              })}
            </ul>
          </div>
          <span className={styles.space} />
          <SearchInput
            className={styles.filter}
            label={t('fleet.filter')}
            value={filter}
            onChange={(next) => setParams({ filter: next }, { replace: true })}
            keys={filterKeys}
            inputRef={filterInput}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.preventDefault();
              if (filter === '') event.currentTarget.blur();
              else setParams({ filter: undefined }, { replace: true });
            }}
          />
          <div className={styles.tool}>
            <span aria-hidden>{t('fleet.groupBy')}</span>
            <Select
              aria-label={t('fleet.groupBy')}
              value={group}
              onChange={(next) => setParams({ group: next === 'group' ? undefined : next }, { replace: true })}
              options={groupKeys.map((value) => ({ value, label: t(`fleet.groupKey.${value}`) }))}
            />
          </div>
          <div className={styles.tool}>
            <span aria-hidden>{t('fleet.sortBy')}</span>
            <Select
              aria-label={t('fleet.sortBy')}
              value={sort}
              onChange={(next) => setParams({ sort: next === 'name' ? undefined : next }, { replace: true })}
              options={sortKeys.map((value) => ({ value, label: t(`fleet.sortKey.${value}`) }))}
            />
          </div>
          <Segments
            label={t('fleet.viewAs')}
            value={view}
            onChange={(next) => setParams({ view: next === 'table' ? 'table' : undefined }, { replace: true })}
            options={[
              { value: 'cards', label: <LayoutGrid size={14} aria-hidden />, name: t('fleet.cards') },
              { value: 'table', label: <Rows3 size={14} aria-hidden />, name: t('fleet.table') },
            ]}
          />
          <IconButton
            icon={PanelRight}
            pressed={attention}
            label={t('fleet.attention.toggle')}
            onClick={() => setLayout({ attentionOpen: !attention })}
          />
          <Button icon={Plus} onClick={() => setAdding(true)}>
            {t('fleet.addShort')}
          </Button>
        </div>
      </header>
      {(head?.problems ?? []).map((problem) => (
        <Strip key={`${problem.source} ${problem.message}`} tone="warning">
          <strong>{problem.source}</strong>: {problem.message}
          {problem.hint !== undefined && <span className={styles.stripHint}> {problem.hint}</span>}
        </Strip>
      ))}
      <div className={styles.body}>
        <div className={styles.main}>
          <FleetSummary clusters={rows} />
          <div className={classes(styles.content, view === 'table' && styles.contentTable)}>
            {waiting && <CardBones />}
            {rows.length > 0 && shown.length === 0 && (
              <EmptyState
                compact
                title={t('fleet.noMatch')}
                actions={<Button onClick={() => setParams({ filter: undefined })}>{t('fleet.clearFilter')}</Button>}
              >
                {t('fleet.noMatchText', { filter, count: rows.length })}
              </EmptyState>
            )}
            {view === 'table' && shown.length > 0 && (
              <ClusterTable
                groups={groups}
                groupTitle={groupTitle}
                sort={sort}
                onSort={(key) => setParams({ sort: key === 'name' ? undefined : key }, { replace: true })}
                actions={actions}
              />
            )}
            {view === 'cards' && shown.length > 0 && (
              <CardGroups groups={groups} groupTitle={groupTitle} actions={actions} />
            )}
          </div>
        </div>
        {attention && <Attention clusters={rows} actions={actions} />}
      </div>
      <AddSource open={adding} onOpenChange={setAdding} />
    </div>
  );
}
