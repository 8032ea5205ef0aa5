import { EllipsisVertical, KeyRound, Star } from 'lucide-react';
import { memo, startTransition, useEffect, useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { href, navigate, pathOf } from '../../app/router.ts';
import { Button, classes, Dot, formatCount, formatPercent, IconButton, Menu, ToneBar, t } from '../../ui/index.ts';
import { Badges } from './ClusterCard.tsx';
import { Health, StateButton, StateMark } from './ClusterState.tsx';
import styles from './fleet.module.css';
import { countsText, PodCounts, UsageBar } from './Measures.tsx';
import { type ClusterGroup, type SortKey, usage } from './model.ts';
import { type ClusterActions, listAddress } from './useClusterActions.ts';

export interface ClusterTableProps {
  groups: readonly ClusterGroup[];
  groupTitle(name: string): string;
  sort: SortKey;
  onSort(key: SortKey): void;
  actions: ClusterActions;
}

/** The width of each is fixed, so that a number that changes moves nothing, and a hundred lines are laid out once. */
const widths = [
  { id: 'name', className: styles.colName },
  { id: 'connection', className: styles.colState },
  { id: 'health', className: undefined },
  { id: 'version', className: classes(styles.colVersion, styles.wide) },
  { id: 'nodes', className: styles.colNodes },
  { id: 'pods', className: styles.colPods },
  { id: 'cpu', className: styles.colShare },
  { id: 'memory', className: styles.colShare },
  { id: 'actions', className: styles.colActions },
];

/** Lines that are drawn with the first frame: more than a window shows. */
const atFirst = 36;

/** The first lines at once, and the others in pieces that leave the page time for its user. */
function useGrowing(groups: readonly ClusterGroup[]): readonly (ClusterGroup & { shown: readonly Cluster[] })[] {
  const [whole, setWhole] = useState(false);
  useEffect(() => startTransition(() => setWhole(true)), []);
  let left = whole ? Number.POSITIVE_INFINITY : atFirst;
  return groups.map((group) => {
    const shown = group.clusters.slice(0, left);
    left -= shown.length;
    return { ...group, shown };
  });
}

/** The same clusters, one line each. */
export function ClusterTable({ groups, groupTitle, sort, onSort, actions }: ClusterTableProps) {
  const growing = useGrowing(groups);
  const demo = !groups.every((group) => group.clusters.every((cluster) => cluster.demo));
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
      <colgroup>
        {widths.map(({ id, className }) => (
          <col key={id} className={className} />
        ))}
      </colgroup>
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
      {growing.map((group) => (
        <tbody key={group.name}>
          {groups.length > 1 && (
            <tr className={styles.groupRow}>
              <th scope="rowgroup" colSpan={9}>
                {groupTitle(group.name)} <span className={styles.dim}>{formatCount(group.clusters.length)}</span>
              </th>
            </tr>
          )}
          {group.shown.map((cluster) => (
            <Line key={cluster.key} cluster={cluster} demo={demo} actions={actions} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

const Line = memo(function Line(props: { cluster: Cluster; demo: boolean; actions: ClusterActions }) {
  const { cluster, actions } = props;
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
    <tr
      data-cluster={cluster.key}
      onClick={(event) => {
        const taken = event.target instanceof Element && event.target.closest('a, button') !== null;
        if (!taken && window.getSelection()?.toString() === '')
          navigate(pathOf('/clusters/:cluster', { cluster: cluster.key }));
      }}
    >
      <td className={styles.nameCell}>
        <span>
          <Dot color={cluster.color} />
          <a
            href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))}
            title={cluster.name === cluster.context ? cluster.name : `${cluster.name}\n${cluster.context}`}
          >
            {cluster.name}
          </a>
          {cluster.favorite && (
            <Star size={12} fill="currentColor" className={styles.starred} aria-label={t('fleet.favorite')} />
          )}
          <Badges cluster={cluster} short demo={props.demo} />
        </span>
      </td>
      <td>
        <StateMark cluster={cluster} short />
      </td>
      <td className={styles.healthCell}>
        {text === undefined ? (
          <Health cluster={cluster} linked />
        ) : (
          <span className={styles.dim} title={text}>
            {text}
          </span>
        )}
      </td>
      <td className={classes(styles.mono, styles.wide)}>{cluster.version}</td>
      <td className={classes(styles.numeric, past && styles.past)}>
        {cluster.nodes !== null && (
          <a
            className={styles.figure}
            data-tone={cluster.nodes.ready < cluster.nodes.total ? 'warning' : undefined}
            href={href(listAddress(cluster.key, 'nodes'))}
          >
            {formatCount(cluster.nodes.ready)}
            <span> / {formatCount(cluster.nodes.total)}</span>
          </a>
        )}
      </td>
      <td className={classes(styles.shareCell, past && styles.past)}>
        {cluster.pods !== null && (
          <a className={classes(styles.share, styles.podShare)} href={href(listAddress(cluster.key))}>
            <ToneBar label={countsText(cluster.pods)} counts={cluster.pods} />
            <PodCounts counts={cluster.pods} />
          </a>
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
            cluster.state !== 'live' && <StateButton cluster={cluster} actions={actions} />
          )}
          <Menu groups={actions.menu(cluster)} align="end">
            <IconButton size="s" icon={EllipsisVertical} label={t('fleet.more', { name: cluster.name })} />
          </Menu>
        </span>
      </td>
    </tr>
  );
});
