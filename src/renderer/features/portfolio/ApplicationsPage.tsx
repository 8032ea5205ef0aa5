import { Download, LayoutGrid } from 'lucide-react';
import { useMemo, useState } from 'react';
import { setParams, useLocation } from '../../app/router.ts';
import { useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  legible,
  SearchInput,
  Segments,
  Select,
  Skeleton,
  Strip,
  Switch,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { Matrix } from './Matrix.tsx';
import {
  applicationsCsv,
  columnings,
  columnsOf,
  findApplications,
  groupApplications,
  groupings,
  kindsOfRow,
  oneOf,
  orders,
} from './model.ts';
import css from './portfolio.module.css';

/** Lines that are drawn at first, and with each press more. */
const linesShown = 150;

/** The applications of all clusters that are looked at, side by side. */
export function ApplicationsPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const by = oneOf(kindsOfRow, params.by);
  const grouping = oneOf(groupings, params.group);
  const columning = oneOf(columnings, params.columns);
  const order = oneOf(orders, params.order);
  const differing = params.differing === '1';
  const text = params.filter ?? '';
  const [lines, setLines] = useState(linesShown);
  const { rows, head, state, error, retry, stale } = useLive((client) => client.portfolio.applications, {
    by,
    ...(clusters !== undefined && { clusters }),
    ...(namespaces !== undefined && { namespaces }),
  });
  const found = useMemo(() => findApplications(rows, { text, order, differing }), [rows, text, order, differing]);
  const shown = useMemo(() => found.slice(0, lines), [found, lines]);
  const groups = useMemo(() => groupApplications(shown, grouping), [shown, grouping]);
  const columns = useMemo(() => columnsOf(found, columning), [found, columning]);
  const loading = state === 'waiting' || (head?.loading === true && rows.length === 0);
  const waiting = useDelayed(loading && error === undefined);
  const set = (part: Record<string, string | undefined>) => setParams(part, { replace: true });
  return (
    <div className={css.page} aria-busy={stale}>
      <header className={css.head}>
        <h1 className={css.title}>{t('portfolio.title')}</h1>
        <span className={css.dim}>
          {t('portfolio.count', { count: found.length, number: formatCount(found.length) })}
        </span>
        <span className={css.grow} />
        <SearchInput
          label={t('portfolio.filter')}
          value={text}
          onChange={(filter) => set({ filter: filter || undefined })}
          className={css.search}
        />
        <IconButton
          icon={Download}
          label={t('portfolio.export')}
          disabled={found.length === 0}
          onClick={() => saveText('applications.csv', 'text/csv', applicationsCsv(found))}
        />
      </header>
      <div className={css.tools}>
        <Segments
          label={t('portfolio.rows')}
          value={by}
          onChange={(value) => set({ by: value === 'name' ? undefined : value })}
          options={kindsOfRow.map((value) => ({ value, label: t(`portfolio.by.${value}`) }))}
        />
        <Segments
          label={t('portfolio.columns')}
          value={columning}
          onChange={(value) => set({ columns: value === 'cluster' ? undefined : value })}
          options={columnings.map((value) => ({ value, label: t(`portfolio.column.${value}`) }))}
        />
        <span className={css.choice}>
          {t('portfolio.groupBy')}
          <Select
            aria-label={t('portfolio.groupBy')}
            value={grouping}
            options={groupings.map((value) => ({ value, label: t(`portfolio.grouping.${value}`) }))}
            onChange={(value) => set({ group: value === 'none' ? undefined : value })}
          />
        </span>
        <span className={css.choice}>
          {t('portfolio.order')}
          <Select
            aria-label={t('portfolio.order')}
            value={order}
            options={orders.map((value) => ({ value, label: t(`portfolio.ordering.${value}`) }))}
            onChange={(value) => set({ order: value === 'health' ? undefined : value })}
          />
        </span>
        <span className={css.choice}>
          <Switch
            label={t('portfolio.differing')}
            checked={differing}
            onChange={(on) => set({ differing: on ? '1' : undefined })}
          />
          {t('portfolio.differing')}
        </span>
      </div>
      {head?.problems.map((problem) => (
        <Strip key={problem} tone="warning">
          {legible(problem)}
        </Strip>
      ))}
      {error !== undefined && <ErrorState compact title={t('portfolio.failed')} error={error} onRetry={retry} />}
      {waiting && <Bones />}
      {!loading && head?.looked === 0 && (
        <EmptyState icon={LayoutGrid} title={t('portfolio.noClusters')}>
          {t('portfolio.noClustersText')}
        </EmptyState>
      )}
      {!loading && (head?.looked ?? 0) > 0 && rows.length === 0 && (
        <EmptyState icon={LayoutGrid} title={t('portfolio.empty')}>
          {t('portfolio.emptyText')}
        </EmptyState>
      )}
      {rows.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
      {groups.length > 0 && <Matrix groups={groups} columns={columns} by={by} columning={columning} />}
      {found.length > lines && (
        <Button onClick={() => setLines((count) => count + linesShown)}>
          {t('portfolio.more', { count: found.length - lines })}
        </Button>
      )}
    </div>
  );
}

function Bones() {
  return (
    <div className={css.bones} aria-busy="true">
      {[72, 58, 80, 64, 70, 52].map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  );
}
