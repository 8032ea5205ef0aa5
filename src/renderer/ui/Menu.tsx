import type { LucideIcon } from 'lucide-react';
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import { Fragment, type ReactElement } from 'react';
import { Kbd } from './Kbd.tsx';
import styles from './overlay.module.css';

export interface MenuAction {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Keys of the same command. */
  keys?: string | undefined;
  disabled?: boolean;
  /** Why it is disabled: shown under the label. */
  reason?: string | undefined;
  danger?: boolean;
  /** Draws a mark: one of several that is chosen. */
  checked?: boolean;
  perform(): void;
}

export interface MenuGroup {
  id: string;
  label?: string;
  actions: readonly MenuAction[];
}

export interface MenuProps {
  groups: readonly MenuGroup[];
  /** One element that takes a ref and the usual handlers: a button, or the area of a context menu. */
  children: ReactElement;
  align?: 'start' | 'center' | 'end';
}

/** A menu that opens from a button. */
export function Menu({ groups, children, align = 'start' }: MenuProps) {
  return (
    <RadixDropdown.Root modal={false}>
      <RadixDropdown.Trigger asChild>{children}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content className={styles.menu} align={align} sideOffset={4} collisionPadding={8}>
          <MenuBody groups={groups} parts={RadixDropdown} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

/** The same menu on right click and on the context-menu key. */
export function ContextMenu({ groups, children }: MenuProps) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className={styles.menu} collisionPadding={8}>
          <MenuBody groups={groups} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

type Parts = Pick<typeof RadixDropdown, 'Item' | 'CheckboxItem' | 'Label' | 'Separator'>;

function MenuBody({ groups, parts }: { groups: readonly MenuGroup[]; parts: Parts }) {
  const { Item, CheckboxItem, Label, Separator } = parts;
  return groups
    .filter((group) => group.actions.length > 0)
    .map((group, index) => (
      <Fragment key={group.id}>
        {index > 0 && <Separator className={styles.menuLine} />}
        {group.label !== undefined && <Label className={styles.menuLabel}>{group.label}</Label>}
        {group.actions.map((action) => {
          const Icon = action.icon;
          const content = (
            <>
              {Icon !== undefined && <Icon size={14} aria-hidden />}
              <span className={styles.menuText}>
                {action.label}
                {action.reason !== undefined && <span className={styles.menuReason}>{action.reason}</span>}
              </span>
              {action.checked === true && <span aria-hidden>✓</span>}
              {action.keys !== undefined && <Kbd keys={action.keys} />}
            </>
          );
          const shared = {
            className: styles.menuItem,
            disabled: action.disabled === true,
            'data-danger': action.danger === true,
            onSelect: () => action.perform(),
          };
          return action.checked === undefined ? (
            <Item key={action.id} {...shared}>
              {content}
            </Item>
          ) : (
            <CheckboxItem key={action.id} {...shared} checked={action.checked}>
              {content}
            </CheckboxItem>
          );
        })}
      </Fragment>
    ));
}
