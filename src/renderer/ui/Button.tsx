import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './controls.module.css';
import { Tooltip } from './Tooltip.tsx';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  variant?: 'default' | 'primary' | 'quiet' | 'danger';
  size?: 's' | 'm';
  icon?: LucideIcon;
  /** Something that it started is under way: it stays readable and does nothing more. */
  busy?: boolean;
  children: ReactNode;
}

export function Button({ variant = 'default', size = 'm', icon: Icon, busy, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy === true}
      aria-busy={busy}
      className={classes(
        styles.button,
        size === 's' && styles.small,
        variant === 'primary' && styles.primary,
        variant === 'quiet' && styles.quiet,
        variant === 'danger' && styles.danger,
        rest.className,
      )}
    >
      {Icon !== undefined && <Icon size={14} aria-hidden />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** Accessible name, also the tooltip. */
  label: string;
  /** Keys of the same command, shown in the tooltip. */
  keys?: string | undefined;
  icon: LucideIcon;
  size?: 's' | 'm';
  pressed?: boolean;
  /** Fills the icon, for marks such as a star. */
  filled?: boolean;
}

export function IconButton({ label, keys, icon: Icon, size = 'm', pressed, filled, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        {...(pressed !== undefined && { 'aria-pressed': pressed })}
        {...rest}
        className={classes(styles.iconButton, size === 's' && styles.iconSmall, rest.className)}
      >
        <Icon size={size === 's' ? 14 : 16} aria-hidden {...(filled && { fill: 'currentColor' })} />
      </button>
    </Tooltip>
  );
}
