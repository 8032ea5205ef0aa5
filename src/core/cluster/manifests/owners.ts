import type { DocumentPreview, FieldConflict } from './contract.ts';
import type { KubeObject, ManagedFields } from './model.ts';

/** The controller that made an object: what it made otherwise, it makes anew. */
export function ownerOf({ metadata }: KubeObject): DocumentPreview['owner'] {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? undefined : { kind: owner.kind, name: owner.name };
}

/**
 * Where an object comes from, by the marks that Argo CD, Flux and Helm leave. `app.kubernetes.io/instance` alone says
 * nothing (charts set it, too): it counts where Argo CD wrote fields of the object.
 */
export function sourceOf({ metadata }: KubeObject): DocumentPreview['source'] {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  const flux = (tool: string, kind: string): DocumentPreview['source'] => {
    const name = labels[`${tool}.toolkit.fluxcd.io/name`];
    if (name === undefined) return undefined;
    return { tool: 'flux', kind, name, namespace: labels[`${tool}.toolkit.fluxcd.io/namespace`] ?? '' };
  };
  // Those that a Helm controller applies have Helm's marks as well: the controller is what counts.
  const found = flux('kustomize', 'Kustomization') ?? flux('helm', 'HelmRelease');
  if (found !== undefined) return found;
  const tracking = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const byArgo = managedFields.some(({ manager }) => manager?.startsWith('argocd') === true);
  const application = tracking ?? (byArgo ? labels['app.kubernetes.io/instance'] : undefined);
  if (application !== undefined && application !== '') {
    // With applications in any namespace the id is `<namespace>_<name>`; names have no underscores.
    const [name, namespace = ''] = application.split('_').reverse();
    return { tool: 'argocd', kind: 'Application', name: name ?? '', namespace };
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (release === undefined) return undefined;
  const namespace = annotations['meta.helm.sh/release-namespace'] ?? '';
  return { tool: 'helm', kind: 'Release', name: release, namespace };
}

/** Reads the causes of a refused apply: `conflict with "other" using v1`. */
export function conflictsOf(causes: readonly { reason: string; message: string; field: string }[]): FieldConflict[] {
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({ manager: /"([^"]*)"/.exec(message)?.[1] ?? message, field }));
}

/** Who holds a field, by the newest entry of managedFields that has it or something in it. */
export function holderOf(
  managedFields: readonly ManagedFields[],
  path: readonly (string | { name: string })[],
): { manager: string; at?: number } | undefined {
  const holders = managedFields
    .filter(({ fieldsV1, subresource }) => subresource !== 'status' && holds(fieldsV1, path))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  const [holder] = holders;
  if (holder?.manager === undefined) return undefined;
  const at = Date.parse(holder.time ?? '');
  return { manager: holder.manager, ...(!Number.isNaN(at) && { at }) };
}

function holds(fields: unknown, path: readonly (string | { name: string })[]): boolean {
  let inside = fields as Record<string, unknown> | undefined;
  for (const step of path) {
    if (inside === undefined) return false;
    const keys = Object.keys(inside);
    // Elements are keyed by what their list merges on, not always by the name alone.
    const key =
      typeof step === 'string'
        ? keys.find((each) => each === `f:${step}`)
        : keys.find((each) => each.startsWith('k:') && each.includes(`"name":${JSON.stringify(step.name)}`));
    // A list or map that is held as a whole has nothing inside.
    if (key === undefined) return keys.length === 0 && inside !== fields;
    inside = inside[key] as Record<string, unknown>;
  }
  return inside !== undefined;
}

/** What KubeSage itself wrote, by an edit or an action. */
export function isOwn({ manager }: FieldConflict): boolean {
  return manager === 'kubesage';
}
