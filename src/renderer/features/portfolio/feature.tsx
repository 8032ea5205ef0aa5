import { LayoutGrid } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { Presence } from './Presence.tsx';

export const portfolio: Feature = {
  id: 'portfolio',
  chapter: { title: 'portfolio.title', icon: LayoutGrid, path: '/applications' },
  routes: [
    { pattern: '/applications', ...lazyPage(async () => (await import('./ApplicationsPage.tsx')).ApplicationsPage) },
    {
      pattern: '/applications/:name',
      ...lazyPage(async () => (await import('./ApplicationPage.tsx')).ApplicationPage),
    },
  ],
  Presence,
};
