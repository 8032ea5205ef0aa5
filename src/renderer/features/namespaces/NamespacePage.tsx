import { Gauge, Plus, Trash2, Waypoints } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Namespace, NamespaceDetail } from '../../../core/cluster/namespaces/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { href, navigate, pathOf } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useLive, useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  Dot,
  EmptyState,
  ErrorState,
  formatBytes,
  formatCount,
  formatMillicores,
  legible,
  Name,
  Skeleton,
  StatusMark,
  Strip,
  ToneBar,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { NamespaceEvents } from './NamespaceEvents.tsx';
import { QuotaBar, Traffic } from './NamespacesPage.tsx';
import css from './namespaces.module.css';
import { QuotaDialog } from './QuotaDialog.tsx';
import { ContentsTable } from './Targets.tsx';

type Asked = { what: 'delete' } | { what: 'quota'; quota?: { name: string; hard: Record<string, string> } };

/** One namespace: what it may use and what it uses, what it lets through, who may do what in it. */
export function NamespacePage({ parts }: PageProps) {
  const { cluster = '', name = '' } = parts;
  const { byId } = useClusters();
  const live = byId.get(cluster)?.state === 'live';
  const { rows, head } = useLive((client) => client.namespaces.list, { clusters: [cluster], namespaces: [name] });
  const row = rows[0];
  const of = { cluster, namespace: name };
  const { data, error, reload } = useQuery((client) => client.namespaces.detail, live ? of : null);
  const [asked, setAsked] = useState<Asked>();
  useChanges(row, reload);
  const waiting = useDelayed(data === undefined && error === undefined);
  if (row === undefined && head !== undefined && !head.loading && data === undefined) {
    return (
      <EmptyState title={t('namespaces.gone', { name })} level="h1">
        <a className={css.link} href={href('/namespaces')}>
          {t('namespaces.toList')}
        </a>
      </EmptyState>
    );
  }
  return (
    <div className={css.page}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/namespaces')}>
          {t('namespaces.title')}
        </a>
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{name}</Name>
        </h1>
        {row !== undefined && <StatusMark tone={row.tone}>{legible(row.status)}</StatusMark>}
        <span className={css.cluster}>
          <Dot color={byId.get(cluster)?.color ?? ''} />
          {byId.get(cluster)?.name ?? cluster}
        </span>
        <span className={css.grow} />
        <a className={css.link} href={href(`/topology?clusters=${cluster}&namespaces=${name}`)}>
          <Waypoints size={14} aria-hidden /> {t('namespaces.topology')}
        </a>
        <Button size="s" icon={Trash2} variant="danger" onClick={() => setAsked({ what: 'delete' })}>
          {t('namespaces.delete.do')}…
        </Button>
      </header>
      {row !== undefined && row.status !== 'Active' && row.reason !== '' && (
        <Strip tone="warning">{legible(row.reason)}</Strip>
      )}
      {error !== undefined && (
        <ErrorState compact title={t('namespaces.readFailed', { name })} error={error} onRetry={reload} />
      )}
      {waiting && <Skeleton width="52%" />}
      {row !== undefined && <Facts row={row} detail={data} />}
      {data?.problems.map(({ what, message }) => (
        <Strip key={what} tone="warning">
          {t('namespaces.notRead', { what })}: {legible(message)}
        </Strip>
      ))}
      {data !== undefined && (
        <div className={css.columns}>
          <Quotas
            detail={data}
            onEdit={(quota) => setAsked({ what: 'quota', ...(quota !== undefined && { quota }) })}
          />
          <Limits detail={data} />
          <Policies detail={data} row={row} />
          <Bindings detail={data} />
        </div>
      )}
      {data !== undefined && <InIt of={of} />}
      {live && <NamespaceEvents cluster={cluster} namespace={name} />}
      {asked?.what === 'delete' && (
        <DeleteDialog
          of={of}
          onClose={(done) => {
            setAsked(undefined);
            if (done) navigate('/namespaces');
          }}
        />
      )}
      {asked?.what === 'quota' && (
        <QuotaDialog
          of={of}
          quota={asked.quota}
          onClose={() => {
            setAsked(undefined);
            reload();
          }}
        />
      )}
    </div>
  );
}

/** What the list tells of is read anew when it says something else. */
function useChanges(row: Namespace | undefined, reload: () => void): void {
  const { quotas, limitRanges, policies, bindings, labels } = row ?? {};
  const stamp = JSON.stringify([quotas, limitRanges, policies, bindings, labels]);
  const [known, setKnown] = useState(stamp);
  useEffect(() => {
    if (stamp === known) return;
    setKnown(stamp);
    reload();
  }, [stamp, known, reload]);
}

function Facts({ row, detail }: { row: Namespace; detail: NamespaceDetail | undefined }) {
  const facts: [string, ReactNode][] = [
    [t('namespaces.column.owner'), row.owner === '' ? t('namespaces.noOwner') : legible(row.owner)],
    [
      t('namespaces.column.pods'),
      <span key="pods" className={css.podFact}>
        <a className={css.link} href={href(`/resources/pods?clusters=${row.cluster}&namespaces=${row.name}`)}>
          {formatCount(row.pods)}
        </a>
        {row.pods > 0 && <ToneBar label={t('namespaces.podsOf', { name: row.name })} counts={row.podTones} />}
      </span>,
    ],
    [t('namespaces.requested'), `${formatMillicores(row.cpuRequested)} CPU · ${formatBytes(row.memoryRequested)}`],
    [t('namespaces.limited'), `${formatMillicores(row.cpuLimit)} CPU · ${formatBytes(row.memoryLimit)}`],
    [
      t('namespaces.column.podSecurity'),
      row.podSecurity === '' ? t('namespaces.noSecurity') : legible(row.podSecurity),
    ],
    [t('namespaces.column.created'), <Age key="age" at={row.created} />],
  ];
  const labels = Object.entries(detail?.labels ?? row.labels);
  const annotations = Object.entries(detail?.annotations ?? {});
  return (
    <dl className={css.facts}>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <Pairs term={t('namespaces.labels')} pairs={labels} />
      {annotations.length > 0 && <Pairs term={t('namespaces.annotations')} pairs={annotations} />}
    </dl>
  );
}

function Pairs({ term, pairs }: { term: string; pairs: [string, string][] }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className={css.labels}>
        {pairs.length === 0 && <span className={css.dim}>–</span>}
        {pairs.map(([key, value]) => (
          <code key={key} className={css.label} title={legible(`${key}=${value}`)}>
            {legible(key)}={legible(value)}
          </code>
        ))}
      </dd>
    </div>
  );
}

function Panel({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.panel} aria-label={title}>
      <header className={css.head}>
        <h2 className={css.sub}>{title}</h2>
        <span className={css.grow} />
        {actions}
      </header>
      {children}
    </section>
  );
}

function Quotas(props: {
  detail: NamespaceDetail;
  onEdit(quota?: { name: string; hard: Record<string, string> }): void;
}) {
  const { detail, onEdit } = props;
  return (
    <Panel
      title={t('namespaces.quota.title')}
      actions={
        <Button size="s" variant="quiet" icon={Plus} onClick={() => onEdit()}>
          {t('namespaces.quota.new')}…
        </Button>
      }
    >
      {detail.quotas.length === 0 && <p className={css.dim}>{t('namespaces.quota.none')}</p>}
      {detail.quotas.map(({ name, scopes, resources }) => (
        <div key={name} className={css.item}>
          <div className={css.head}>
            <Name>{name}</Name>
            {scopes.length > 0 && <span className={css.dim}>{scopes.map(legible).join(', ')}</span>}
            <span className={css.grow} />
            <Button
              size="s"
              variant="quiet"
              icon={Gauge}
              onClick={() =>
                onEdit({ name, hard: Object.fromEntries(resources.map(({ resource, hard }) => [resource, hard])) })
              }
            >
              {t('namespaces.quota.change')}…
            </Button>
          </div>
          {resources.map((use) => (
            <QuotaBar key={use.resource} use={use} />
          ))}
        </div>
      ))}
    </Panel>
  );
}

const parts = ['defaultRequest', 'default', 'min', 'max', 'ratio'] as const;

function Limits({ detail }: { detail: NamespaceDetail }) {
  return (
    <Panel title={t('namespaces.limits.title')}>
      {detail.limitRanges.length === 0 && <p className={css.dim}>{t('namespaces.limits.none')}</p>}
      {detail.limitRanges.map(({ name, limits }) => (
        <div key={name} className={css.item}>
          <Name>{name}</Name>
          {limits.map((limit) => (
            <dl key={limit.type} className={css.amounts}>
              <div>
                <dt>{t('namespaces.limits.type')}</dt>
                <dd>{limit.type}</dd>
              </div>
              {parts
                .filter((part) => Object.keys(limit[part]).length > 0)
                .map((part) => (
                  <div key={part}>
                    <dt>{t(`namespaces.limits.${part}`)}</dt>
                    <dd>
                      {Object.entries(limit[part])
                        .map(([resource, amount]) => `${resource} ${amount}`)
                        .join(', ')}
                    </dd>
                  </div>
                ))}
            </dl>
          ))}
        </div>
      ))}
    </Panel>
  );
}

function Policies({ detail, row }: { detail: NamespaceDetail; row: Namespace | undefined }) {
  return (
    <Panel title={t('namespaces.policies.title')}>
      {row !== undefined && (
        <p className={css.note}>
          {t('namespaces.policies.default')}: {t('namespaces.column.ingress')} <Traffic way={row.ingress} />,{' '}
          {t('namespaces.column.egress')} <Traffic way={row.egress} />
        </p>
      )}
      {detail.policies.length === 0 && <p className={css.dim}>{t('namespaces.policies.none')}</p>}
      {detail.policies.map(({ name, selector, types, ingress, egress }) => (
        <div key={name} className={css.item}>
          <Name>{name}</Name>{' '}
          <span className={css.dim}>{selector === '*' ? t('namespaces.policies.allPods') : legible(selector)}</span>
          <ul className={css.rules}>
            {types.map((type) => {
              const rules = type === 'Ingress' ? ingress : egress;
              const key = type === 'Ingress' ? 'in' : 'out';
              return rules.length === 0 ? (
                <li key={type}>{t(`namespaces.policies.${key}Nothing`)}</li>
              ) : (
                rules.map((rule) => (
                  <li key={`${type} ${rule}`}>
                    {t(`namespaces.policies.${key}`)} {legible(rule)}
                  </li>
                ))
              );
            })}
          </ul>
        </div>
      ))}
    </Panel>
  );
}

function Bindings({ detail }: { detail: NamespaceDetail }) {
  return (
    <Panel title={t('namespaces.bindings.title')}>
      {detail.bindings.length === 0 && <p className={css.dim}>{t('namespaces.bindings.none')}</p>}
      {detail.bindings.map(({ name, role, roleKind, subjects }) => (
        <div key={name} className={css.item}>
          <span title={roleKind}>
            <Name>{role}</Name>
          </span>{' '}
          <span className={css.dim}>{t('namespaces.bindings.by', { name })}</span>
          <ul className={css.rules}>
            {subjects.map(({ kind, name: subject, namespace }) => (
              <li key={`${kind}/${namespace}/${subject}`}>
                {kind} {legible(namespace === '' ? subject : `${namespace}/${subject}`)}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Panel>
  );
}

/** Asked only when somebody wants to see it: every kind of the cluster is listed for it. */
function InIt({ of }: { of: { cluster: string; namespace: string } }) {
  const [wanted, setWanted] = useState(false);
  const { data, error, loading, reload } = useQuery((client) => client.namespaces.contents, wanted ? of : null);
  return (
    <Panel
      title={t('namespaces.contents.title')}
      actions={
        <>
          <Button
            size="s"
            variant="quiet"
            busy={loading && wanted}
            onClick={() => (wanted ? reload() : setWanted(true))}
          >
            {t(wanted ? 'namespaces.contents.again' : 'namespaces.contents.show')}
          </Button>
          <a
            className={css.link}
            href={href(
              `${pathOf('/resources/:kind', { kind: 'pods' })}?clusters=${of.cluster}&namespaces=${of.namespace}`,
            )}
          >
            {t('namespaces.contents.resources')}
          </a>
        </>
      }
    >
      {error !== undefined && (
        <ErrorState compact title={t('namespaces.contents.failed')} error={error} onRetry={reload} />
      )}
      {data !== undefined && data.contents.length === 0 && <p className={css.dim}>{t('namespaces.contents.none')}</p>}
      {data !== undefined && <ContentsTable contents={data.contents} />}
      {data !== undefined && data.unknown.length > 0 && (
        <p className={css.dim}>{t('namespaces.contents.unknown', { kinds: data.unknown.join(', ') })}</p>
      )}
    </Panel>
  );
}
