import { Waypoints } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { navigate } from '../../app/router.ts';
import { t } from '../../ui/index.ts';
import { topologyOf } from './address.ts';

export const topology: Feature = {
  id: 'topology',
  chapter: { title: 'topology.title', icon: Waypoints, path: '/topology' },
  routes: [{ pattern: '/topology', ...lazyPage(async () => (await import('./TopologyPage.tsx')).TopologyPage) }],
  objectActions(objects) {
    const [object] = objects;
    const target = object === undefined || objects.length > 1 ? undefined : topologyOf(object);
    if (target === undefined) return [];
    return [
      {
        id: 'topology.show',
        label: t('topology.show'),
        icon: Waypoints,
        keys: 'Shift+T',
        perform: () => navigate(target),
      },
    ];
  },
};
