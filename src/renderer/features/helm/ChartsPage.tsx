import { BookMarked, Package } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Chart } from '../../../core/cluster/helm/contract.ts';
import { href, navigate, setParams, useLocation } from '../../app/router.ts';
import { useQuery } from '../../client/index.ts';
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  inSentences,
  legible,
  Name,
  SearchInput,
  Skeleton,
  StatusMark,
  Strip,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { HelmTabs } from './HelmTabs.tsx';
import css from './helm.module.css';
import { chartPath } from './model.ts';
import { Repositories } from './Repositories.tsx';

/** So long after the last letter is searched. ms. */
const settleMs = 150;

/** The charts of the repositories that this machine's helm knows. */
export function ChartsPage() {
  const { params } = useLocation();
  const text = params.filter ?? '';
  const program = useQuery((client) => client.helm.program, {});
  const settled = useSettled(text);
  const { data, error, reload } = useQuery((client) => client.helm.charts, { text: settled });
  const repositories = useQuery((client) => client.helm.repositories, {});
  const [managing, setManaging] = useState(false);
  const waiting = useDelayed(data === undefined && error === undefined);
  const missing = program.data?.found === false ? inSentences(program.data.message, program.data.hint) : undefined;
  const none = repositories.data?.repositories.length === 0;
  const place = isPlace(text) ? text.trim() : undefined;
  return (
    <div className={css.page}>
      <HelmTabs at="charts" />
      <header className={css.head}>
        <SearchInput
          label={t('helm.charts.search')}
          value={text}
          onChange={(next) => setParams({ filter: next || undefined }, { replace: true })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && place !== undefined) navigate(chartPath(place));
          }}
          className={css.wideSearch}
        />
        {place !== undefined && (
          <Button size="s" onClick={() => navigate(chartPath(place))}>
            {t('helm.charts.open')}
          </Button>
        )}
        {data !== undefined && place === undefined && (
          <span className={css.dim}>
            {t('helm.charts.count', { count: data.found, number: formatCount(data.found) })}
          </span>
        )}
        <span className={css.grow} />
        <Button icon={BookMarked} disabled={missing !== undefined} onClick={() => setManaging(true)}>
          {t('helm.repositories.title')}…
        </Button>
      </header>
      {missing !== undefined && <Strip tone="unknown">{missing}</Strip>}
      {error !== undefined && missing === undefined && (
        <ErrorState compact title={t('helm.charts.failed')} error={error} onRetry={reload} />
      )}
      {waiting && missing === undefined && <Skeleton width="60%" />}
      {none && missing === undefined && (
        <EmptyState icon={Package} title={t('helm.repositories.none')}>
          {t('helm.repositories.noneText')}
          <p>
            <Button onClick={() => setManaging(true)}>{t('helm.repositories.add')}…</Button>
          </p>
        </EmptyState>
      )}
      {data !== undefined && !none && place === undefined && data.charts.length === 0 && (
        <p className={css.dim}>{t('ui.nothingMatches')}</p>
      )}
      {data !== undefined && data.charts.length > 0 && place === undefined && <Table charts={data.charts} />}
      {data !== undefined && data.found > data.charts.length && (
        <p className={css.dim}>{t('helm.charts.more', { count: data.found - data.charts.length })}</p>
      )}
      {managing && (
        <Repositories
          onClose={() => {
            setManaging(false);
            repositories.reload();
            reload();
          }}
        />
      )}
    </div>
  );
}

function Table({ charts }: { charts: readonly Chart[] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t('helm.column.chart')}</th>
          <th scope="col">{t('helm.column.version')}</th>
          <th scope="col">{t('helm.column.appVersion')}</th>
          <th scope="col">{t('helm.description')}</th>
        </tr>
      </thead>
      <tbody>
        {charts.map((chart) => (
          <tr key={chart.name}>
            <td className={css.chartName}>
              <a className={css.link} href={href(chartPath(chart.name))}>
                <Name>{chart.name}</Name>
              </a>
            </td>
            <td className={css.nowrap}>{legible(chart.version)}</td>
            <td className={css.nowrap}>{legible(chart.appVersion)}</td>
            <td>
              {chart.deprecated && <StatusMark tone="warning">{t('helm.charts.deprecated')}</StatusMark>}{' '}
              {legible(chart.description)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** An address or a path instead of words to search for. */
function isPlace(text: string): boolean {
  return /^(oci:\/\/[^/\s]+\/\S+|\.{0,2}\/\S+|~\/\S+|[a-z]:\\\S+)$/i.test(text.trim());
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
