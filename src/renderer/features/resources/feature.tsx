import { Boxes } from 'lucide-react';
import { lazy } from 'react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { KindSections } from '../../app/sections/KindSections.tsx';
import { objectPath, writeRef } from './address.ts';
import { objectActions } from './objectActions.ts';

export const resources: Feature = {
  id: 'resources',
  chapter: { title: 'resources.title', icon: Boxes, path: '/resources/pods', Sections: KindSections },
  routes: [
    {
      pattern: '/resources/:kind',
      ...lazyPage(async () => (await import('./ListScreen.tsx')).ListScreen),
    },
    {
      pattern: '/objects/:cluster/:kind/:namespace/:name',
      ...lazyPage(async () => (await import('./ObjectScreen.tsx')).ObjectScreen),
    },
  ],
  objectAddress: (object) => objectPath(object),
  objectActions,
  writeObject: writeRef,
  ObjectDrawer: lazy(async () => ({ default: (await import('./ShownObject.tsx')).ShownObject })),
  cards: {
    object: lazy(async () => ({ default: (await import('./ObjectCard.tsx')).ObjectCard })),
    containers: lazy(async () => ({ default: (await import('./ObjectCard.tsx')).ContainersCard })),
  },
};
