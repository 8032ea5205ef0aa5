import { EllipsisVertical, KeyRound, Star } from 'lucide-react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { href, navigate, pathOf } from '../../app/router.ts';
import { Button, classes, Dot, formatCount, formatPercent, IconButton, Menu, ToneBar, t } from '../../ui/index.ts';
import { Badges } from './ClusterCard.tsx';
import { Health, StateButton, StateMark } from './ClusterState.tsx';
import styles from './fleet.module.css';
import { countsText, PodCounts, UsageBar } from './Measures.tsx';
import { type ClusterGroup, type SortKey, usage } from './model.ts';
import type { ClusterActions } from './useClusterActions.ts';

export interface ClusterTableProps {
  groups: readonly ClusterGroup[];
  groupTitle(name: string): string;
  sort: SortKey;
  onSort(key: SortKey): void;
  actions: ClusterActions;
}

/** The same clusters, one line each. */
export function ClusterTable({ groups, groupTitle, sort, onSort, actions }: ClusterTableProps) {
  const header = (key: SortKey | undefined, label: string, numeric = false, extra?: string) => (
    <th
      scope="col"
      aria-sort={key === sort ? 'descending' : undefined}
      className={classes(numeric && styles.numeric, extra)}
    >
      {key === undefined ? (
        label
      ) : (
        <button type="button" className={styles.sortButton} data-sorted={key === sort} onClick={() => onSort(key)}>
          {label}
        </button>
      )}
    </th>
  );
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {header('name', t('fleet.name'))}
          {header(undefined, t('fleet.connection'))}
          {header('health', t('fleet.health'))}
          {header('version', t('fleet.version'), false, styles.wide)}
          {header(undefined, t('fleet.nodes'), true)}
          {header('pods', t('fleet.pods'), true)}
          {header('cpu', t('fleet.cpu'), true)}
          {header('memory', t('fleet.memory'), true)}
          <th scope="col">
            <span className="hidden-text">{t('fleet.actions')}</span>
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.name}>
          {groups.length > 1 && (
            <tr className={styles.groupRow}>
              <th scope="rowgroup" colSpan={9}>
                {groupTitle(group.name)} <span className={styles.dim}>{formatCount(group.clusters.length)}</span>
              </th>
            </tr>
          )}
          {group.clusters.map((cluster) => (
            <Line key={cluster.key} cluster={cluster} actions={actions} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Line({ cluster, actions }: { cluster: Cluster; actions: ClusterActions }) {
  const past = cluster.state !== 'live';
  const share = (of: 'cpu' | 'memory') => (
    <td className={classes(styles.shareCell, past && styles.past)}>
      {usage(cluster, of) !== undefined && (
        <span className={styles.share}>
          <UsageBar cluster={cluster} of={of} />
          <span>{formatPercent(usage(cluster, of))}</span>
        </span>
      )}
    </td>
  );
  const text =
    cluster.state === 'live' || cluster.state === 'stale'
      ? undefined
      : (cluster.reason ?? t(`fleet.explain.${cluster.state}`));
  return (
    <tr data-cluster={cluster.key}>
      <td className={styles.nameCell}>
        <span>
          <Dot color={cluster.color} />
          <a href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))} title={cluster.context}>
            {cluster.name}
          </a>
          {cluster.favorite && (
            <Star size={12} fill="currentColor" className={styles.starred} aria-label={t('fleet.favorite')} />
          )}
          <Badges cluster={cluster} short />
        </span>
      </td>
      <td>
        <StateMark cluster={cluster} short />
      </td>
      <td className={styles.healthCell}>
        {text === undefined ? (
          <Health cluster={cluster} />
        ) : (
          <span className={styles.dim} title={text}>
            {text}
          </span>
        )}
      </td>
      <td className={classes(styles.mono, styles.wide)}>{cluster.version}</td>
      <td className={classes(styles.numeric, past && styles.past)}>
        {cluster.nodes !== null && `${cluster.nodes.ready} / ${cluster.nodes.total}`}
      </td>
      <td className={classes(styles.shareCell, past && styles.past)}>
        {cluster.pods !== null && (
          <span className={classes(styles.share, styles.podShare)}>
            <ToneBar label={countsText(cluster.pods)} counts={cluster.pods} />
            <PodCounts counts={cluster.pods} />
          </span>
        )}
      </td>
      {share('cpu')}
      {share('memory')}
      <td className={styles.actionCell}>
        <span>
          {cluster.state === 'needsConsent' ? (
            // What would be run must be read first, and a line has no room for it.
            <Button
              size="s"
              icon={KeyRound}
              onClick={() => navigate(pathOf('/clusters/:cluster', { cluster: cluster.key }))}
            >
              {t('fleet.review')}
            </Button>
          ) : (
            <StateButton cluster={cluster} actions={actions} />
          )}
          <Menu groups={actions.menu(cluster)} align="end">
            <IconButton size="s" icon={EllipsisVertical} label={t('fleet.more', { name: cluster.name })} />
          </Menu>
        </span>
      </td>
    </tr>
  );
}
