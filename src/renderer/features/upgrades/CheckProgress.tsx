import type { UpgradeRow } from '../../../core/cluster/upgrades/contract.ts';
import { formatCount, t } from '../../ui/index.ts';
import css from './upgrades.module.css';

/** How far a check is, and what it reads. */
export function CheckProgress({ check }: { check: NonNullable<UpgradeRow['check']> }) {
  const { what, done, of, objects } = check;
  return (
    <span className={css.progress}>
      <progress aria-label={t('upgrades.checking')} value={done} max={Math.max(of, 1)} />
      <span className={css.dim}>
        {what} · {t('upgrades.objectsRead', { count: objects, number: formatCount(objects) })}
      </span>
    </span>
  );
}
