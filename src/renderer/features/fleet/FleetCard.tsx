import { useClusters } from '../../app/scope.ts';
import { Dot, legible, t } from '../../ui/index.ts';
import { Health, StateMark } from './ClusterState.tsx';
import styles from './fleet.module.css';
import { Measures } from './Measures.tsx';

/** A cluster in short, wherever its name stands. */
export function FleetCard({ subject }: { subject: string }) {
  const cluster = useClusters().byId.get(subject);
  if (cluster === undefined) return null;
  return (
    <div className={styles.hoverCard}>
      <p className={styles.hoverHead}>
        <Dot color={cluster.color} />
        <b>{cluster.name}</b>
        <span className={styles.version}>{cluster.version}</span>
      </p>
      <StateMark cluster={cluster} />
      {cluster.reason !== undefined && cluster.state !== 'live' && (
        <p className={styles.dim}>{legible(cluster.reason)}</p>
      )}
      {(cluster.pods !== null || cluster.nodes !== null) && <Health cluster={cluster} />}
      <Measures cluster={cluster} />
      {cluster.group !== '' && (
        <p className={styles.dim}>
          {t('fleet.groupKey.group')}: {cluster.group}
        </p>
      )}
    </div>
  );
}
