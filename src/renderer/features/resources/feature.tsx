import { Boxes } from 'lucide-react';
import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';

export const resources: Feature = {
  id: 'resources',
  chapter: { title: 'Resources', icon: Boxes, path: '/resources/pods' },
  routes: [
    {
      pattern: '/resources/:kind',
      page: lazy(async () => ({ default: (await import('./ListScreen.tsx')).ListScreen })),
    },
  ],
};
