import { FolderTree } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { Presence } from './Presence.tsx';

export const namespaces: Feature = {
  id: 'namespaces',
  chapter: { title: 'namespaces.title', icon: FolderTree, path: '/namespaces' },
  routes: [
    { pattern: '/namespaces', ...lazyPage(async () => (await import('./NamespacesPage.tsx')).NamespacesPage) },
    { pattern: '/labels', ...lazyPage(async () => (await import('./LabelsPage.tsx')).LabelsPage) },
    {
      pattern: '/namespaces/:cluster/:name',
      ...lazyPage(async () => (await import('./NamespacePage.tsx')).NamespacePage),
    },
  ],
  Presence,
};
