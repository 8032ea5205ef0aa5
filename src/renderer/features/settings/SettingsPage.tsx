import type { ComponentType } from 'react';
import type { PageProps } from '../../app/feature.ts';
import { t } from '../../ui/index.ts';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Keymap } from './Keymap.tsx';
import { Privacy } from './Privacy.tsx';
import { Sources } from './Sources.tsx';
import { readSection, type SettingsSection } from './sections.ts';
import styles from './settings.module.css';

const bodies: Record<SettingsSection, ComponentType> = {
  appearance: Appearance,
  keyboard: Keymap,
  kubeconfig: Sources,
  privacy: Privacy,
  about: About,
};

export function SettingsPage({ parts }: PageProps) {
  const section = readSection(parts.section);
  const Body = bodies[section];
  return (
    <div className={styles.page}>
      <h1>{t(`settings.${section}.title`)}</h1>
      <p className={styles.intro}>{t(`settings.${section}.intro`)}</p>
      <Body />
    </div>
  );
}
