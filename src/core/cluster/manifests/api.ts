import type { Clock } from '../../kernel/clock.ts';
import type { Implementations } from '../../kernel/contract.ts';
import type { Changes } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { manifests } from './contract.ts';
import { Manifests } from './manifests.ts';
import { Schemas } from './openapi.ts';
import { clusterOf } from './targets.ts';
import { templates } from './templates.ts';

export interface ManifestsOptions {
  fleet: OpenClusters;
  changes: Changes;
  clock: Clock;
}

export function createManifests({ fleet, changes, clock }: ManifestsOptions): Implementations<typeof manifests> {
  const all = new Manifests({ fleet, changes, clock });
  const schemas = new Schemas(fleet);
  return {
    open: ({ object }, { signal }) => all.open(object, signal),
    preview: (input, { signal }) => all.preview(input, signal),
    async apply({ confirmed, ...input }, { principal, signal }) {
      return { run: changes.start(await all.plan(input, signal), { principal, confirmed }) };
    },
    schema: (input, { signal }) => schemas.read(input, signal),
    kinds: ({ cluster }) => ({
      kinds: clusterOf(fleet, cluster)
        .kinds.filter(({ verbs }) => verbs.includes('create'))
        .map(({ group, version, kind }) => ({ apiVersion: group === '' ? version : `${group}/${version}`, kind })),
    }),
    templates: () => ({ templates: [...templates] }),
  };
}
