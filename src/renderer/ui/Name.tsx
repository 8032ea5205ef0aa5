import type { CSSProperties } from 'react';
import styles from './data.module.css';
import { splitName } from './format.ts';
import { legible } from './legible.ts';

/**
 * An object's name that gives way in the middle when there is little room: its beginning is cut, its generated ending
 * stays, dimmed. The whole name is the title (not where a card shows it: `quiet`), and what is selected and copied.
 */
export function Name({ children, quiet }: { children: string; quiet?: boolean }) {
  const [stem, ending] = splitName(legible(children));
  // Without a generated ending the last letters still tell siblings apart.
  const cut = ending === '' && stem.length > 24 ? stem.length - 8 : stem.length;
  return (
    <span
      className={styles.name}
      title={quiet ? undefined : legible(children)}
      style={{ '--name-end': `${stem.length - cut + ending.length}ch` } as CSSProperties}
    >
      <span className={styles.nameStem}>{stem.slice(0, cut)}</span>
      {cut < stem.length && <span className={styles.nameTail}>{stem.slice(cut)}</span>}
      {ending !== '' && <span className={styles.nameHash}>{ending}</span>}
    </span>
  );
}
