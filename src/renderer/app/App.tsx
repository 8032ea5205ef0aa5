import { type CSSProperties, useEffect, useLayoutEffect, useMemo } from 'react';
import { Toaster, toast } from 'sonner';
import { type Connection, ConnectionContext } from '../client/connection.ts';
import { desktop } from '../client/index.ts';
import { applyAppearance, PreferencesContext, usePreferencesSource } from '../state/preferences.ts';
import { TimeStyleContext, TooltipProvider, t } from '../ui/index.ts';
import { setLanguage, useLanguage } from '../ui/text.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Shell } from './Shell.tsx';

/** The product in a window: a connection, preferences, and the frame. */
export function App({ connection }: { connection: Connection }) {
  return (
    <ConnectionContext value={connection}>
      <Window />
    </ConnectionContext>
  );
}

/** Toasts in the product's colours; their states keep the library's. */
const toastColors = {
  '--normal-bg': 'var(--raised)',
  '--normal-border': 'var(--line-strong)',
  '--normal-text': 'var(--text)',
  '--border-radius': '7px',
  fontFamily: 'var(--font)',
} as CSSProperties;

function tellFailure(error: Error): void {
  toast.error(t('app.notKept'), { description: error.message });
}

function Window() {
  const value = usePreferencesSource(tellFailure);
  const { preferences } = value;
  const language = useLanguage();
  useLayoutEffect(() => applyAppearance(preferences), [preferences]);
  useEffect(() => {
    setLanguage(preferences.locale);
    document.documentElement.lang = preferences.locale;
  }, [preferences.locale]);
  useEffect(() => desktop()?.setTheme(preferences.theme), [preferences.theme]);
  const time = useMemo(
    () => ({ zone: preferences.timeZone, style: preferences.time }),
    [preferences.timeZone, preferences.time],
  );
  return (
    <PreferencesContext value={value}>
      <TimeStyleContext value={time}>
        <TooltipProvider delayDuration={400}>
          <ErrorBoundary region={t('app.window')}>
            <Shell key={language} />
          </ErrorBoundary>
          <Toaster
            position="bottom-right"
            theme={preferences.theme}
            offset={16}
            gap={8}
            style={toastColors}
            closeButton
          />
        </TooltipProvider>
      </TimeStyleContext>
    </PreferencesContext>
  );
}
