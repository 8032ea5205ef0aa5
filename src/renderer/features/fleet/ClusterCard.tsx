import { ArrowRight, EllipsisVertical, EyeOff, Pin, Shield, Star } from 'lucide-react';
import { memo } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { ContextMenu, classes, IconButton, Menu, Tooltip, t } from '../../ui/index.ts';
import { Health, Risks, StateButton, StateMark, Trouble } from './ClusterState.tsx';
import styles from './fleet.module.css';
import { Measures } from './Measures.tsx';
import { type ClusterActions, listAddress } from './useClusterActions.ts';

export interface ClusterCardProps {
  cluster: Cluster;
  /** Whether its being of the demo fleet says anything: not where all are. */
  demo: boolean;
  actions: ClusterActions;
}

/** A cluster at a glance. Its frame says how far what it shows can be trusted. */
export const ClusterCard = memo(function ClusterCard({ cluster, demo, actions }: ClusterCardProps) {
  const { state } = cluster;
  const known = cluster.pods !== null || cluster.nodes !== null || cluster.capacity !== null;
  const current = state === 'live';
  const showsMeasures = known && state !== 'needsConsent' && state !== 'connecting';
  return (
    <ContextMenu groups={actions.menu(cluster)}>
      <article
        className={styles.card}
        data-state={state}
        data-cluster={cluster.key}
        aria-labelledby={`cluster-${cluster.key}`}
      >
        <span className={styles.edge} style={{ backgroundColor: `var(--${cluster.color}, var(--slate))` }} />
        <header className={styles.cardHead}>
          <h3 className={styles.cardName} id={`cluster-${cluster.key}`}>
            <a href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))} title={cluster.context}>
              {cluster.name}
            </a>
          </h3>
          <Badges cluster={cluster} demo={demo} />
          <span className={styles.version}>{cluster.version}</span>
          {current && <StateMark cluster={cluster} short />}
          <IconButton
            size="s"
            icon={Star}
            filled={cluster.favorite}
            pressed={cluster.favorite}
            className={classes(styles.star, cluster.favorite && styles.starred)}
            label={t(cluster.favorite ? 'fleet.unstar' : 'fleet.star')}
            onClick={() => void actions.update(cluster.key, { favorite: !cluster.favorite })}
          />
          <Menu groups={actions.menu(cluster)} align="end">
            <IconButton size="s" icon={EllipsisVertical} label={t('fleet.more', { name: cluster.name })} />
          </Menu>
        </header>
        {!current && <StateMark cluster={cluster} />}
        <Risks risks={cluster.risks} />
        <div className={styles.cardBody}>
          {!current && <Trouble cluster={cluster} />}
          {showsMeasures && (
            <div className={classes(!current && styles.past)}>
              <Measures cluster={cluster} />
            </div>
          )}
          {cluster.hidden.length > 0 && state !== 'forbidden' && (
            <p className={styles.hiddenLine}>
              <EyeOff size={12} aria-hidden />
              <a href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))}>
                {cluster.namespaces === null
                  ? t('fleet.hiddenKinds', { kinds: hiddenWords(cluster.hidden) })
                  : t('fleet.hiddenBut', {
                      namespaces: cluster.namespaces.join(', '),
                      kinds: hiddenWords(cluster.hidden),
                    })}
              </a>
            </p>
          )}
        </div>
        <footer className={styles.cardFoot}>
          {current ? <Health cluster={cluster} linked /> : <span className={styles.server}>{cluster.server}</span>}
          <span className={styles.cardActions}>
            {(current || state === 'stale') && (
              <a
                className={styles.browse}
                href={href(listAddress(cluster.key))}
                aria-label={t('fleet.browseNamed', { name: cluster.name })}
              >
                {t('fleet.browseShort')}
                <ArrowRight size={13} aria-hidden />
              </a>
            )}
            {!current && <StateButton cluster={cluster} actions={actions} />}
          </span>
        </footer>
      </article>
    </ContextMenu>
  );
});

/** The first few of what may not be seen; the cluster's page has all of it. */
function hiddenWords(hidden: Cluster['hidden']): string {
  const names = [...new Set(hidden.map(({ kind }) => kind.split('.')[0] ?? kind))];
  const few = names.slice(0, 3).join(', ');
  return names.length <= 3 ? few : t('fleet.andMore', { names: few, number: names.length - 3 });
}

/** What the user has decided about the cluster. */
export function Badges({ cluster, short, demo = true }: { cluster: Cluster; short?: boolean; demo?: boolean }) {
  return (
    <span className={styles.badges}>
      {cluster.protected && (
        <Tooltip content={t('fleet.protectedText')}>
          <span className={styles.badge}>
            <Shield size={12} aria-hidden style={{ color: `var(--${cluster.color})` }} fill="currentColor" />
            <span className={classes(short && 'hidden-text')}>{t('fleet.protected')}</span>
          </span>
        </Tooltip>
      )}
      {cluster.pinned && (
        <Tooltip content={t('fleet.pinnedText')}>
          <span className={styles.badge}>
            <Pin size={12} aria-hidden />
            <span className="hidden-text">{t('fleet.pinned')}</span>
          </span>
        </Tooltip>
      )}
      {cluster.demo && demo && <span className={styles.badge}>{t('fleet.demo')}</span>}
    </span>
  );
}
