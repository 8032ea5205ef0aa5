import { X } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './controls.module.css';
import { t } from './text.ts';

/** A small square in a named colour of the palette, such as a context's. */
export function Dot({ color }: { color: string }) {
  return <span className={styles.dot} style={{ backgroundColor: `var(--${color}, var(--slate))` }} aria-hidden />;
}

export interface ChipProps extends Omit<ComponentProps<'button'>, 'children'> {
  children: ReactNode;
}

/** A chip that does something: opens a list, toggles a filter. */
export function ChipButton({ children, ...rest }: ChipProps) {
  return (
    <button type="button" {...rest} className={classes(styles.chip, rest.className)}>
      {children}
    </button>
  );
}

/** A chip that says something, and can be taken away. */
export function Chip({ children, label, onRemove }: { children: ReactNode; label: string; onRemove?: () => void }) {
  return (
    <span className={styles.chip}>
      <span className={styles.chipText}>{children}</span>
      {onRemove !== undefined && (
        <button
          type="button"
          className={styles.chipRemove}
          aria-label={t('ui.remove', { name: label })}
          onClick={onRemove}
        >
          <X size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}
