import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Preferences } from '../../core/platform/settings/contract.ts';
import { type KubeSageClient, toError, useClient, useLive } from '../client/index.ts';
import { readStored, writeStored } from './stored.ts';

export type { Preferences };

interface PreferencesValue {
  preferences: Preferences;
  /** Shows the change at once and keeps it; rejects, and shows the old value again, when it cannot be kept. */
  update(change: Partial<Preferences>): Promise<void>;
}

export const PreferencesContext = createContext<PreferencesValue | undefined>(undefined);

export function usePreferences(): PreferencesValue {
  const value = useContext(PreferencesContext);
  if (value === undefined) throw new Error('usePreferences is used outside of PreferencesContext');
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What was in effect last time, so that the first frame has the right theme before the engine answers. */
function remembered(): Preferences {
  const parsed = Preferences.safeParse(readStored('preferences', isRecord) ?? {});
  return parsed.success ? parsed.data : Preferences.parse({});
}

/** The preferences as the engine has them, with changes that are on their way laid over. Used once, by the frame. */
export function usePreferencesSource(onFailure: (error: Error) => void): PreferencesValue {
  const client = useClient();
  const { head } = useLive((each: KubeSageClient) => each.settings.preferences, {});
  const [first] = useState(remembered);
  const [ahead, setAhead] = useState<Partial<Preferences>>({});
  const preferences = useMemo(() => ({ ...first, ...head, ...ahead }), [first, head, ahead]);
  useEffect(() => writeStored('preferences', preferences), [preferences]);

  // The engine has caught up: what it says counts again, also when another window changes it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new head is what ends the wait.
  useEffect(() => setAhead({}), [head]);

  const update = useCallback(
    async (change: Partial<Preferences>) => {
      setAhead((current) => ({ ...current, ...change }));
      try {
        await client.settings.update({ change });
      } catch (error) {
        setAhead({});
        const failure = toError(error);
        onFailure(failure);
        throw failure;
      }
    },
    [client, onFailure],
  );
  return useMemo(() => ({ preferences, update }), [preferences, update]);
}

/** Writes theme, density, size and motion to the document, where the design tokens read them. */
export function applyAppearance(preferences: Preferences): () => void {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const apply = () => {
    root.dataset.theme = preferences.theme === 'system' ? (dark.matches ? 'dark' : 'light') : preferences.theme;
    root.dataset.density = preferences.density;
    const reduced = preferences.reducedMotion === 'system' ? still.matches : preferences.reducedMotion === 'on';
    root.dataset.motion = reduced ? 'reduced' : 'full';
    root.style.fontSize = `${preferences.fontSize}px`;
  };
  apply();
  dark.addEventListener('change', apply);
  still.addEventListener('change', apply);
  return () => {
    dark.removeEventListener('change', apply);
    still.removeEventListener('change', apply);
  };
}
