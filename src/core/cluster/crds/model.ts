import { createHash } from 'node:crypto';
import type { Definition, DefinitionDetail, DefinitionThere } from './contract.ts';

interface RawVersion {
  name: string;
  served?: boolean;
  storage?: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: unknown };
  subresources?: Record<string, unknown>;
  additionalPrinterColumns?: {
    name: string;
    type: string;
    jsonPath: string;
    description?: string;
    priority?: number;
  }[];
  selectableFields?: { jsonPath: string }[];
}

/** A CustomResourceDefinition (apiextensions.k8s.io/v1), as far as it is read. */
export interface RawDefinition {
  metadata: { name: string; creationTimestamp?: string };
  spec: {
    group: string;
    scope: string;
    names: { kind: string; plural: string; shortNames?: string[]; categories?: string[] };
    versions: RawVersion[];
    conversion?: {
      strategy?: string;
      webhook?: { clientConfig?: { url?: string; service?: { namespace: string; name: string } } };
    };
  };
  status?: {
    storedVersions?: string[];
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
  };
}

/** What of a definition is the same in every cluster that means the same by it. */
export type DefinitionHead = Omit<Definition, 'clusters' | 'differs'>;

export function headOf({ metadata, spec }: RawDefinition): DefinitionHead {
  return {
    key: metadata.name,
    group: spec.group,
    kind: spec.names.kind,
    plural: spec.names.plural,
    shortNames: spec.names.shortNames ?? [],
    categories: spec.names.categories ?? [],
    scope: spec.scope === 'Cluster' ? 'Cluster' : 'Namespaced',
  };
}

export function thereOf(cluster: string, { metadata, spec, status }: RawDefinition): DefinitionThere {
  const conditions = status?.conditions ?? [];
  const wrong = conditions.filter(
    ({ type, status }) =>
      ((type === 'Established' || type === 'NamesAccepted') && status === 'False') ||
      (type === 'NonStructuralSchema' && status === 'True') ||
      (type === 'Terminating' && status === 'True'),
  );
  const problem = wrong.map(({ type, reason, message }) => message || `${type}: ${reason ?? ''}`).join('; ');
  return {
    cluster,
    versions: versionsOf(spec.versions).map((version) => ({
      name: version.name,
      served: version.served === true,
      storage: version.storage === true,
      deprecated: version.deprecated === true,
      ...(version.deprecationWarning !== undefined && { warning: version.deprecationWarning }),
      hash: hashOf(version.schema?.openAPIV3Schema),
    })),
    stored: status?.storedVersions ?? [],
    conversion: spec.conversion?.strategy === 'Webhook' ? 'Webhook' : 'None',
    established: conditions.some(({ type, status }) => type === 'Established' && status === 'True'),
    ...(problem !== '' && { problem }),
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
    instances: null,
  };
}

export function detailOf(cluster: string, raw: RawDefinition, instances: number | null): DefinitionDetail {
  const { clientConfig } = raw.spec.conversion?.webhook ?? {};
  const webhook =
    clientConfig?.service === undefined
      ? clientConfig?.url
      : `service ${clientConfig.service.namespace}/${clientConfig.service.name}`;
  return {
    definition: {
      ...headOf(raw),
      clusters: [{ ...thereOf(cluster, raw), instances }],
      differs: false,
    },
    conditions: (raw.status?.conditions ?? []).map(
      ({ type, status, reason = '', message = '', lastTransitionTime }) => ({
        type,
        status,
        reason,
        message,
        at: Date.parse(lastTransitionTime ?? '') || 0,
      }),
    ),
    versions: versionsOf(raw.spec.versions).map((version) => ({
      name: version.name,
      ...(version.schema?.openAPIV3Schema !== undefined && { schema: version.schema.openAPIV3Schema }),
      columns: (version.additionalPrinterColumns ?? []).map(({ name, type, jsonPath, description, priority = 0 }) => ({
        name,
        type,
        jsonPath,
        priority,
        ...(description !== undefined && { description }),
      })),
      subresources: Object.keys(version.subresources ?? {}).sort(),
      selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath),
    })),
    ...(webhook !== undefined && { webhook }),
  };
}

/** Whether clusters have other versions, schemas or conversions of the same definition. */
export function isDifferent(clusters: readonly DefinitionThere[]): boolean {
  const shapes = clusters.map(({ versions, conversion }) =>
    JSON.stringify([conversion, versions.map(({ name, served, storage, hash }) => [name, served, storage, hash])]),
  );
  return new Set(shapes).size > 1;
}

/** One definition over clusters; what names it is taken from the first. */
export function merged(parts: readonly { head: DefinitionHead; there: DefinitionThere }[]): Definition[] {
  const byName = new Map<string, { head: DefinitionHead; clusters: DefinitionThere[] }>();
  for (const { head, there } of parts) {
    const found = byName.get(head.key);
    if (found === undefined) byName.set(head.key, { head, clusters: [there] });
    else found.clusters.push(there);
  }
  return [...byName.values()]
    .map(({ head, clusters }) => ({ ...head, clusters, differs: isDifferent(clusters) }))
    .sort((a, b) => a.group.localeCompare(b.group) || a.kind.localeCompare(b.kind));
}

function versionsOf(versions: readonly RawVersion[]): RawVersion[] {
  return [...versions].sort((a, b) => compareVersions(a.name, b.name));
}

/**
 * Kubernetes' order of versions, the best first: v2, v1, v1beta2, v1beta1, v1alpha1, then what has no such form by name.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [rankOf(a), rankOf(b)];
  if (x === undefined || y === undefined) return x === y ? a.localeCompare(b) : x === undefined ? 1 : -1;
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
}

function rankOf(version: string): [stage: number, major: number, minor: number] | undefined {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)];
}

function hashOf(schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(schema) ?? '')
    .digest('hex')
    .slice(0, 16);
}
