import { useMemo } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { formatLocation, href } from '../../app/router.ts';
import { Bar, formatBytes, formatCount, formatMillicores, formatPercent, ToneBar, t } from '../../ui/index.ts';
import styles from './fleet.module.css';
import { countsText, full, PodCounts, tight } from './Measures.tsx';
import { sumClusters } from './model.ts';

/** The clusters taken together: what runs, and how much of what there is has been promised. Each number leads to its list. */
export function FleetSummary({ clusters }: { clusters: readonly Cluster[] }) {
  const sum = useMemo(() => sumClusters(clusters), [clusters]);
  const shares = [
    {
      id: 'cpu',
      part: sum.cpuRequestedMillicores,
      whole: sum.cpuAllocatableMillicores,
      text: [formatMillicores(sum.cpuRequestedMillicores), formatMillicores(sum.cpuAllocatableMillicores)],
    },
    {
      id: 'memory',
      part: sum.memoryRequestedBytes,
      whole: sum.memoryAllocatableBytes,
      text: [formatBytes(sum.memoryRequestedBytes), formatBytes(sum.memoryAllocatableBytes)],
    },
  ];
  if (sum.known === 0) return null;
  return (
    <section className={styles.summary} aria-label={t('fleet.summary.label')}>
      <a className={styles.sum} href={href('/resources/pods')}>
        <span className={styles.sumName}>
          {t('fleet.pods')}
          {sum.current < clusters.length && (
            <span className={styles.sumNote} title={t('fleet.summary.currentAbout')}>
              {t('fleet.summary.current', { number: formatCount(sum.current), all: formatCount(clusters.length) })}
            </span>
          )}
        </span>
        <span className={styles.sumValue}>
          <b>{formatCount(sum.podTotal)}</b>
          <PodCounts counts={sum.pods} attentionOnly />
        </span>
        <ToneBar label={countsText(sum.pods)} counts={sum.pods} />
      </a>
      <a className={styles.sum} href={href('/resources/nodes')}>
        <span className={styles.sumName}>{t('fleet.nodes')}</span>
        <span className={styles.sumValue}>
          <b>{formatCount(sum.nodesTotal)}</b>
          {sum.nodesReady < sum.nodesTotal && (
            <span data-tone="warning">
              {t('fleet.summary.notReady', { number: formatCount(sum.nodesTotal - sum.nodesReady) })}
            </span>
          )}
        </span>
        <Bar
          label={t('fleet.nodesReady')}
          value={sum.nodesReady}
          max={sum.nodesTotal}
          tone={sum.nodesReady < sum.nodesTotal ? 'warning' : 'neutral'}
        />
      </a>
      {shares.map(({ id, part, whole, text }) => {
        const share = whole > 0 ? part / whole : 0;
        return (
          <a
            key={id}
            className={styles.sum}
            href={href(formatLocation('/fleet', { view: 'table', sort: id }))}
            title={t('fleet.summary.sorted')}
          >
            <span className={styles.sumName}>{t(`fleet.summary.${id}`)}</span>
            <span className={styles.sumValue}>
              <b>{formatPercent(share)}</b>
              <span className={styles.dim}>{t('fleet.summary.of', { part: text[0] ?? '', whole: text[1] ?? '' })}</span>
            </span>
            <Bar
              label={t(`fleet.${id}Requested`)}
              value={share}
              max={1}
              text={formatPercent(share)}
              tone={share >= full ? 'failed' : share >= tight ? 'warning' : 'neutral'}
            />
          </a>
        );
      })}
    </section>
  );
}
