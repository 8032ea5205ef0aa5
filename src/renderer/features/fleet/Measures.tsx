import type { Cluster, ToneCounts } from '../../../core/cluster/fleet/contract.ts';
import { href } from '../../app/router.ts';
import {
  Bar,
  formatBytes,
  formatCount,
  formatMillicores,
  formatPercent,
  ToneBar,
  ToneShape,
  t,
  tonesByUrgency,
} from '../../ui/index.ts';
import styles from './fleet.module.css';
import { usage } from './model.ts';
import { listAddress } from './useClusterActions.ts';

/** What a cluster has and what of it is asked for: nodes, pods, CPU, memory, each on its scale. */
export function Measures({ cluster }: { cluster: Cluster }) {
  const { nodes, pods, capacity } = cluster;
  return (
    <dl className={styles.measures}>
      {nodes !== null && (
        <>
          <dt>
            <a href={href(listAddress(cluster.key, 'nodes'))}>{t('fleet.nodes')}</a>
          </dt>
          <dd>
            <Bar
              label={t('fleet.nodesReady')}
              value={nodes.ready}
              max={nodes.total}
              tone={nodes.ready < nodes.total ? 'warning' : 'neutral'}
            />
          </dd>
          <dd className={styles.figure} data-tone={nodes.ready < nodes.total ? 'warning' : undefined}>
            {formatCount(nodes.ready)}
            <span> / {formatCount(nodes.total)}</span>
          </dd>
        </>
      )}
      {pods !== null && (
        <>
          <dt>
            <a href={href(listAddress(cluster.key))}>{t('fleet.pods')}</a>
          </dt>
          <dd>
            <ToneBar label={countsText(pods)} counts={pods} />
          </dd>
          <dd className={styles.figure}>
            <PodCounts counts={pods} />
          </dd>
        </>
      )}
      {capacity !== null && (
        <>
          <dt>{t('fleet.cpu')}</dt>
          <dd>
            <UsageBar cluster={cluster} of="cpu" />
          </dd>
          <dd className={styles.figure}>
            {formatMillicores(capacity.cpuRequestedMillicores)}
            <span> / {formatMillicores(capacity.cpuAllocatableMillicores)}</span>
          </dd>
          <dt>{t('fleet.memory')}</dt>
          <dd>
            <UsageBar cluster={cluster} of="memory" />
          </dd>
          <dd className={styles.figure}>
            {formatBytes(capacity.memoryRequestedBytes)}
            <span> / {formatBytes(capacity.memoryAllocatableBytes)}</span>
          </dd>
        </>
      )}
    </dl>
  );
}

/** Above this share of requests a new pod may find no room, above that nearly nothing fits. */
export const tight = 0.85;
export const full = 0.95;

export function UsageBar({ cluster, of }: { cluster: Cluster; of: 'cpu' | 'memory' }) {
  const share = usage(cluster, of);
  if (share === undefined) return null;
  return (
    <Bar
      label={t(of === 'cpu' ? 'fleet.cpuRequested' : 'fleet.memoryRequested')}
      value={share}
      max={1}
      text={formatPercent(share)}
      tone={share >= full ? 'failed' : share >= tight ? 'warning' : 'neutral'}
    />
  );
}

/** Pods that want attention by shape and number, then the rest. */
export function PodCounts({ counts, attentionOnly }: { counts: ToneCounts; attentionOnly?: boolean }) {
  const attention = (['failed', 'warning', 'progressing'] as const).filter((tone) => counts[tone] > 0);
  const rest = counts.healthy + counts.unknown + counts.stopped;
  return (
    <span className={styles.counts} title={attentionOnly ? undefined : countsText(counts)}>
      {attention.map((tone) => (
        <span key={tone} data-tone={tone}>
          <ToneShape tone={tone} size={7} /> {formatCount(counts[tone])}
        </span>
      ))}
      {attentionOnly !== true && <span>{formatCount(rest)}</span>}
    </span>
  );
}

export function countsText(counts: ToneCounts): string {
  return tonesByUrgency
    .filter((tone) => counts[tone] > 0)
    .map((tone) => `${formatCount(counts[tone])} ${t(`ui.tone.${tone}`).toLowerCase()}`)
    .join(', ');
}
