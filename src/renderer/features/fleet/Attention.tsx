import { useMemo } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { cardOf } from '../../app/cards/model.ts';
import { stateTones } from '../../app/clusterState.ts';
import { formatLocation, href, listText, pathOf, setParams } from '../../app/router.ts';
import { useLive } from '../../client/index.ts';
import { Age, Button, Dot, formatCount, legible, Skeleton, StatusMark, ToneShape, t } from '../../ui/index.ts';
import styles from './attention.module.css';
import { groupTroubles } from './model.ts';
import type { ClusterActions } from './useClusterActions.ts';

/** Causes that are shown. */
const mostCauses = 12;

/**
 * What wants a human, worst first: clusters that are not live, by what keeps them from it, and failing pods by what they
 * belong to. A hundred unreachable clusters are a line with a number, and so are a thousand pods of one broken rollout.
 */
export function Attention({ clusters, actions }: { clusters: readonly Cluster[]; actions: ClusterActions }) {
  const troubles = useMemo(() => groupTroubles(clusters), [clusters]);
  return (
    <aside className={styles.attention} aria-label={t('fleet.attention.title')}>
      {troubles.length > 0 && (
        <section>
          <h2>{t('fleet.attention.clusters')}</h2>
          <ul>
            {troubles.map((trouble) => (
              <li key={`${trouble.state} ${trouble.reason}`} className={styles.trouble}>
                <p className={styles.line}>
                  <StatusMark tone={stateTones[trouble.state]}>
                    {t('fleet.attention.count', {
                      number: formatCount(trouble.clusters.length),
                      state: t(`fleet.state.${trouble.state}`).toLowerCase(),
                    })}
                  </StatusMark>
                  <span className={styles.age}>
                    <Age at={trouble.since} />
                  </span>
                </p>
                {trouble.reason !== '' && <p className={styles.reason}>{legible(trouble.reason)}</p>}
                <p className={styles.names}>
                  {trouble.clusters.slice(0, 4).map((cluster) => (
                    <a
                      key={cluster.key}
                      href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))}
                      data-card={cardOf('cluster', cluster.key)}
                    >
                      {cluster.name}
                    </a>
                  ))}
                  {trouble.clusters.length > 4 && (
                    <button
                      type="button"
                      className={styles.more}
                      onClick={() => setParams({ filter: `state:${trouble.state}`, view: 'table' })}
                    >
                      {t('fleet.attention.more', { number: formatCount(trouble.clusters.length - 4) })}
                    </button>
                  )}
                  {trouble.state !== 'needsConsent' && (
                    <Button
                      size="s"
                      variant="quiet"
                      onClick={() => actions.open(trouble.clusters.map((cluster) => cluster.key))}
                    >
                      {t(trouble.clusters.length > 1 ? 'fleet.attention.retryAll' : 'fleet.retry')}
                    </Button>
                  )}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Failures clusters={clusters} />
    </aside>
  );
}

/** Failing pods by cause: of all clusters that are open, or of one. */
export function Failures({ clusters, only }: { clusters: readonly Cluster[]; only?: string }) {
  const anyKnown = clusters.some((cluster) => cluster.lastLive !== null);
  const { head, rows, state } = useLive(
    (client) => client.resources.causes,
    anyKnown ? { ...(only !== undefined && { clusters: [only] }), limit: mostCauses } : null,
  );
  const byId = useMemo(() => new Map(clusters.map((cluster) => [cluster.key, cluster])), [clusters]);
  if (!anyKnown || (only !== undefined && rows.length === 0)) return null;
  return (
    <section className={styles.failures}>
      <h2>
        {t('fleet.attention.pods')}
        {head !== undefined && head.pods > 0 && (
          <a
            className={styles.all}
            href={href(
              formatLocation('/resources/pods', {
                filter: 'is:failed,warning',
                sort: 'created:desc',
                ...(only !== undefined && { clusters: only }),
              }),
            )}
          >
            {t('fleet.attention.all', { number: formatCount(head.pods) })}
          </a>
        )}
      </h2>
      {head === undefined && state === 'waiting' && (
        <p className={styles.bones}>
          <Skeleton width="80%" />
          <Skeleton width="64%" />
          <Skeleton width="72%" />
        </p>
      )}
      {head !== undefined && rows.length === 0 && (
        <p className={styles.fine}>
          <ToneShape tone="healthy" /> {t('fleet.attention.none')}
        </p>
      )}
      <ul>
        {rows.map((cause) => {
          const [first = ''] = cause.clusters;
          const cluster = byId.get(first);
          return (
            <li key={cause.key}>
              <a
                className={styles.cause}
                href={href(
                  formatLocation('/resources/pods', {
                    // All of them is what a list shows by itself, and a short address.
                    clusters: cause.clusters.length === clusters.length ? undefined : listText(cause.clusters),
                    namespaces: cause.namespace,
                    filter: cause.filter,
                  }),
                )}
              >
                <span className={styles.line}>
                  <ToneShape tone={cause.tone} />
                  <b>{cause.name}</b>
                  {cause.count > 1 && <span className={styles.times}>×{formatCount(cause.count)}</span>}
                  <span className={styles.age}>
                    <Age at={cause.since} />
                  </span>
                </span>
                <span className={styles.where}>
                  <span className={styles.status} data-tone={cause.tone}>
                    {legible(cause.status)}
                  </span>
                  <span>{cause.namespace}</span>
                  {only === undefined && (
                    <>
                      {cause.clusters.length === 1 && <Dot color={cluster?.color ?? 'slate'} />}
                      <span>
                        {cause.clusters.length > 1
                          ? t('fleet.attention.clustersOf', { number: formatCount(cause.clusters.length) })
                          : (cluster?.name ?? first)}
                      </span>
                    </>
                  )}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
      {head !== undefined && head.causes > rows.length && (
        <p className={styles.fine}>{t('fleet.attention.moreCauses', { number: head.causes - rows.length })}</p>
      )}
    </section>
  );
}
