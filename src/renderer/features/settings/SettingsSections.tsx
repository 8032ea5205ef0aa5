import { FileKey2, Info, Keyboard, type LucideIcon, Palette, ShieldCheck } from 'lucide-react';
import { href, matchPath, pathOf, useLocation } from '../../app/router.ts';
import { classes, t } from '../../ui/index.ts';
import { readSection, type SettingsSection, settingsSections } from './sections.ts';
import styles from './settings.module.css';

const icons: Record<SettingsSection, LucideIcon> = {
  appearance: Palette,
  keyboard: Keyboard,
  kubeconfig: FileKey2,
  privacy: ShieldCheck,
  about: Info,
};

export function SettingsSections() {
  const { path } = useLocation();
  const active = readSection(matchPath('/settings/:section?', path)?.section);
  return (
    <nav className={styles.sections} aria-label={t('settings.title')}>
      <ul>
        {settingsSections.map((section) => {
          const Icon = icons[section];
          return (
            <li key={section}>
              <a
                className={classes(styles.link, section === active && styles.active)}
                href={href(pathOf('/settings/:section', { section }))}
                aria-current={section === active ? 'page' : undefined}
              >
                <Icon size={14} aria-hidden />
                {t(`settings.${section}.title`)}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
