import type { Clock } from '../../kernel/clock.ts';
import type { Implementations } from '../../kernel/contract.ts';
import type { KustomizeProgram } from '../../kube/kustomize/index.ts';
import type { Documents } from '../../platform/settings/index.ts';
import type { Changes } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { Applied } from './applied.ts';
import type { manifests } from './contract.ts';
import { FolderDryRun } from './folderDryRun.ts';
import { Folders, uploadKey } from './folders.ts';
import { Manifests } from './manifests.ts';
import { Schemas } from './openapi.ts';
import { clusterOf } from './targets.ts';
import { templates } from './templates.ts';
import { Uploads } from './uploads.ts';

export interface ManifestsOptions {
  fleet: OpenClusters;
  changes: Changes;
  clock: Clock;
  documents: Documents;
  kustomize: KustomizeProgram;
}

export function createManifests(options: ManifestsOptions): Implementations<typeof manifests> {
  const { fleet, changes, clock, documents, kustomize } = options;
  const all = new Manifests({ fleet, changes, clock });
  const schemas = new Schemas(fleet);
  const uploads = new Uploads();
  const folders = new Folders({ fleet, changes, clock, program: kustomize, uploads, applied: new Applied(documents) });
  return {
    open: ({ object }, { signal }) => all.open(object, signal),
    preview: (input, { signal }) => all.preview(input, signal),
    async apply({ confirmed, ...input }, { principal, signal }) {
      return { run: changes.start(await all.plan(input, signal), { principal, confirmed }) };
    },
    bring({ upload, files }, { principal }) {
      uploads.bring(uploadKey(principal.id, upload), files);
      return {};
    },
    folder: (input, { principal }) => new FolderDryRun({ fleet, folders }, input, principal.id),
    folderDocument: ({ key, ...input }, { principal, signal }) => folders.document(input, key, principal.id, signal),
    folderConfirmation: async (input, { principal, signal }) =>
      changes.confirmation((await folders.plan(input, principal.id, signal)).plan),
    async applyFolder({ confirmed, ...input }, { principal, signal }) {
      const { plan, note } = await folders.plan(input, principal.id, signal);
      const run = changes.start(plan, { principal, confirmed });
      // What cannot be written is told as a notice, by the documents themselves.
      changes
        .ended(run)
        .then(note)
        .catch(() => undefined);
      return { run };
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
