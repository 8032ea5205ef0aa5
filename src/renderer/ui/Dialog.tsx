import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './Button.tsx';
import styles from './overlay.module.css';
import { t } from './text.ts';

export interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** One or two sentences below the title. */
  description?: ReactNode;
  footer?: ReactNode;
  size?: 'm' | 'l';
  children?: ReactNode;
}

/** Modal. Focus goes in, stays in, and returns to where it was. */
export function Dialog({ open, onOpenChange, title, description, footer, size = 'm', children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          className={styles.dialog}
          data-size={size}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            // The first field when there is one; else the dialog itself and not the button that closes it.
            event.preventDefault();
            const content = event.currentTarget;
            if (!(content instanceof HTMLElement)) return;
            const field = content.querySelector<HTMLElement>('input, textarea, select');
            (field ?? content).focus();
          }}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <header className={styles.dialogHead}>
            <Radix.Title className={styles.dialogTitle}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('ui.close')} icon={X} />
            </Radix.Close>
          </header>
          {description !== undefined && (
            <Radix.Description className={styles.dialogText}>{description}</Radix.Description>
          )}
          <div className={styles.dialogBody}>{children}</div>
          {footer !== undefined && <footer className={styles.dialogFoot}>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
