import { actions } from '../features/actions/feature.tsx';
import { crds } from '../features/crds/feature.tsx';
import { fleet } from '../features/fleet/feature.tsx';
import { gitops } from '../features/gitops/feature.tsx';
import { helm } from '../features/helm/feature.tsx';
import { logs } from '../features/logs/feature.tsx';
import { manifests } from '../features/manifests/feature.tsx';
import { namespaces } from '../features/namespaces/feature.tsx';
import { portfolio } from '../features/portfolio/feature.tsx';
import { portforward } from '../features/portforward/feature.tsx';
import { resources } from '../features/resources/feature.tsx';
import { settings } from '../features/settings/feature.tsx';
import { terminal } from '../features/terminal/feature.tsx';
import { topology } from '../features/topology/feature.tsx';
import { upgrades } from '../features/upgrades/feature.tsx';
import type { Feature, Route } from './feature.ts';
import { matchPath } from './router.ts';

/** Every feature that has screens: one line each. Their order is that of the rail, and of an object's menu. */
export const features: readonly Feature[] = [
  fleet,
  resources,
  topology,
  portfolio,
  helm,
  gitops,
  namespaces,
  upgrades,
  logs,
  terminal,
  portforward,
  crds,
  manifests,
  actions,
  settings,
];

/** What is shown at an address. */
export function findRoute(path: string): { feature: Feature; route: Route; parts: Record<string, string> } | undefined {
  for (const feature of features) {
    for (const route of feature.routes) {
      const parts = matchPath(route.pattern, path);
      if (parts !== undefined) return { feature, route, parts };
    }
  }
  return undefined;
}
