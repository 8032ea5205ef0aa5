import { Upload } from 'lucide-react';
import { useState } from 'react';
import type { ChartDetail } from '../../../core/cluster/helm/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useQuery } from '../../client/index.ts';
import {
  Button,
  CopyButton,
  ErrorState,
  inSentences,
  legible,
  Name,
  Select,
  Skeleton,
  StatusMark,
  Strip,
  Tabs,
  t,
  useDelayed,
} from '../../ui/index.ts';
import css from './helm.module.css';
import { Markdown } from './Markdown.tsx';
import { isRepositoryChart } from './model.ts';
import { OperationDialog } from './OperationDialog.tsx';

/** One chart before it is installed: its readme, values, dependencies and versions. */
export function ChartPage({ parts }: PageProps) {
  const { chart = '' } = parts;
  const { params } = useLocation();
  const version = params.version;
  const ofRepository = isRepositoryChart(chart);
  const versions = useQuery((client) => client.helm.chartVersions, ofRepository ? { chart } : null);
  const { data, error, reload, previous } = useQuery((client) => client.helm.chart, {
    chart,
    ...(version !== undefined && { version }),
  });
  const program = useQuery((client) => client.helm.program, {});
  const [installing, setInstalling] = useState(false);
  const waiting = useDelayed(data === undefined && error === undefined);
  const missing = program.data?.found === false ? inSentences(program.data.message, program.data.hint) : undefined;
  const library = data?.type === 'library' ? t('helm.chart.library') : undefined;
  const known = versions.data?.versions ?? [];
  return (
    <div className={css.page}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/helm/charts')}>
          {t('helm.charts.title')}
        </a>
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{ofRepository ? chart : (data?.name ?? chart)}</Name>
        </h1>
        {data?.deprecated && <StatusMark tone="warning">{t('helm.charts.deprecated')}</StatusMark>}
        {known.length > 0 ? (
          <Select
            aria-label={t('helm.field.version')}
            className={css.versions}
            options={known.map((each) => ({
              value: each.version,
              label:
                each.appVersion === ''
                  ? each.version
                  : `${each.version} · ${t('helm.column.appVersion')} ${each.appVersion}`,
            }))}
            value={version ?? data?.version ?? known[0]?.version ?? ''}
            onChange={(next) => setParams({ version: next })}
          />
        ) : (
          <span className={css.dim}>{data?.version}</span>
        )}
        <span className={css.grow} />
        <Button
          variant="primary"
          icon={Upload}
          disabled={data === undefined || previous || missing !== undefined || library !== undefined}
          title={missing ?? library}
          onClick={() => setInstalling(true)}
        >
          {t('helm.operation.install')}…
        </Button>
      </header>
      {missing !== undefined && <Strip tone="unknown">{missing}</Strip>}
      {library !== undefined && <Strip tone="unknown">{library}</Strip>}
      {error !== undefined && (
        <ErrorState compact title={t('helm.chart.failed', { chart })} error={error} onRetry={reload} />
      )}
      {waiting && (
        <div className={css.bones} aria-busy="true">
          <Skeleton width="60%" />
          <Skeleton width="72%" />
          <Skeleton width="48%" />
        </div>
      )}
      {data !== undefined && <Detail chart={chart} detail={data} />}
      {installing && data !== undefined && (
        <OperationDialog
          kind="install"
          chart={{
            chart,
            version: version ?? (ofRepository ? data.version : ''),
            values: data.values,
            schema: data.schema,
          }}
          onClose={() => setInstalling(false)}
        />
      )}
    </div>
  );
}

function Detail({ chart, detail }: { chart: string; detail: ChartDetail }) {
  const { params } = useLocation();
  const text = (content: string, none: string) =>
    content === '' ? (
      <p className={css.dim}>{none}</p>
    ) : (
      <div className={css.body}>
        <div className={css.head}>
          <span className={css.grow} />
          <CopyButton text={content} label={t('helm.copyText')} />
        </div>
        <pre className={css.code}>{legible(content)}</pre>
      </div>
    );
  return (
    <div className={css.chartDetail}>
      <Facts chart={chart} detail={detail} />
      <Tabs
        label={detail.name}
        className={css.chartTabs}
        value={params.tab ?? 'readme'}
        onChange={(tab) => setParams({ tab: tab === 'readme' ? undefined : tab })}
        tabs={[
          {
            id: 'readme',
            label: t('helm.chart.readme'),
            content:
              detail.readme === '' ? (
                <p className={css.dim}>{t('helm.chart.noReadme')}</p>
              ) : (
                <Markdown text={detail.readme} />
              ),
          },
          { id: 'values', label: t('helm.tab.values'), content: text(detail.values, t('helm.noComputed')) },
          {
            id: 'schema',
            label: t('helm.chart.schema'),
            content: text(pretty(detail.schema), t('helm.chart.noSchema')),
          },
          {
            id: 'dependencies',
            label: t('helm.chart.dependencies'),
            count: detail.dependencies.length,
            content: <Dependencies detail={detail} />,
          },
        ]}
      />
    </div>
  );
}

function Facts({ chart, detail }: { chart: string; detail: ChartDetail }) {
  const links = [...new Set([detail.home, ...detail.sources].filter(Boolean))];
  const facts: [string, React.ReactNode][] = [
    [t('helm.column.appVersion'), legible(detail.appVersion)],
    [t('helm.chart.kubeVersion'), legible(detail.kubeVersion)],
    [t('helm.chart.place'), legible(chart)],
    [t('helm.chart.maintainers'), legible(detail.maintainers.join(', '))],
    [t('helm.chart.keywords'), legible(detail.keywords.join(', '))],
    [t('helm.chart.definitions'), legible(detail.definitions.map((file) => file.replace(/^crds\//, '')).join(', '))],
    [
      t('helm.chart.links'),
      links.map((link) => (
        <a key={link} href={link} target="_blank" rel="noreferrer" className={css.outLink}>
          {legible(link.replace(/^https?:\/\//, ''))}
        </a>
      )),
    ],
  ];
  return (
    <aside className={css.chartFacts}>
      <p>{legible(detail.description)}</p>
      <dl className={css.factList}>
        {facts
          .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== ''))
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </aside>
  );
}

function Dependencies({ detail }: { detail: ChartDetail }) {
  if (detail.dependencies.length === 0) return <p className={css.dim}>{t('helm.chart.noDependencies')}</p>;
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t('helm.column.name')}</th>
          <th scope="col">{t('helm.column.version')}</th>
          <th scope="col">{t('helm.chart.condition')}</th>
          <th scope="col">{t('helm.chart.place')}</th>
        </tr>
      </thead>
      <tbody>
        {detail.dependencies.map(({ name, version, condition, repository }) => (
          <tr key={`${name}/${version}/${repository}`}>
            <td>
              <Name>{name}</Name>
            </td>
            <td>{legible(version)}</td>
            <td>{legible(condition)}</td>
            <td>{legible(repository)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function pretty(json: string): string {
  try {
    return json === '' ? '' : JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
