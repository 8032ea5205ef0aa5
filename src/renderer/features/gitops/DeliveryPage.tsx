import { CircleStop, History, Pause, Play, RefreshCw, RotateCw, Zap } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { DeliveryDetail } from '../../../core/cluster/gitops/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useLive, useQuery } from '../../client/index.ts';
import {
  Age,
  Dot,
  ErrorState,
  IconButton,
  legible,
  Menu,
  Name,
  Skeleton,
  StatusMark,
  Strip,
  Tabs,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { HealthMark, SyncMark } from './DeliveryCell.tsx';
import { DiffTab } from './DiffTab.tsx';
import { EventsTab } from './EventsTab.tsx';
import css from './gitops.module.css';
import { HistoryTab } from './HistoryTab.tsx';
import { deliveryPath, objectAddress, shortRevision } from './model.ts';
import { OrderButton } from './OrderButton.tsx';
import { TreeTab } from './TreeTab.tsx';

const orders = [
  { id: 'sync', icon: RefreshCw },
  { id: 'reconcile', icon: RefreshCw },
  { id: 'reconcileWithSource', icon: Zap },
  { id: 'refresh', icon: RotateCw },
  { id: 'terminateSync', icon: CircleStop },
  { id: 'suspendFlux', icon: Pause },
  { id: 'resumeFlux', icon: Play },
  { id: 'syncBack', icon: History },
  { id: 'pinBack', icon: History },
];

/** One delivery. */
export function DeliveryPage({ parts }: PageProps) {
  const { cluster = '', kind = '', namespace = '', name = '' } = parts;
  const { params } = useLocation();
  const { byId } = useClusters();
  const object = { cluster, kind, namespace, name };
  const live = byId.get(cluster)?.state === 'live';
  const { data, error, reload } = useQuery((client) => client.gitops.delivery, live ? { object } : null);
  const stamp = useNewest(object, data, reload);
  const waiting = useDelayed(data === undefined && error === undefined);
  if (data === undefined) {
    if (error !== undefined) {
      return <ErrorState title={t('gitops.deliveryFailed', { name })} error={error} onRetry={reload} />;
    }
    if (byId.get(cluster) !== undefined && !live) {
      return <Strip tone="warning">{t('gitops.notLive', { name: byId.get(cluster)?.name ?? cluster })}</Strip>;
    }
    return waiting ? (
      <div className={css.page} aria-busy="true">
        <Skeleton width="30%" height={20} />
        <Skeleton width="60%" />
        <Skeleton width="48%" />
      </div>
    ) : null;
  }
  const { delivery } = data;
  return (
    <div className={css.page}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/gitops')}>
          {t('gitops.title')}
        </a>{' '}
        / {namespace}
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{name}</Name>
        </h1>
        <span className={css.dim}>{delivery.kind}</span>
        <SyncMark delivery={delivery} />
        <HealthMark health={delivery.health} />
        <span className={css.cluster}>
          <Dot color={byId.get(cluster)?.color ?? ''} />
          {delivery.clusterName}
        </span>
        <span className={css.grow} />
        <Orders detail={data} />
        <IconButton size="s" icon={RotateCw} label={t('gitops.readAgain')} onClick={reload} />
      </header>
      {!live && <Strip tone="warning">{t('gitops.notLive', { name: delivery.clusterName })}</Strip>}
      {error !== undefined && (
        <ErrorState compact title={t('gitops.deliveryFailed', { name })} error={error} onRetry={reload} />
      )}
      <Tabs
        label={name}
        value={params.tab ?? 'summary'}
        onChange={(tab) => setParams({ tab: tab === 'summary' ? undefined : tab })}
        tabs={[
          { id: 'summary', label: t('gitops.tab.summary'), content: <Summary detail={data} /> },
          {
            id: 'resources',
            label: t('gitops.tab.resources'),
            count: delivery.resources.total || undefined,
            content: <TreeTab object={object} delivery={delivery} stamp={stamp} />,
          },
          { id: 'diff', label: t('gitops.tab.diff'), content: <DiffTab object={object} stamp={stamp} /> },
          {
            id: 'history',
            label: t('gitops.tab.history'),
            count: data.history.length || undefined,
            content: <HistoryTab detail={data} />,
          },
          { id: 'events', label: t('gitops.tab.events'), content: <EventsTab object={object} /> },
        ]}
      />
    </div>
  );
}

/** What is done most often stands there as a button, everything in the menu beside it. */
function Orders({ detail: { delivery } }: { detail: DeliveryDetail }) {
  const groups = useObjectActions()([delivery.object]);
  const actions = groups.flatMap((group) => group.actions);
  const find = (id: string) => actions.find((action) => action.id === `actions.${id}`);
  const wanted = orders
    .filter(({ id }) => id !== (delivery.suspended ? 'suspendFlux' : 'resumeFlux'))
    // What is synced by hand has nothing to be suspended; the menu can turn it on.
    .filter(({ id }) => id !== 'suspendFlux' || delivery.automatic)
    // Argo CD's own word stands for it.
    .filter(({ id }) => delivery.engine === 'flux' || id !== 'reconcile')
    .filter(({ id }) => id !== 'terminateSync' || delivery.sync === 'syncing')
    .filter(({ id }) => id !== 'syncBack' && id !== 'pinBack');
  return (
    <>
      {wanted.map(({ id, icon }) => {
        const action = find(id);
        return action === undefined ? null : (
          <OrderButton key={id} action={action} icon={icon} primary={id === 'sync' || id === 'reconcile'} />
        );
      })}
      <Menu groups={groups} align="end">
        <button type="button" className={css.more} aria-label={t('gitops.moreActions')}>
          …
        </button>
      </Menu>
    </>
  );
}

/** What is shown is read again when the list tells that it has changed; the stamp names what was seen. */
function useNewest(
  object: { cluster: string; kind: string; namespace: string; name: string },
  shown: DeliveryDetail | undefined,
  reload: () => void,
): string {
  const { rows } = useLive((client) => client.gitops.deliveries, { clusters: [object.cluster], namespaces: [] });
  const key = `${object.cluster}/${object.kind}/${object.namespace}/${object.name}`;
  const newest = rows.find((row) => row.key === key);
  const stamp = newest === undefined ? '' : JSON.stringify(newest);
  const differs = shown !== undefined && stamp !== '' && stamp !== JSON.stringify(shown.delivery);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change is read once
  useEffect(() => {
    if (differs) reload();
  }, [stamp]);
  return stamp;
}

function Summary({ detail }: { detail: DeliveryDetail }) {
  const { delivery, conditions, options, dependsOn, results } = detail;
  const { operation, destination, parent, object } = delivery;
  const facts: [string, ReactNode][] = [
    ...delivery.sources.map((source, index): [string, ReactNode] => [
      delivery.sources.length > 1 ? t('gitops.fact.sourceOf', { index: index + 1 }) : t('gitops.fact.source'),
      <span key={source.repo + source.path} className={css.stack}>
        {source.object === undefined ? (
          <code>{legible(source.repo)}</code>
        ) : (
          <a className={css.link} href={href(objectAddress(source.object))}>
            <code>{legible(source.repo)}</code>
          </a>
        )}
        <span className={css.dim}>
          {legible(
            [source.chart || source.path || t('gitops.root'), source.wanted || t('gitops.defaultRevision')].join(' @ '),
          )}
        </span>
      </span>,
    ]),
    [
      t('gitops.fact.deployed'),
      <span key="deployed" className={css.stack}>
        {delivery.sources.map(({ deployed, pending }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sources have no other name
          <span key={index}>
            <code>{deployed === '' ? t('gitops.nothingYet') : legible(deployed)}</code>
            {pending !== '' && <span className={css.pending}> → {legible(shortRevision(pending))}</span>}
          </span>
        ))}
        {delivery.version !== '' && <span className={css.dim}>{legible(delivery.version)}</span>}
      </span>,
    ],
    [
      t('gitops.fact.destination'),
      legible(
        [destination.clusterName, destination.namespace].filter(Boolean).join(' / ') +
          (destination.cluster === null ? ` (${t('gitops.elsewhere')})` : ''),
      ),
    ],
    ...(delivery.project === '' ? [] : [[t('gitops.fact.project'), delivery.project] satisfies [string, ReactNode]]),
    ...(parent === undefined
      ? []
      : [
          [t('gitops.fact.parent'), <ParentLink key="parent" parent={parent} cluster={object.cluster} />] satisfies [
            string,
            ReactNode,
          ],
        ]),
    [t('gitops.fact.options'), options.join(' · ')],
    ...(dependsOn.length === 0
      ? []
      : [
          [
            t('gitops.fact.dependsOn'),
            dependsOn.map(({ namespace, name }) => `${namespace}/${name}`).join(', '),
          ] satisfies [string, ReactNode],
        ]),
    ...(delivery.images.length === 0
      ? []
      : [
          [
            t('gitops.fact.images'),
            <span key="images" className={css.stack}>
              {delivery.images.map((image) => (
                <code key={image}>{legible(image)}</code>
              ))}
            </span>,
          ] satisfies [string, ReactNode],
        ]),
  ];
  return (
    <div className={css.body}>
      {operation !== null && (
        <section className={css.operation}>
          <div className={css.head}>
            <StatusMark tone={operation.tone}>{legible(operation.phase)}</StatusMark>
            <span className={css.dim}>
              <Age at={operation.finishedAt ?? operation.startedAt} suffix={t('gitops.ago')} />
              {operation.by !== '' && ` · ${byText(operation.by)}`}
              {operation.revision !== '' && ` · ${legible(shortRevision(operation.revision))}`}
            </span>
          </div>
          {operation.message !== '' && <p className={css.message}>{legible(operation.message)}</p>}
        </section>
      )}
      <dl className={css.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {conditions.length > 0 && (
        <section>
          <h2 className={css.sub}>{t('gitops.conditions')}</h2>
          <table className={css.table}>
            <tbody>
              {conditions.map((condition) => (
                <tr key={condition.type + condition.message}>
                  <td>
                    <StatusMark tone={condition.tone}>{legible(condition.type)}</StatusMark>
                  </td>
                  <td>{legible([condition.status, condition.reason].filter(Boolean).join(' · '))}</td>
                  <td>{legible(condition.message)}</td>
                  <td className={css.number}>
                    <Age at={condition.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {results.length > 0 && (
        <section>
          <h2 className={css.sub}>{t('gitops.results')}</h2>
          <table className={css.table}>
            <tbody>
              {results.map((result) => (
                <tr key={`${result.kind}/${result.namespace}/${result.name}`}>
                  <td>
                    <StatusMark tone={result.tone}>{legible(result.status)}</StatusMark>
                  </td>
                  <td>
                    {result.kind} <Name>{result.name}</Name>
                  </td>
                  <td>{result.namespace}</td>
                  <td>{legible(result.message)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function byText(by: string): string {
  return by === 'automated' ? t('gitops.automatically') : t('gitops.by', { name: legible(by) });
}

const parentKinds: Record<string, string> = {
  ApplicationSet: 'applicationsets.argoproj.io',
  Application: 'applications.argoproj.io',
  Kustomization: 'kustomizations.kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helmreleases.helm.toolkit.fluxcd.io',
};

function ParentLink(props: { parent: { kind: string; namespace: string; name: string }; cluster: string }) {
  const { parent, cluster } = props;
  const kind = parentKinds[parent.kind];
  const text = `${parent.kind} ${parent.namespace}/${parent.name}`;
  if (kind === undefined) return <>{text}</>;
  const ref = { cluster, kind, namespace: parent.namespace, name: parent.name };
  return (
    <a className={css.link} href={href(parent.kind === 'ApplicationSet' ? objectAddress(ref) : deliveryPath(ref))}>
      {text}
    </a>
  );
}
