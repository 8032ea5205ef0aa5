import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';
import { Presence } from './Presence.tsx';

export const helm: Feature = {
  id: 'helm',
  within: 'resources',
  routes: [
    { pattern: '/helm', page: lazy(async () => ({ default: (await import('./ReleasesPage.tsx')).ReleasesPage })) },
    { pattern: '/helm/charts', page: lazy(async () => ({ default: (await import('./ChartsPage.tsx')).ChartsPage })) },
    {
      pattern: '/helm/charts/:chart',
      page: lazy(async () => ({ default: (await import('./ChartPage.tsx')).ChartPage })),
    },
    {
      pattern: '/helm/:cluster/:namespace/:name',
      page: lazy(async () => ({ default: (await import('./ReleasePage.tsx')).ReleasePage })),
    },
  ],
  Presence,
};
