import { useEffect, useMemo, useRef } from 'react';
import { useClient, useQuery } from '../../client/index.ts';
import type { SchemaSet } from '../../ui/schema/schema.ts';
import type { KnownKind } from './assist/complete.ts';
import type { Knowledge } from './textEditor.ts';

/** Asks a cluster for schemas when they are met in a text, each once; `onSchema` when one came. */
export function useKnowledge(cluster: string | undefined, onSchema: () => void): Knowledge {
  const client = useClient();
  const kinds = useQuery((c) => c.manifests.kinds, cluster === undefined ? null : { cluster });
  const latest = useRef({ kinds: noKinds, cluster, onSchema });
  latest.current = { kinds: kinds.data?.kinds ?? noKinds, cluster, onSchema };
  const schemas = useMemo(() => new Map<string, SchemaSet | undefined>(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another cluster, or more kinds, the text is looked at again
  useEffect(() => onSchema(), [cluster, kinds.data]);
  return useMemo(
    () => ({
      kinds: () => latest.current.kinds,
      schemaOf({ apiVersion, kind }) {
        const { cluster } = latest.current;
        if (cluster === undefined || apiVersion === '' || kind === '') return undefined;
        // A word that is being written is no kind yet.
        if (!latest.current.kinds.some((each) => each.apiVersion === apiVersion && each.kind === kind))
          return undefined;
        const key = JSON.stringify([cluster, apiVersion, kind]);
        if (schemas.has(key)) return schemas.get(key);
        schemas.set(key, undefined);
        client.manifests.schema({ cluster, apiVersion, kind }).then(
          (set) => {
            schemas.set(key, set as SchemaSet);
            latest.current.onSchema();
          },
          // Without a schema the server alone checks; it is not asked for again in this tab.
          () => undefined,
        );
        return undefined;
      },
    }),
    [client, schemas],
  );
}

const noKinds: readonly KnownKind[] = [];
