import { toErrorValue } from '../../kernel/errors.ts';
import { builtInSchema, customSchema } from '../projectors/index.ts';
import type { Transport } from '../transport/index.ts';
import type { DiscoveredKind } from './discovered.ts';
import { type Printed, type PrinterColumns, printerKey, readPrinterColumns } from './printerColumns.ts';
import { readResources, type ServedResource } from './resources.ts';

export interface Discovery {
  /** What can be listed, in the server's order. A kind without the verb `watch` can be fetched, not kept live. */
  kinds: readonly DiscoveredKind[];
  /** What is not known, in words; empty when discovery is complete. */
  problems: readonly string[];
}

export interface DiscoverOptions {
  /** Kinds of groups that do not answer now are taken from here: silence is not absence. */
  previous?: Discovery | undefined;
  /** Printer columns that are known already; absent to fetch them. */
  printerColumns?: PrinterColumns | undefined;
  signal?: AbortSignal | undefined;
}

/** Rejects as Transport.request does, when the server cannot be asked at all. */
export async function discover(transport: Transport, options: DiscoverOptions = {}): Promise<Discovery> {
  const { previous, signal } = options;
  const problems: string[] = [];
  const served = await readResources(transport, signal);
  let columns = options.printerColumns;
  if (columns === undefined && served.resources.some(({ group }) => group === 'apiextensions.k8s.io')) {
    try {
      columns = await readPrinterColumns(transport, signal);
      if (columns === undefined)
        problems.push('Custom columns are not shown: custom resource definitions may not be listed');
    } catch (error) {
      if (signal?.aborted === true) throw error;
      problems.push(`Custom columns are not shown: ${toErrorValue(error).message}`);
    }
  }
  const kinds = new Map<string, DiscoveredKind>();
  for (const resource of served.resources) {
    if (!resource.verbs.includes('list') || resource.kind === '') continue;
    const id = kindId(resource);
    // The first version is the preferred one; a built-in kind is better read in the version that its columns know.
    const schema = builtInSchema(id);
    const known = kinds.get(id);
    if (known !== undefined && (schema?.version !== resource.version || known.version === schema.version)) continue;
    kinds.set(id, toKind(id, resource, columns?.get(printerKey(resource.group, resource.version, resource.resource))));
  }
  for (const group of new Set(served.unanswered)) {
    problems.push(`The API group ${group} does not answer now`);
    for (const kind of previous?.kinds ?? []) if (kind.group === group && !kinds.has(kind.id)) kinds.set(kind.id, kind);
  }
  return { kinds: [...kinds.values()], problems };
}

export function kindId({ group, resource }: { group: string; resource: string }): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function toKind(id: string, resource: ServedResource, printed: Printed | undefined): DiscoveredKind {
  const builtIn = builtInSchema(id);
  const known = builtIn !== undefined && builtIn.version === resource.version;
  return {
    id,
    group: resource.group,
    version: resource.version,
    resource: resource.resource,
    kind: resource.kind,
    namespaced: resource.namespaced,
    verbs: resource.verbs,
    shortNames: resource.shortNames,
    categories: resource.categories,
    custom: !known,
    schema: known
      ? builtIn
      : customSchema({ ...resource, printerColumns: printed?.columns ?? [], openApi: printed?.openApi }),
  };
}
