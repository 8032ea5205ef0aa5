import { Cable } from 'lucide-react';
import { lazy } from 'react';
import type { Feature } from '../../app/feature.ts';
import { t } from '../../ui/index.ts';
import { useAsked } from './asked.ts';
import { Presence } from './Presence.tsx';

const kinds = new Set([
  'pods',
  'services',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
]);

export const portforward: Feature = {
  id: 'portforward',
  routes: [
    {
      pattern: '/forwards',
      page: lazy(async () => ({ default: (await import('./ForwardsPage.tsx')).ForwardsPage })),
    },
  ],
  Presence,
  objectActions(objects) {
    const [object] = objects;
    if (object === undefined || objects.length > 1 || !kinds.has(object.kind)) return [];
    return [
      {
        id: 'portforward.start',
        label: t('portforward.start'),
        icon: Cable,
        keys: 'Alt+F',
        perform: () => useAsked.getState().ask(object),
      },
    ];
  },
};
