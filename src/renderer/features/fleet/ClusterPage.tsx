import { EllipsisVertical, LayoutList, Star } from 'lucide-react';
import { useEffect } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { href, navigate, pathOf } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { sectionsOf, shortTitle } from '../../app/sections/sections.ts';
import { useLive } from '../../client/index.ts';
import { useRecent } from '../../state/recent.ts';
import {
  Age,
  Button,
  CopyButton,
  classes,
  EmptyState,
  formatCount,
  IconButton,
  Menu,
  Skeleton,
  StaleBar,
  ToneShape,
  t,
} from '../../ui/index.ts';
import { Failures } from './Attention.tsx';
import { Badges } from './ClusterCard.tsx';
import { ClusterSettings } from './ClusterSettings.tsx';
import { Health, Risks, StateButton, StateMark, Trouble } from './ClusterState.tsx';
import styles from './cluster.module.css';
import { HiddenList } from './HiddenList.tsx';
import { Measures } from './Measures.tsx';
import { listAddress, useClusterActions } from './useClusterActions.ts';

/** One cluster: how it is, what of it may be seen, and how it is shown and guarded. */
export function ClusterPage({ parts }: PageProps) {
  const { byId, state } = useClusters();
  const cluster = byId.get(parts.cluster ?? '');
  const visit = useRecent((recent) => recent.visit);
  const name = cluster?.name;
  useEffect(() => {
    if (name === undefined || parts.cluster === undefined) return;
    visit({
      address: pathOf('/clusters/:cluster', { cluster: parts.cluster }),
      title: name,
      detail: t('fleet.cluster'),
    });
  }, [name, parts.cluster, visit]);
  if (cluster !== undefined) return <Page cluster={cluster} />;
  if (state === 'waiting') {
    return (
      <div className={styles.page}>
        <Skeleton width={220} height={20} />
      </div>
    );
  }
  return (
    <EmptyState
      level="h1"
      title={t('fleet.unknownCluster')}
      actions={<Button onClick={() => navigate('/fleet')}>{t('fleet.toFleet')}</Button>}
    >
      {t('fleet.unknownClusterText')}
    </EmptyState>
  );
}

function Page({ cluster }: { cluster: Cluster }) {
  const actions = useClusterActions();
  const known = cluster.pods !== null || cluster.nodes !== null || cluster.capacity !== null;
  const live = cluster.state === 'live';
  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <a className={styles.crumb} href={href('/fleet')}>
          {t('fleet.title')} /
        </a>
        <span className={styles.mark} style={{ backgroundColor: `var(--${cluster.color}, var(--slate))` }} />
        <div className={styles.heading}>
          <h1>
            {cluster.name}
            <Badges cluster={cluster} />
          </h1>
          <StateMark cluster={cluster} />
        </div>
        <IconButton
          icon={Star}
          filled={cluster.favorite}
          pressed={cluster.favorite}
          className={classes(cluster.favorite && styles.starred)}
          label={t(cluster.favorite ? 'fleet.unstar' : 'fleet.star')}
          onClick={() => void actions.update(cluster.key, { favorite: !cluster.favorite })}
        />
        <Menu groups={actions.menu(cluster)} align="end">
          <IconButton icon={EllipsisVertical} label={t('fleet.more', { name: cluster.name })} />
        </Menu>
        {cluster.lastLive !== null && (
          <Button icon={LayoutList} onClick={() => navigate(listAddress(cluster.key))}>
            {t('fleet.browse')}
          </Button>
        )}
        <StateButton cluster={cluster} actions={actions} size="m" />
      </header>
      {cluster.state === 'stale' && (
        <StaleBar since={cluster.since} reason={cluster.reason} onRetry={() => actions.open([cluster.key])} />
      )}
      <Risks risks={cluster.risks} />
      <div className={styles.columns}>
        <div className={styles.main}>
          {!live && cluster.state !== 'stale' && (
            <section className={styles.section}>
              <h2>{t('fleet.connection')}</h2>
              <Trouble cluster={cluster} />
            </section>
          )}
          {known && (
            <section className={styles.section}>
              <h2>
                {live ? t('fleet.now') : t('fleet.asOf')}
                {!live && cluster.lastLive !== null && (
                  <span className={styles.sub}>
                    <Age at={cluster.lastLive} suffix={t('fleet.ago')} />
                  </span>
                )}
              </h2>
              <Health cluster={cluster} linked />
              <div className={classes(styles.measures, !live && styles.past)}>
                <Measures cluster={cluster} />
              </div>
            </section>
          )}
          {live && <Failures clusters={[cluster]} only={cluster.key} />}
          <Lists cluster={cluster} />
          <HiddenList cluster={cluster} />
        </div>
        <div className={styles.side}>
          <section className={styles.section}>
            <h2>{t('fleet.facts')}</h2>
            <dl className={styles.facts}>
              <Fact label={t('fleet.version')} value={cluster.version} />
              <Fact label={t('fleet.context')} value={cluster.context} copy />
              <Fact label={t('fleet.server')} value={cluster.server} copy />
              <Fact label={t('fleet.user')} value={cluster.user} />
              <Fact label={t('fleet.origin')} value={cluster.source} copy />
              {Object.entries(cluster.labels).map(([key, value]) => (
                <Fact key={key} label={key} value={value} />
              ))}
            </dl>
          </section>
          <ClusterSettings key={cluster.key} cluster={cluster} actions={actions} />
        </div>
      </div>
    </article>
  );
}

function Fact({ label, value, copy }: { label: string; value: string | null; copy?: boolean }) {
  if (value === null || value === '') return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={styles.value}>{value}</span>
        {copy && <CopyButton text={value} label={t('fleet.copyValue', { name: label })} />}
      </dd>
    </div>
  );
}

/** Ways into the cluster's lists, as the navigation has them. */
function Lists({ cluster }: { cluster: Cluster }) {
  const open = cluster.lastLive !== null;
  const { rows } = useLive((client) => client.resources.kinds, open ? { clusters: [cluster.key] } : null);
  const forbidden = (kind: (typeof rows)[number]) => kind.forbidden.some((entry) => entry.cluster === cluster.key);
  const shown = rows.filter((kind) => kind.clusters.includes(cluster.key) && !forbidden(kind));
  if (shown.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>{t('fleet.lists')}</h2>
      <div className={styles.lists}>
        {sectionsOf(shown).map((section) => (
          <section key={section.name}>
            <h3>{section.custom ? section.name : t(`app.kinds.section.${section.name}`)}</h3>
            <ul>
              {section.kinds.map((kind) => (
                <li key={kind.id}>
                  <a href={href(listAddress(cluster.key, kind.id))} title={kind.id}>
                    <span>{shortTitle(kind)}</span>
                    {kind.clusters.length === 1 && kind.count !== null && (
                      <span className={styles.count}>{formatCount(kind.count)}</span>
                    )}
                    {kind.resource !== 'events' && (kind.failing ?? 0) > 0 && (
                      <span className={styles.failing}>
                        <ToneShape tone="failed" size={7} /> {formatCount(kind.failing)}
                        <span className="hidden-text"> {t('app.kinds.failing')}</span>
                      </span>
                    )}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}
