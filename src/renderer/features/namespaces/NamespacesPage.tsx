import { ArrowDown, ArrowUp, Download, FolderTree, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Namespace, NetworkDefault, QuotaUse } from '../../../core/cluster/namespaces/contract.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Age,
  Bar,
  Button,
  Dot,
  EmptyState,
  ErrorState,
  ForbiddenState,
  formatBytes,
  formatCount,
  formatMillicores,
  formatPercent,
  IconButton,
  legible,
  Name,
  SearchInput,
  Skeleton,
  StatusMark,
  Strip,
  ToneBar,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { CreateDialog } from './CreateDialog.tsx';
import { findNamespaces, namespacePath, namespacesCsv, type SortColumn, shareTone } from './model.ts';
import css from './namespaces.module.css';
import { PageTabs } from './PageTabs.tsx';

/** Lines that are drawn at first, and with each press more. */
const linesShown = 300;
const sortable = ['name', 'cluster', 'owner', 'pods', 'cpu', 'memory', 'quota', 'created'] as const;

const listRule = '- apiGroups: [""]\n  resources: [namespaces]\n  verbs: [get, list, watch]\n';

/** The namespaces of all clusters that are looked at. */
export function NamespacesPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const { rows, head, state, error, retry, stale } = useLive((client) => client.namespaces.list, {
    ...(clusters !== undefined && { clusters }),
    ...(namespaces !== undefined && { namespaces }),
  });
  const [lines, setLines] = useState(linesShown);
  const text = params.filter ?? '';
  const sort = (sortable as readonly string[]).includes(params.sort ?? '') ? (params.sort as SortColumn) : 'name';
  const descending = params.down === '1';
  const found = useMemo(() => findNamespaces(rows, { text, sort, descending }), [rows, text, sort, descending]);
  const loading = state === 'waiting' || (head?.loading === true && rows.length === 0);
  const waiting = useDelayed(loading && error === undefined);
  const forbidden = head?.forbidden ?? [];
  return (
    <div className={css.page}>
      <PageTabs page="namespaces" />
      <header className={css.head}>
        <h1 className={css.title}>{t('namespaces.title')}</h1>
        <span className={css.dim}>
          {t('namespaces.count', { count: found.length, number: formatCount(found.length) })}
        </span>
        <span className={css.grow} />
        <SearchInput
          label={t('namespaces.filter')}
          value={text}
          onChange={(filter) => setParams({ filter: filter || undefined }, { replace: true })}
          className={css.search}
        />
        <IconButton
          icon={Download}
          label={t('namespaces.export')}
          disabled={found.length === 0}
          onClick={() => saveText('namespaces.csv', 'text/csv', namespacesCsv(found))}
        />
        <Button icon={Plus} variant="primary" disabled={head === undefined} onClick={() => setParams({ create: '1' })}>
          {t('namespaces.create.button')}…
        </Button>
      </header>
      {forbidden.map(({ cluster, name, reason }) =>
        forbidden.length === 1 && head?.clusters === 1 ? (
          <ForbiddenState key={cluster} title={t('namespaces.forbidden', { name })} rule={listRule}>
            {legible(reason)}
          </ForbiddenState>
        ) : (
          <Strip key={cluster} tone="warning">
            {t('namespaces.forbidden', { name })}: {legible(reason)}
          </Strip>
        ),
      )}
      {head?.problems
        .filter((problem) => !problem.includes('list namespaces '))
        .map((problem) => (
          <Strip key={problem} tone="warning">
            {legible(problem)}
          </Strip>
        ))}
      {error !== undefined && <ErrorState compact title={t('namespaces.listFailed')} error={error} onRetry={retry} />}
      {waiting && <Bones />}
      {!loading && head?.clusters === 0 && (
        <EmptyState icon={FolderTree} title={t('namespaces.noClusters')}>
          {t('namespaces.noClustersText')}
        </EmptyState>
      )}
      {!loading && (head?.clusters ?? 0) > forbidden.length && rows.length === 0 && (
        <EmptyState icon={FolderTree} title={t('namespaces.none')}>
          {t('namespaces.noneText')}
        </EmptyState>
      )}
      {rows.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
      {found.length > 0 && <Table rows={found.slice(0, lines)} sort={sort} descending={descending} stale={stale} />}
      {found.length > lines && (
        <Button onClick={() => setLines((count) => count + linesShown)}>
          {t('namespaces.more', { count: found.length - lines })}
        </Button>
      )}
      {params.create === '1' && head !== undefined && (
        <CreateDialog clusters={clusters ?? []} onClose={() => setParams({ create: undefined }, { replace: true })} />
      )}
    </div>
  );
}

function Table(props: { rows: readonly Namespace[]; sort: SortColumn; descending: boolean; stale: boolean }) {
  const { rows, sort, descending, stale } = props;
  const head = (id: SortColumn, number = false) => {
    const active = sort === id;
    const Arrow = descending ? ArrowUp : ArrowDown;
    return (
      <th
        scope="col"
        className={number ? css.number : undefined}
        aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}
      >
        <button
          type="button"
          className={css.sort}
          onClick={() =>
            setParams(
              { sort: id === 'name' ? undefined : id, down: active && !descending ? '1' : undefined },
              { replace: true },
            )
          }
        >
          {t(`namespaces.column.${id}`)}
          {active && <Arrow size={12} aria-hidden />}
        </button>
      </th>
    );
  };
  return (
    <div className={css.wide}>
      <table className={css.table} aria-busy={stale}>
        <thead>
          <tr>
            {head('name')}
            {head('cluster')}
            {head('owner')}
            {head('pods', true)}
            {head('cpu', true)}
            {head('memory', true)}
            {head('quota')}
            <th scope="col">{t('namespaces.column.limits')}</th>
            <th scope="col">{t('namespaces.column.ingress')}</th>
            <th scope="col">{t('namespaces.column.egress')}</th>
            <th scope="col">{t('namespaces.column.podSecurity')}</th>
            {head('created', true)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.key} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row }: { row: Namespace }) {
  const { byId } = useClusters();
  return (
    <tr>
      <td className={css.first}>
        <a className={css.link} href={href(namespacePath(row))}>
          <Name>{row.name}</Name>
        </a>
        {row.status !== 'Active' && (
          <span title={legible(row.reason)}>
            <StatusMark tone={row.tone}>{legible(row.status)}</StatusMark>
          </span>
        )}
      </td>
      <td>
        <span className={css.cluster}>
          <Dot color={byId.get(row.cluster)?.color ?? ''} />
          {legible(row.clusterName)}
        </span>
      </td>
      <td>{row.owner === '' ? <span className={css.dim}>–</span> : legible(row.owner)}</td>
      <td className={css.number}>
        <div className={css.pods}>
          {formatCount(row.pods)}
          {row.pods > 0 && <ToneBar label={t('namespaces.podsOf', { name: row.name })} counts={row.podTones} />}
        </div>
      </td>
      <td className={css.number}>{row.cpuRequested === 0 ? '–' : formatMillicores(row.cpuRequested)}</td>
      <td className={css.number}>{row.memoryRequested === 0 ? '–' : formatBytes(row.memoryRequested)}</td>
      <td>
        <QuotaCell quotas={row.quotas} />
      </td>
      <td>
        {row.limitRanges.length === 0 ? <span className={css.dim}>–</span> : row.limitRanges.map(legible).join(', ')}
      </td>
      <td>
        <Traffic way={row.ingress} />
      </td>
      <td>
        <Traffic way={row.egress} />
      </td>
      <td>{row.podSecurity === '' ? <span className={css.dim}>–</span> : legible(row.podSecurity)}</td>
      <td className={css.number}>
        <Age at={row.created} />
      </td>
    </tr>
  );
}

/** The resources that are nearest to their quota. */
function QuotaCell({ quotas }: { quotas: readonly QuotaUse[] }) {
  if (quotas.length === 0) return <span className={css.dim}>–</span>;
  const title = quotas.map(({ quota, resource, used, hard }) => `${quota}: ${resource} ${used} / ${hard}`).join('\n');
  return (
    <div className={css.quotas} title={legible(title)}>
      {quotas.slice(0, 2).map((use) => (
        <QuotaBar key={`${use.quota}/${use.resource}`} use={use} />
      ))}
      {quotas.length > 2 && <span className={css.dim}>{t('namespaces.moreQuotas', { count: quotas.length - 2 })}</span>}
    </div>
  );
}

/** One resource of a quota on its scale. */
export function QuotaBar({ use }: { use: QuotaUse }) {
  const words = `${use.used} / ${use.hard}`;
  return (
    <div className={css.quota}>
      <span className={css.quotaName}>{legible(use.resource)}</span>
      <Bar
        label={t('namespaces.quotaOf', { resource: use.resource })}
        value={use.share ?? 0}
        max={1}
        text={words}
        tone={shareTone(use)}
      />
      <span className={css.quotaText}>{use.share === null ? words : `${words} · ${formatPercent(use.share)}`}</span>
    </div>
  );
}

/** Open traffic is no fault by itself: it is told, and not marked. */
export function Traffic({ way }: { way: NetworkDefault }) {
  if (way === 'open') return <span className={css.dim}>{t('namespaces.traffic.open')}</span>;
  return <span>{t(`namespaces.traffic.${way}`)}</span>;
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
