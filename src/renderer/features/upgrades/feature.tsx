import { CircleFadingArrowUp } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { Presence } from './Presence.tsx';

export const upgrades: Feature = {
  id: 'upgrades',
  chapter: { title: 'upgrades.title', icon: CircleFadingArrowUp, path: '/upgrades' },
  routes: [
    { pattern: '/upgrades', ...lazyPage(async () => (await import('./UpgradesPage.tsx')).UpgradesPage) },
    {
      pattern: '/upgrades/:cluster',
      ...lazyPage(async () => (await import('./ClusterUpgradePage.tsx')).ClusterUpgradePage),
    },
  ],
  Presence,
};
