import { ArrowLeft, Maximize2, X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { IconButton } from './Button.tsx';
import styles from './overlay.module.css';
import { t } from './text.ts';

const narrowest = 320;
const step = 32;

export interface DrawerProps {
  /** Accessible name of the region. */
  label: string;
  title: ReactNode;
  /** CSS pixels. */
  width: number;
  onWidth(width: number): void;
  onClose(): void;
  /** Present when there is something to go back to. */
  onBack?: (() => void) | undefined;
  /** Opens the same content as a page. */
  onExpand?: (() => void) | undefined;
  /** Buttons before the closing ones. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A panel at the right that does not cover the list: it takes room from it. Its edge is dragged or moved by arrows. */
export function Drawer(props: DrawerProps) {
  const { label, title, width, onWidth, onClose, onBack, onExpand, actions, children } = props;
  const start = useRef<{ x: number; width: number }>(undefined);
  const widest = () => Math.max(narrowest, window.innerWidth - 360);
  const set = (next: number) => onWidth(Math.round(Math.min(widest(), Math.max(narrowest, next))));
  const drag = {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = { x: event.clientX, width };
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) {
      if (start.current !== undefined) set(start.current.width + start.current.x - event.clientX);
    },
    onPointerUp() {
      start.current = undefined;
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'ArrowLeft') set(width + step);
      else if (event.key === 'ArrowRight') set(width - step);
      else return;
      event.preventDefault();
    },
  };
  return (
    <aside className={styles.drawer} data-drawer style={{ width }} aria-label={label}>
      {/* biome-ignore lint/a11y/useSemanticElements: a splitter that is focused and moved is not an <hr>. */}
      <div
        className={styles.resizer}
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t('ui.resize')}
        aria-valuenow={width}
        aria-valuemin={narrowest}
        {...drag}
      />
      <header className={styles.drawerHead}>
        {onBack !== undefined && <IconButton label={t('ui.back')} icon={ArrowLeft} onClick={onBack} />}
        <div className={styles.drawerTitle}>{title}</div>
        {actions}
        {onExpand !== undefined && <IconButton label={t('ui.expand')} icon={Maximize2} onClick={onExpand} />}
        <IconButton label={t('ui.close')} keys="Escape" icon={X} onClick={onClose} />
      </header>
      <div className={styles.drawerBody}>{children}</div>
    </aside>
  );
}
