import { usePreferences } from '../../state/preferences.ts';
import { Switch, t } from '../../ui/index.ts';
import { Setting } from './Setting.tsx';
import styles from './settings.module.css';

const promises = ['account', 'telemetry', 'network', 'secrets', 'logins'] as const;

/** What leaves this machine, and what never does. */
export function Privacy() {
  const { preferences, update } = usePreferences();
  return (
    <>
      <div className={styles.list}>
        <Setting label={t('settings.privacy.airGap')} hint={t('settings.privacy.airGapHint')}>
          <Switch
            label={t('settings.privacy.airGap')}
            checked={preferences.airGap}
            // A failure is told by the frame, which shows the old value again.
            onChange={(airGap) => void update({ airGap }).catch(() => undefined)}
          />
        </Setting>
      </div>
      <ul className={styles.promises}>
        {promises.map((promise) => (
          <li key={promise}>{t(`settings.privacy.promise.${promise}`)}</li>
        ))}
      </ul>
    </>
  );
}
