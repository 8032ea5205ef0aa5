import { BookOpen } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { navigate } from '../../app/router.ts';
import { t } from '../../ui/index.ts';
import { explainPath } from './address.ts';
import { Presence } from './Presence.tsx';

export const crds: Feature = {
  id: 'crds',
  within: 'resources',
  routes: [
    { pattern: '/crds', ...lazyPage(async () => (await import('./DefinitionsPage.tsx')).DefinitionsPage) },
    { pattern: '/crds/:cluster/:kind', ...lazyPage(async () => (await import('./KindPage.tsx')).KindPage) },
  ],
  Presence,
  objectActions(objects) {
    const [object] = objects;
    if (object === undefined || objects.length > 1) return [];
    // A definition is explained by what it defines.
    const kind = object.kind === 'customresourcedefinitions.apiextensions.k8s.io' ? object.name : object.kind;
    return [
      {
        id: 'crds.explain',
        label: t('crds.explain'),
        icon: BookOpen,
        perform: () => navigate(explainPath(object.cluster, kind)),
      },
    ];
  },
};
