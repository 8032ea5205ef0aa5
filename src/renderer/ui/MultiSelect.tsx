import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './Button.tsx';
import styles from './overlay.module.css';
import { t } from './text.ts';

export interface Option {
  value: string;
  label: string;
  /** Before the label, such as a coloured square. */
  mark?: ReactNode;
  /** After the label, dimmed. */
  detail?: ReactNode;
  disabled?: boolean;
}

export interface MultiSelectProps {
  /** Accessible name of the list. */
  label: string;
  options: readonly Option[];
  /** Chosen values; undefined is all of them. */
  value: readonly string[] | undefined;
  onChange(value: string[] | undefined): void;
  /** What to say instead of the list when there are no options. */
  empty?: string;
  /** The button that opens it. */
  children: ReactElement;
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

/** Chooses any of many with a filter, by keyboard throughout. Choosing none is choosing all. */
export function MultiSelect({
  label,
  options,
  value,
  onChange,
  empty,
  children,
  open,
  onOpenChange,
}: MultiSelectProps) {
  const chosen = new Set(value);
  const toggle = (option: string) => {
    const next = new Set(chosen);
    if (!next.delete(option)) next.add(option);
    onChange(next.size === 0 ? undefined : [...next]);
  };
  return (
    <Popover.Root {...(open !== undefined && { open })} {...(onOpenChange !== undefined && { onOpenChange })}>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
        >
          <Command className={styles.options} label={label}>
            <Command.Input className={styles.optionsInput} placeholder={t('ui.filter')} aria-label={t('ui.filter')} />
            <Command.List className={styles.optionsList}>
              <Command.Empty className={styles.optionsEmpty}>
                {options.length === 0 && empty !== undefined ? empty : t('ui.nothingMatches')}
              </Command.Empty>
              {options.map((option) => (
                <Command.Item
                  key={option.value}
                  className={styles.option}
                  value={option.value}
                  keywords={[option.label]}
                  disabled={option.disabled === true}
                  onSelect={() => toggle(option.value)}
                >
                  <span className={styles.optionCheck} data-checked={chosen.has(option.value)} aria-hidden>
                    <Check size={10} strokeWidth={3} />
                  </span>
                  {option.mark}
                  <span className={styles.menuText}>{option.label}</span>
                  {chosen.has(option.value) && <span className="hidden-text">{t('ui.chosen')}</span>}
                  {option.detail !== undefined && <span className={styles.optionDetail}>{option.detail}</span>}
                </Command.Item>
              ))}
            </Command.List>
            <div className={styles.optionsFoot}>
              <Button size="s" variant="quiet" disabled={value === undefined} onClick={() => onChange(undefined)}>
                {t('ui.all')}
              </Button>
              <Popover.Close asChild>
                <Button size="s" variant="quiet">
                  {t('ui.done')}
                </Button>
              </Popover.Close>
            </div>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
