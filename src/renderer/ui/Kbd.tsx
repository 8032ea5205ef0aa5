import styles from './controls.module.css';
import { keyCaps } from './keys.ts';

/** Keys as caps: `Mod+K` is `Ctrl` `K`, or `⌘` `K` on a Mac. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.kbd}>
      {keyCaps(keys).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
