import { Settings } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { SettingsSections } from './SettingsSections.tsx';

export const settings: Feature = {
  id: 'settings',
  chapter: {
    title: 'settings.title',
    icon: Settings,
    path: '/settings/appearance',
    foot: true,
    Sections: SettingsSections,
  },
  routes: [
    {
      pattern: '/settings/:section?',
      ...lazyPage(async () => (await import('./SettingsPage.tsx')).SettingsPage),
    },
  ],
};
