import { GitBranch } from 'lucide-react';
import { type Feature, lazyPage } from '../../app/feature.ts';
import { navigate } from '../../app/router.ts';
import { t } from '../../ui/index.ts';
import { deliveryPath } from './model.ts';
import { Presence } from './Presence.tsx';

const deliveries = new Set([
  'applications.argoproj.io',
  'kustomizations.kustomize.toolkit.fluxcd.io',
  'helmreleases.helm.toolkit.fluxcd.io',
]);

export const gitops: Feature = {
  id: 'gitops',
  chapter: { title: 'gitops.title', icon: GitBranch, path: '/gitops' },
  routes: [
    { pattern: '/gitops', ...lazyPage(async () => (await import('./DeliveriesPage.tsx')).DeliveriesPage) },
    { pattern: '/gitops/parts', ...lazyPage(async () => (await import('./PartsPage.tsx')).PartsPage) },
    { pattern: '/gitops/promotions', ...lazyPage(async () => (await import('./PromotionsPage.tsx')).PromotionsPage) },
    {
      pattern: '/gitops/:cluster/:kind/:namespace/:name',
      ...lazyPage(async () => (await import('./DeliveryPage.tsx')).DeliveryPage),
    },
  ],
  Presence,
  objectActions(objects) {
    const [object] = objects;
    if (object === undefined || objects.length > 1 || !deliveries.has(object.kind)) return [];
    return [
      {
        id: 'gitops.show',
        label: t('gitops.show'),
        icon: GitBranch,
        perform: () => navigate(deliveryPath(object)),
      },
    ];
  },
};
