import { useMemo } from 'react';
import type { DefinitionDetail } from '../../../core/cluster/crds/contract.ts';
import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import { useLive, useQuery } from '../../client/index.ts';
import type { Schema, SchemaSet } from '../../ui/schema/schema.ts';

export interface KindDocs {
  kind: string;
  group: string;
  namespaced: boolean;
  version: string;
  /** Best first. */
  versions: readonly string[];
  set: SchemaSet | undefined;
  /** Of a kind that a definition brings, when it may be read. */
  detail: DefinitionDetail | undefined;
}

/** What is known of a kind's fields: from its definition, else from what the cluster publishes of every kind. */
export function useKindDocs(cluster: string, id: string, wanted: string | undefined) {
  const kinds = useLive((client) => client.resources.kinds, { clusters: [cluster] });
  const row = kinds.rows.find((each) => each.id === id);
  const mayBeDefined = kinds.state !== 'waiting' && (row === undefined || row.custom);
  const definition = useQuery((client) => client.crds.definition, mayBeDefined ? { cluster, name: id } : null);
  const detail = definition.previous ? undefined : definition.data;
  const published = useQuery(
    (client) => client.manifests.schema,
    row !== undefined && (!row.custom || definition.error !== undefined)
      ? { cluster, apiVersion: apiVersionOf(row), kind: row.kind }
      : null,
  );
  const docs = useMemo<KindDocs | undefined>(() => {
    if (detail !== undefined) {
      const { kind, group, scope, clusters } = detail.definition;
      const versions = clusters[0]?.versions.map(({ name }) => name) ?? [];
      const version = versions.find((each) => each === wanted) ?? versions[0] ?? '';
      return {
        kind,
        group,
        namespaced: scope === 'Namespaced',
        version,
        versions,
        set: setOf(detail, version),
        detail,
      };
    }
    if (row === undefined || published.data === undefined || published.previous) return undefined;
    const { kind, group, namespaced, version } = row;
    const set = published.data as SchemaSet;
    return { kind, group, namespaced, version, versions: [version], set, detail: undefined };
  }, [detail, row, published.data, published.previous, wanted]);
  const error: KubeSageError | undefined =
    docs !== undefined
      ? undefined
      : (published.error ?? (row === undefined ? definition.error : undefined) ?? kinds.error);
  return { docs, error, row, retry: row === undefined ? definition.reload : published.reload };
}

/** A version's schema; undefined where the definition has none. */
export function setOf({ versions }: DefinitionDetail, version: string): SchemaSet | undefined {
  const schema = versions.find(({ name }) => name === version)?.schema;
  return schema === undefined ? undefined : { root: 'kind', schemas: { kind: schema as Schema } };
}

function apiVersionOf({ group, version }: KindRow): string {
  return group === '' ? version : `${group}/${version}`;
}
