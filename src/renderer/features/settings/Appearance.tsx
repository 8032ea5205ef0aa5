import { Minus, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { type Preferences, usePreferences } from '../../state/preferences.ts';
import { formatTime, IconButton, Segments, Select, t, useTicking } from '../../ui/index.ts';
import { languages } from '../../ui/text.ts';
import { Setting } from './Setting.tsx';
import styles from './settings.module.css';

const smallest = 10;
const largest = 20;

/** How everything looks and how times are written. */
export function Appearance() {
  const { preferences, update } = usePreferences();
  // A failure is told by the frame, which shows the old value again.
  const set = (change: Partial<Preferences>) => void update(change).catch(() => undefined);
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const now = useTicking((at) => formatTime(at, preferences.timeZone));
  const choices = <const T extends string>(name: string, values: readonly T[]): { value: T; label: string }[] =>
    values.map((value) => ({ value, label: t(`settings.appearance.${name}Value.${value}`) }));
  return (
    <div className={styles.list}>
      <Setting label={t('settings.appearance.theme')}>
        <Segments
          label={t('settings.appearance.theme')}
          value={preferences.theme}
          onChange={(theme) => set({ theme })}
          options={choices('theme', ['system', 'light', 'dark'])}
        />
      </Setting>
      <Setting label={t('settings.appearance.density')} hint={t('settings.appearance.densityHint')}>
        <Segments
          label={t('settings.appearance.density')}
          value={preferences.density}
          onChange={(density) => set({ density })}
          options={choices('density', ['compact', 'comfortable'])}
        />
      </Setting>
      <Setting label={t('settings.appearance.fontSize')} hint={t('settings.appearance.fontSizeHint')}>
        <span className={styles.stepper}>
          <IconButton
            icon={Minus}
            label={t('settings.appearance.smaller')}
            disabled={preferences.fontSize <= smallest}
            onClick={() => set({ fontSize: preferences.fontSize - 1 })}
          />
          <output>{preferences.fontSize} px</output>
          <IconButton
            icon={Plus}
            label={t('settings.appearance.larger')}
            disabled={preferences.fontSize >= largest}
            onClick={() => set({ fontSize: preferences.fontSize + 1 })}
          />
        </span>
      </Setting>
      <Setting label={t('settings.appearance.detail')} hint={t('settings.appearance.detailHint')}>
        <Segments
          label={t('settings.appearance.detail')}
          value={preferences.detail}
          onChange={(detail) => set({ detail })}
          options={choices('detail', ['drawer', 'page'])}
        />
      </Setting>
      <Setting label={t('settings.appearance.time')} hint={t('settings.appearance.timeHint')}>
        <Segments
          label={t('settings.appearance.time')}
          value={preferences.time}
          onChange={(time) => set({ time })}
          options={choices('time', ['relative', 'absolute'])}
        />
      </Setting>
      <Setting label={t('settings.appearance.timeZone')} hint={t('settings.appearance.timeZoneHint', { now })}>
        <Select
          aria-label={t('settings.appearance.timeZone')}
          value={preferences.timeZone}
          onChange={(timeZone) => set({ timeZone })}
          options={[
            { value: 'local', label: t('settings.appearance.local') },
            { value: 'UTC', label: 'UTC' },
            ...zones
              .filter((zone) => zone !== 'UTC')
              .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
          ]}
        />
      </Setting>
      <Setting label={t('settings.appearance.motion')} hint={t('settings.appearance.motionHint')}>
        <Segments
          label={t('settings.appearance.motion')}
          value={preferences.reducedMotion}
          onChange={(reducedMotion) => set({ reducedMotion })}
          options={choices('motion', ['system', 'on', 'off'])}
        />
      </Setting>
      {languages.length > 1 && (
        <Setting label={t('settings.appearance.language')}>
          <Select
            aria-label={t('settings.appearance.language')}
            value={preferences.locale}
            onChange={(locale) => set({ locale })}
            options={languages.map((value) => ({ value, label: value }))}
          />
        </Setting>
      )}
    </div>
  );
}
