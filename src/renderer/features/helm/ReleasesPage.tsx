import { ArrowUp, Package, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Chart, Release, ReleaseSource } from '../../../core/cluster/helm/contract.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive, useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  Dot,
  EmptyState,
  ErrorState,
  ForbiddenState,
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
import { chartPath, compareVersions, findReleases, newestByName, releasePath, toneOf } from './model.ts';
import { OperationDialog } from './OperationDialog.tsx';

/** Lines that are drawn at first, and with each press more. */
const linesShown = 300;

/** The releases of all clusters that are looked at. */
export function ReleasesPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const { rows, head, state, error, retry } = useLive((client) => client.helm.releases, {
    clusters: clusters ?? [],
    namespaces: namespaces ?? [],
  });
  const program = useQuery((client) => client.helm.program, {});
  const charts = useQuery((client) => client.helm.charts, program.data?.found ? { text: '' } : null);
  const newest = useMemo(() => newestByName(charts.data?.charts ?? []), [charts.data]);
  const [installing, setInstalling] = useState(false);
  const [lines, setLines] = useState(linesShown);
  const filter = params.filter ?? '';
  const inScope = useMemo(
    () => (namespaces === undefined ? rows : rows.filter(({ namespace }) => namespaces.includes(namespace))),
    [rows, namespaces],
  );
  const found = useMemo(() => findReleases(inScope, filter), [inScope, filter]);
  const sources = head?.sources ?? [];
  const reading = state === 'waiting' || sources.some((source) => source.state === 'loading');
  const waiting = useDelayed(reading && rows.length === 0);
  const missing = program.data?.found === false ? inSentences(program.data.message, program.data.hint) : undefined;
  return (
    <div className={css.page}>
      <HelmTabs at="releases" />
      <header className={css.head}>
        <span className={css.dim}>{t('helm.count', { count: found.length, number: formatCount(found.length) })}</span>
        <span className={css.grow} />
        <SearchInput
          label={t('helm.filter')}
          value={filter}
          onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
          className={css.search}
        />
        <Button icon={Plus} disabled={missing !== undefined} title={missing} onClick={() => setInstalling(true)}>
          {t('helm.operation.install')}…
        </Button>
      </header>
      {missing !== undefined && <Strip tone="unknown">{missing}</Strip>}
      {sources.map((source) => (
        <SourceStrip key={source.cluster} source={source} alone={sources.length === 1 && rows.length === 0} />
      ))}
      {error !== undefined && <ErrorState compact title={t('helm.listFailed')} error={error} onRetry={retry} />}
      {waiting && <Bones />}
      {!reading && sources.length === 0 && (
        <EmptyState icon={Package} title={t('helm.noClusters')}>
          {t('helm.noClustersText')}
        </EmptyState>
      )}
      {!reading && sources.some((source) => source.state === 'ready') && inScope.length === 0 && (
        <EmptyState icon={Package} title={t('helm.none')}>
          {t('helm.noneText')}
        </EmptyState>
      )}
      {inScope.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
      {found.length > 0 && <Table releases={found.slice(0, lines)} newest={newest} />}
      {found.length > lines && (
        <Button onClick={() => setLines((count) => count + linesShown)}>
          {t('helm.more', { count: found.length - lines })}
        </Button>
      )}
      {installing && <OperationDialog kind="install" onClose={() => setInstalling(false)} />}
    </div>
  );
}

function SourceStrip({ source, alone }: { source: ReleaseSource; alone: boolean }) {
  const title = t('helm.sourceFailed', { name: source.name });
  if (source.state === 'forbidden' && alone) {
    return (
      <ForbiddenState title={title} rule={source.rule}>
        {inSentences(source.message)}
      </ForbiddenState>
    );
  }
  if (source.state !== 'forbidden' && source.state !== 'failed') return null;
  return (
    <Strip tone="warning">
      {title}: {inSentences(source.message, source.state === 'forbidden' ? '' : source.hint)}
      {source.readAt !== null && (
        <>
          {' '}
          {t('helm.readAt')} <Age ahead={0} at={source.readAt} suffix={t('helm.ago')} />.
        </>
      )}
    </Strip>
  );
}

function Table({ releases, newest }: { releases: readonly Release[]; newest: ReadonlyMap<string, Chart> }) {
  const { byId } = useClusters();
  return (
    <table className={css.table}>
      <thead>
        <tr>
          {(['name', 'namespace', 'cluster', 'status', 'chart', 'appVersion', 'revision', 'updated'] as const).map(
            (id) => (
              <th key={id} scope="col" className={id === 'revision' || id === 'updated' ? css.number : undefined}>
                {t(`helm.column.${id}`)}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {releases.map((release) => (
          <tr key={release.key}>
            <td>
              <a className={css.link} href={href(releasePath(release))}>
                <Name>{release.name}</Name>
              </a>
            </td>
            <td>{release.namespace}</td>
            <td>
              <span className={css.cluster}>
                <Dot color={byId.get(release.cluster)?.color ?? ''} />
                {release.clusterName}
              </span>
            </td>
            <td title={release.description ?? undefined}>
              <StatusMark tone={toneOf(release.status)}>{release.status}</StatusMark>
            </td>
            <td>
              {release.chart === null ? (
                <Skeleton width={90} />
              ) : (
                <>
                  {legible(release.chart)} <span className={css.dim}>{legible(release.chartVersion ?? '')}</span>
                  <NewerMark release={release} newest={newest.get(release.chart)} />
                </>
              )}
            </td>
            <td>{release.appVersion}</td>
            <td className={css.number}>{release.revision}</td>
            <td className={css.number}>
              <Age at={release.updated} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** That a repository has a newer chart of the same name. It need not be the one that the release came from. */
function NewerMark({ release, newest }: { release: Release; newest: Chart | undefined }) {
  if (newest === undefined || compareVersions(release.chartVersion ?? '', newest.version) >= 0) return null;
  return (
    <a className={css.newerMark} href={href(chartPath(newest.name))} title={t('helm.newerIn', { name: newest.name })}>
      <ArrowUp size={11} aria-hidden /> {legible(newest.version)}
    </a>
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
