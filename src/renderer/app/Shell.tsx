import { Suspense, useEffect } from 'react';
import { useDock } from '../state/dock.ts';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { EmptyState, Skeleton, t } from '../ui/index.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { CardLayer } from './cards/CardLayer.tsx';
import { Dock } from './dock/Dock.tsx';
import { DockCommands } from './dock/DockCommands.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { FrameCommands } from './FrameCommands.tsx';
import { features, findRoute } from './features.ts';
import { HelpSheet } from './HelpSheet.tsx';
import { FeaturesContext } from './objectActions.ts';
import { Palette } from './palette/Palette.tsx';
import { Rail } from './Rail.tsx';
import { navigate, useLocation } from './router.ts';
import styles from './shell.module.css';
import { TopBar } from './TopBar.tsx';
import { useGuardColor } from './useGuardColor.ts';
import { useShortcuts } from './useShortcuts.ts';

/** A page whose code is being loaded: its heading and some lines, after 150 ms. */
function PageBones() {
  return (
    <div className={styles.bones}>
      <Skeleton width={140} height={20} />
      <Skeleton width="38%" />
      <Skeleton width="62%" />
      <Skeleton width="54%" />
    </div>
  );
}

/** The frame around every page. */
export function Shell() {
  const { path } = useLocation();
  const { preferences } = usePreferences();
  const sectionsOpen = useLayout((layout) => layout.sectionsOpen);
  const dockFills = useDock((dock) => dock.open && dock.maximized);
  const guard = useGuardColor();
  useShortcuts(preferences.keymap);
  const found = findRoute(path);
  useEffect(() => {
    if (path === '/') navigate('/fleet', { replace: true });
  }, [path]);

  const home =
    found?.feature.within === undefined ? found?.feature : features.find(({ id }) => id === found.feature.within);
  const chapter = home?.chapter?.title;
  useEffect(() => {
    document.title = chapter === undefined ? 'KubeSage' : `${t(chapter)} · KubeSage`;
  }, [chapter]);

  const Sections = home?.chapter?.Sections;
  const Page = found?.route.page;
  return (
    <FeaturesContext value={features}>
      <div className={styles.frame}>
        {guard !== undefined && <div className={styles.guard} style={{ borderColor: `var(--${guard})` }} />}
        <button type="button" className={styles.skip} onClick={() => document.getElementById('main')?.focus()}>
          {t('app.skip')}
        </button>
        <FrameCommands />
        <DockCommands />
        {features.map(({ id, Presence }) => Presence !== undefined && <Presence key={id} />)}
        <TopBar />
        <div className={styles.body}>
          <Rail active={home?.id} />
          {Sections !== undefined && sectionsOpen && (
            <ErrorBoundary region={t('app.sections')}>
              <Sections />
            </ErrorBoundary>
          )}
          <main className={styles.main} id="main" tabIndex={-1}>
            <ConnectionBanner />
            <div className={styles.page} hidden={dockFills}>
              <ErrorBoundary region={t('app.page')} key={found?.route.pattern}>
                <Suspense fallback={<PageBones />}>
                  {Page !== undefined && found !== undefined && <Page parts={found.parts} />}
                  {Page === undefined && path !== '/' && (
                    <EmptyState level="h1" title={t('app.notFound')}>
                      {t('app.notFoundText', { path })}
                    </EmptyState>
                  )}
                </Suspense>
              </ErrorBoundary>
            </div>
            <Dock />
          </main>
        </div>
        <Palette />
        <HelpSheet />
        <CardLayer />
      </div>
    </FeaturesContext>
  );
}
