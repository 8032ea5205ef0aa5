import { ChevronDown, Columns2, Maximize2, Minimize2, X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, Suspense, useContext, useRef } from 'react';
import { type DockTab, useDock } from '../../state/dock.ts';
import { useLayout } from '../../state/layout.ts';
import { IconButton, Skeleton, t } from '../../ui/index.ts';
import { ErrorBoundary } from '../ErrorBoundary.tsx';
import type { DockPanel, Feature } from '../feature.ts';
import { FeaturesContext } from '../objectActions.ts';
import styles from './dock.module.css';

const lowest = 120;
const step = 24;

/** What is worked with beside the page, over every navigation: logs, terminals, editors. Hidden panels stay mounted. */
export function Dock() {
  const features = useContext(FeaturesContext);
  const { tabs, active, beside, open, maximized } = useDock();
  const height = useLayout((layout) => layout.dockHeight);
  if (tabs.length === 0) return null;
  const shown = (tab: DockTab) => open && (tab.id === active || tab.id === beside);
  return (
    <section
      className={styles.dock}
      aria-label={t('app.dock.label')}
      data-open={open}
      style={maximized ? { flex: '1 1 100%' } : { height: open ? height : undefined }}
    >
      {open && !maximized && <Edge height={height} />}
      <Bar features={features} />
      <div className={styles.panels} hidden={!open}>
        {tabs.map((tab) => {
          const panel = panelOf(features, tab.kind);
          return (
            <div
              key={tab.id}
              id={tab.id}
              className={styles.panel}
              role="tabpanel"
              aria-labelledby={`${tab.id}-tab`}
              hidden={!shown(tab)}
              data-beside={tab.id === beside}
            >
              <ErrorBoundary region={panel?.title(tab.subject) ?? tab.kind}>
                <Suspense fallback={<Bones />}>
                  {panel !== undefined && <panel.Panel tab={tab.id} subject={tab.subject} visible={shown(tab)} />}
                </Suspense>
              </ErrorBoundary>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function panelOf(features: readonly Feature[], kind: string): DockPanel | undefined {
  for (const { dock } of features) if (dock?.[kind] !== undefined) return dock[kind];
  return undefined;
}

function Bar({ features }: { features: readonly Feature[] }) {
  const dock = useDock();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    dock.step(by);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  return (
    <header className={styles.bar}>
      <div ref={list} className={styles.tabs}>
        {/* The tabs' closing buttons stand among them on the screen, and may not in the list. */}
        <div
          role="tablist"
          className="hidden-text"
          aria-label={t('app.dock.tabs')}
          aria-owns={dock.tabs.map(({ id }) => `${id}-tab`).join(' ')}
        />
        {dock.tabs.map((tab) => {
          const panel = panelOf(features, tab.kind);
          const title = tab.title ?? panel?.title(tab.subject) ?? tab.kind;
          const Icon = panel?.icon;
          const selected = dock.open && tab.id === dock.active;
          return (
            <span key={tab.id} className={styles.tab} data-shown={selected || (dock.open && tab.id === dock.beside)}>
              <button
                type="button"
                role="tab"
                id={`${tab.id}-tab`}
                aria-selected={selected}
                aria-controls={tab.id}
                tabIndex={tab.id === dock.active ? 0 : -1}
                className={styles.tabName}
                data-mark={tab.mark}
                onClick={() => dock.activate(tab.id)}
                onKeyDown={move}
                onAuxClick={(event) => event.button === 1 && dock.close(tab.id)}
                title={title}
              >
                {Icon !== undefined && <Icon size={13} aria-hidden />}
                <span className={styles.tabText}>{title}</span>
              </button>
              <button
                type="button"
                className={styles.tabClose}
                tabIndex={-1}
                aria-label={t('app.dock.close', { title })}
                onClick={() => dock.close(tab.id)}
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          );
        })}
      </div>
      {dock.tabs.length > 1 && (
        <IconButton
          icon={Columns2}
          label={t(dock.beside === undefined ? 'app.dock.beside' : 'app.dock.alone')}
          onClick={() =>
            dock.setBeside(
              dock.beside === undefined ? [...dock.tabs].reverse().find(({ id }) => id !== dock.active)?.id : undefined,
            )
          }
        />
      )}
      <IconButton
        icon={dock.maximized ? Minimize2 : Maximize2}
        label={t(dock.maximized ? 'app.dock.restore' : 'app.dock.maximize')}
        onClick={() => dock.setMaximized(!dock.maximized)}
      />
      <IconButton
        icon={ChevronDown}
        className={dock.open ? undefined : styles.up}
        label={t(dock.open ? 'app.dock.hide' : 'app.dock.show')}
        onClick={() => dock.setOpen(!dock.open)}
      />
    </header>
  );
}

/** The upper edge: dragged, or moved by the arrows. */
function Edge({ height }: { height: number }) {
  const set = useLayout((layout) => layout.set);
  const start = useRef<{ y: number; height: number }>(undefined);
  const resize = (next: number) =>
    set({ dockHeight: Math.round(Math.min(Math.max(lowest, window.innerHeight - 200), Math.max(lowest, next))) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a splitter that is focused and moved is not an <hr>.
    <div
      className={styles.edge}
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label={t('app.dock.resize')}
      aria-valuenow={height}
      aria-valuemin={lowest}
      onPointerDown={(event: PointerEvent<HTMLDivElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { y: event.clientY, height };
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) resize(start.current.height + start.current.y - event.clientY);
      }}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onKeyDown={(event) => {
        const by = { ArrowUp: step, ArrowDown: -step }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        resize(height + by);
      }}
    />
  );
}

function Bones() {
  return (
    <div className={styles.bones}>
      <Skeleton width="48%" />
      <Skeleton width="62%" />
      <Skeleton width="36%" />
    </div>
  );
}
