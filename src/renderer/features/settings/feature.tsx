import { Settings } from 'lucide-react';
import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';
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
      page: lazy(async () => ({ default: (await import('./SettingsPage.tsx')).SettingsPage })),
    },
  ],
};
