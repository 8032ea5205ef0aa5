import { ArrowDown, ScrollText, Waypoints } from 'lucide-react';
import { useMemo } from 'react';
import type { Application, ApplicationPart, Placement } from '../../../core/cluster/portfolio/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { formatLocation, href, listText, pathOf, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import {
  Button,
  Dot,
  EmptyState,
  ErrorState,
  formatCount,
  legible,
  Name,
  Skeleton,
  StatusMark,
  Strip,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { Changes } from './Changes.tsx';
import { kindsOfRow, oneOf } from './model.ts';
import { PartsTable } from './PartsTable.tsx';
import css from './portfolio.module.css';

/** One application: where it runs in which version, what it is made of, and what changed. */
export function ApplicationPage({ parts }: PageProps) {
  const { name = '' } = parts;
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const by = oneOf(kindsOfRow, params.by);
  const { rows, head, error, retry } = useLive((client) => client.portfolio.application, {
    name,
    by,
    ...(clusters !== undefined && { clusters }),
    ...(namespaces !== undefined && { namespaces }),
  });
  const application = head?.application ?? undefined;
  const loading = head === undefined || (head.loading && application === undefined);
  const waiting = useDelayed(loading && error === undefined);
  const workloads = useMemo(() => rows.filter(({ role }) => role === 'workload'), [rows]);
  if (error !== undefined && head === undefined) {
    return <ErrorState title={t('portfolio.readFailed', { name })} error={error} onRetry={retry} />;
  }
  if (!loading && application === undefined) {
    return (
      <EmptyState title={t('portfolio.gone', { name })} level="h1">
        <a className={css.link} href={href('/applications')}>
          {t('portfolio.toList')}
        </a>
      </EmptyState>
    );
  }
  return (
    <div className={css.page}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/applications')}>
          {t('portfolio.title')}
        </a>
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{name}</Name>
        </h1>
        {application !== undefined && <StatusMark tone={application.tone} />}
        <span className={css.grow} />
        {application !== undefined && <Ways application={application} workloads={workloads} />}
      </header>
      {waiting && <Skeleton width="52%" />}
      {head?.problems.map((problem) => (
        <Strip key={problem} tone="warning">
          {legible(problem)}
        </Strip>
      ))}
      {application !== undefined && (
        <>
          <Facts application={application} />
          <section className={css.section} aria-label={t('portfolio.places')}>
            <h2 className={css.sub}>{t('portfolio.places')}</h2>
            <Places application={application} />
          </section>
          <PartsTable parts={rows} />
          <Changes workloads={workloads} />
        </>
      )}
    </div>
  );
}

/** To the same application in the topology and in its logs. */
function Ways({ application, workloads }: { application: Application; workloads: readonly ApplicationPart[] }) {
  const actionsOf = useObjectActions();
  const objects = workloads.flatMap(({ object }) => (object === undefined ? [] : [object]));
  const logs = actionsOf(objects)
    .flatMap(({ actions }) => actions)
    .find(({ id }) => id === 'logs.open');
  const { placements } = application;
  const [first] = objects;
  const topology = formatLocation('/topology', {
    clusters: listText([...new Set(placements.map(({ cluster }) => cluster))]),
    namespaces: listText([...new Set(placements.map(({ namespace }) => namespace))]),
    ...(first !== undefined && {
      focus: listText([first.cluster, first.kind, first.namespace, first.name]),
    }),
  });
  return (
    <>
      <a className={css.link} href={href(topology)}>
        <Waypoints size={14} aria-hidden /> {t('portfolio.topology')}
      </a>
      {logs !== undefined && (
        <Button
          size="s"
          icon={ScrollText}
          disabled={logs.disabled === true}
          title={logs.reason}
          onClick={() => logs.perform()}
        >
          {t('portfolio.logs')}
        </Button>
      )}
    </>
  );
}

function Facts({ application }: { application: Application }) {
  const { owner, partOf, versions, placements, workloads, ready, wanted } = application;
  const clusters = new Set(placements.map(({ cluster }) => cluster)).size;
  const facts: [string, string][] = [
    [t('portfolio.fact.owner'), owner || t('portfolio.noOwner')],
    [t('portfolio.fact.partOf'), partOf || '–'],
    [t('portfolio.fact.clusters'), formatCount(clusters)],
    [t('portfolio.fact.workloads'), `${formatCount(workloads)} · ${t('portfolio.readyOf', { ready, wanted })}`],
    [
      t('portfolio.fact.versions'),
      versions.map(({ version, count }) => (count > 1 ? `${version} ×${count}` : version)).join(', ') ||
        t('portfolio.noVersion'),
    ],
  ];
  return (
    <dl className={css.facts}>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{legible(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Places({ application }: { application: Application }) {
  return (
    <div className={css.wide}>
      <table className={css.table}>
        <thead>
          <tr>
            {(['cluster', 'namespace', 'version', 'health', 'ready', 'chart', 'delivered', 'images'] as const).map(
              (id) => (
                <th key={id} scope="col">
                  {t(`portfolio.place.${id}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {application.placements.map((placement) => (
            <PlaceLine key={placement.key} placement={placement} newest={application.versions[0]?.version ?? ''} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlaceLine({ placement, newest }: { placement: Placement; newest: string }) {
  const { byId } = useClusters();
  const { cluster, clusterName, namespace, instance, versions, versionFrom, behind, tone, status } = placement;
  return (
    <tr>
      <td>
        <span className={css.cluster}>
          <Dot color={byId.get(cluster)?.color ?? ''} />
          {legible(clusterName)}
        </span>
      </td>
      <td>
        {legible(namespace)}
        {instance !== '' && <span className={css.dim}> {legible(instance)}</span>}
      </td>
      <td title={t(`portfolio.from.${versionFrom}`)}>
        <span className={css.cell}>
          <span className={css.version}>{versions.length === 0 ? '–' : legible(versions.join(' + '))}</span>
          {behind && (
            <span title={t('portfolio.behind', { newest })} className={css.behind}>
              <ArrowDown size={11} aria-hidden />
              <span className="hidden-text">{t('portfolio.behind', { newest })}</span>
            </span>
          )}
        </span>
      </td>
      <td>
        <StatusMark tone={tone}>{legible(status) || undefined}</StatusMark>
      </td>
      <td>
        {placement.ready}/{placement.wanted}
      </td>
      <td>{legible(placement.chart) || '–'}</td>
      <td>
        {placement.delivered.length === 0 && <span className={css.dim}>–</span>}
        {placement.delivered.map(({ tool, kind, cluster: from, namespace: space, name, status: word, tone: how }) => (
          <span key={`${kind}/${space}/${name}`} className={css.cell}>
            {tool === 'helm' ? (
              <a
                className={css.link}
                href={href(pathOf('/helm/:cluster/:namespace/:name', { cluster: from, namespace: space, name }))}
              >
                {t('portfolio.helm', { name: legible(name) })}
              </a>
            ) : (
              <span>
                {kind} {legible(name)}
              </span>
            )}
            <StatusMark tone={how}>{legible(word)}</StatusMark>
          </span>
        ))}
      </td>
      <td className={css.images} title={legible(placement.images.join('\n'))}>
        {legible(placement.images.map((image) => image.split('/').at(-1)).join(', '))}
      </td>
    </tr>
  );
}
