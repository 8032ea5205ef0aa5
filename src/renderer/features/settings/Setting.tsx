import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** One line: what it is at the left, how it is at the right. */
export function Setting({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.setting}>
      <div>
        <span className={styles.settingLabel}>{label}</span>
        {hint !== undefined && <p>{hint}</p>}
      </div>
      <div className={styles.settingValue}>{children}</div>
    </div>
  );
}
