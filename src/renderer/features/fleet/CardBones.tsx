import { Skeleton } from '../../ui/index.ts';
import styles from './fleet.module.css';

/** Cards before the first answer, in the layout of the real ones. */
export function CardBones() {
  return (
    <div className={styles.cards} aria-hidden>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((name) => (
        <div key={name} className={styles.card}>
          <Skeleton width="45%" height={14} />
          <Skeleton width="30%" />
          <div className={styles.boneRows}>
            <Skeleton height={6} />
            <Skeleton height={6} />
            <Skeleton height={6} />
            <Skeleton height={6} />
          </div>
          <Skeleton width="70%" />
        </div>
      ))}
    </div>
  );
}
