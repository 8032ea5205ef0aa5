import { usePreferences } from '../../state/preferences.ts';

export function SettingsPage() {
  return <pre>{JSON.stringify(usePreferences().preferences, null, 2)}</pre>;
}
