import { stringify } from 'yaml';
import { KubeSageError } from '../../kernel/errors.ts';
import { decodeLabels, meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { ObjectRef, ScopeState } from './contract.ts';
import { findKind } from './kindNames.ts';
import { objectPath } from './objectPath.ts';
import { redact, withoutManagedFields } from './redact.ts';
import type { Sources } from './resources.ts';

export interface ReadObject {
  object: ObjectRef;
  yaml: string;
  json: unknown;
  readAt: number;
  stale: boolean;
  redacted: string[];
}

/**
 * Reads one object from its API server. When the cluster can't be reached, what the tables know of it is given
 * instead, marked stale. Errors: `notFound` for a cluster, kind or object that is not there, and the server's own.
 */
export async function readObject(
  sources: Sources,
  ref: ObjectRef,
  options: { managedFields: boolean; signal: AbortSignal },
): Promise<ReadObject> {
  const { fleet, tables, clock } = sources;
  const cluster = fleet.byId(ref.cluster);
  if (cluster === undefined) {
    throw new KubeSageError('notFound', `There is no cluster ${ref.cluster}`, { hint: 'It may have been removed.' });
  }
  const kind = cluster.kinds.find((it) => it.id === ref.kind) ?? findKind(fleet, ref.kind);
  const table = tables.get(kind?.id ?? ref.kind);
  const schema = kind?.schema ?? table?.schema;
  if (schema === undefined) {
    throw new KubeSageError('notFound', `${cluster.name} does not serve ${ref.kind}`, {
      hint: 'The custom resource definition may have been removed, or the cluster was never opened.',
    });
  }
  const id = kind?.id ?? schema.id;
  const isSecret = id === 'secrets';
  try {
    const response = await fleet.request(ref.cluster, {
      path: objectPath(kind ?? schema, ref.namespace, ref.name),
      headers: { accept: 'application/json' },
      signal: options.signal,
    });
    const object: unknown = JSON.parse(new TextDecoder().decode(response.body));
    if (response.status >= 400) throw serverError(response.status, object);
    const shown = redact(options.managedFields ? object : withoutManagedFields(object), isSecret);
    return {
      object: { ...ref, kind: id, ...uidOf(object, ref) },
      yaml: toYaml(shown.object),
      json: shown.object,
      readAt: clock.now(),
      stale: false,
      redacted: shown.redacted,
    };
  } catch (error) {
    const isAway = error instanceof KubeSageError && ['unreachable', 'timeout', 'unavailable'].includes(error.code);
    const row = table === undefined || !isAway ? -1 : findRow(table, cluster.index, ref);
    if (table === undefined || row === -1) throw error;
    return { ...fromColumns(table, row, ref, kind), readAt: knownSince(fleet.scopes(id), ref, clock.now()) };
  }
}

/** The row of an object by its uid, else by its names; -1 when it is not known. */
export function findRow(table: Table, cluster: number, ref: Pick<ObjectRef, 'namespace' | 'name' | 'uid'>): number {
  if (ref.uid !== undefined) {
    const row = table.find(cluster, ref.uid);
    if (row !== -1) return row;
  }
  const namespaces = table.textStore(meta.namespace);
  const namespace = namespaces.dictionary.find(ref.namespace);
  const name = new TextEncoder().encode(ref.name);
  if (namespace === undefined) return -1;
  for (let row = 0; row < table.limit; row++) {
    if (table.clusters[row] !== cluster || namespaces.ids[row] !== namespace || !table.has(row)) continue;
    if (table.names.equals(row, name, 0, name.length)) return row;
  }
  return -1;
}

/**
 * Block style and no folding: what was on several lines stays on several lines, and nothing is broken anew. Texts that
 * YAML 1.1 would read as something else (`yes`, times, `012`) are quoted, because kubectl reads YAML 1.1.
 */
export function toYaml(object: unknown): string {
  return stringify(typeHeadFirst(object), {
    version: '1.1',
    lineWidth: 0,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
  });
}

/** API servers send `kind` first; everybody writes and reads `apiVersion` first. */
function typeHeadFirst(object: unknown): unknown {
  if (typeof object !== 'object' || object === null || !('apiVersion' in object)) return object;
  const { apiVersion, ...rest } = object;
  return { apiVersion, ...rest };
}

/** What is left of an object when only its row is known: names, labels, and the columns under `status`. */
function fromColumns(
  table: Table,
  row: number,
  ref: ObjectRef,
  kind: DiscoveredKind | undefined,
): Omit<ReadObject, 'readAt'> {
  const { schema } = table;
  const { group, version } = kind ?? schema;
  const labels = decodeLabels(table.text(row, meta.labels));
  const created = table.cell(row, meta.created);
  const columns: Record<string, string | number> = {};
  for (const [index, column] of schema.columns.entries()) {
    const isShown = index === meta.status || index === meta.reason || index >= meta.owner;
    const value = table.cell(row, index);
    if (!isShown || value === null || value === '' || index === meta.ownerUid) continue;
    columns[column.title] = column.type === 'time' ? new Date(Number(value)).toISOString() : value;
  }
  const namespace = table.text(row, meta.namespace);
  const json = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind: schema.kind,
    metadata: {
      name: table.text(row, meta.name),
      ...(namespace !== '' && { namespace }),
      uid: table.uid(row),
      ...(typeof created === 'number' && { creationTimestamp: new Date(created).toISOString() }),
      ...(Object.keys(labels).length > 0 && { labels }),
    },
    columns,
  };
  const note =
    '# The cluster can not be reached. This is what the lists last showed of the object, not the object itself.\n';
  return {
    object: { ...ref, kind: schema.id, uid: table.uid(row) },
    yaml: note + toYaml(json),
    json,
    stale: true,
    redacted: [],
  };
}

/** The list is as old as the moment at which it became stale. */
function knownSince(scopes: readonly ScopeState[], ref: ObjectRef, now: number): number {
  const scope = scopes.find((it) => it.cluster === ref.cluster);
  return scope === undefined || scope.state === 'live' ? now : scope.since;
}

function uidOf(object: unknown, ref: ObjectRef): { uid?: string } {
  const uid = (object as { metadata?: { uid?: unknown } } | null)?.metadata?.uid ?? ref.uid;
  return typeof uid === 'string' ? { uid } : {};
}

function serverError(status: number, body: unknown): KubeSageError {
  const message = (body as { message?: unknown } | null)?.message;
  const text = typeof message === 'string' ? message : `The API server answered ${status}`;
  const code =
    status === 404 ? 'notFound' : status === 403 ? 'forbidden' : status === 401 ? 'unauthenticated' : 'internal';
  return new KubeSageError(code, text);
}
