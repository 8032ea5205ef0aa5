import { Server } from 'lucide-react';
import { lazy } from 'react';
import { type Feature, lazyPage } from '../../app/feature.ts';

export const fleet: Feature = {
  id: 'fleet',
  chapter: { title: 'fleet.title', icon: Server, path: '/fleet' },
  routes: [
    { pattern: '/fleet', ...lazyPage(async () => (await import('./FleetPage.tsx')).FleetPage) },
    {
      pattern: '/clusters/:cluster',
      ...lazyPage(async () => (await import('./ClusterPage.tsx')).ClusterPage),
    },
  ],
  cards: { cluster: lazy(async () => ({ default: (await import('./FleetCard.tsx')).FleetCard })) },
};
