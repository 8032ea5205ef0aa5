import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { toErrorValue } from '../../kernel/errors.ts';
import type { KindSchema } from '../../kube/columns/schema.ts';
import { describeSnapshot } from '../../kube/columns/snapshot.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import { Hidden } from './contract.ts';
import type { FleetSnapshots } from './ports.ts';

const KeptColumn = z.object({
  id: z.string(),
  title: z.string(),
  type: z.enum(['text', 'name', 'number', 'time']),
  unit: z.enum(['count', 'bytes', 'millicores', 'seconds', 'percent', 'flag']).optional(),
  priority: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  description: z.string().optional(),
  width: z.number().optional(),
  from: z.object({ from: z.enum(['label', 'annotation', 'jsonPath']), path: z.string() }).optional(),
});

const KeptKind = z.object({
  id: z.string(),
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
  verbs: z.array(z.string()),
  shortNames: z.array(z.string()),
  categories: z.array(z.string()),
  custom: z.boolean(),
  /** Null for a kind whose columns are the program's own. */
  columns: z.array(KeptColumn).nullable(),
});

/** What a snapshot says of its cluster beside the rows. No credentials: those are in the kubeconfig alone. */
export const KeptFacts = z.object({
  /** Version of KubeSage that computed the cells. */
  program: z.string(),
  /** When what is kept was last known to be current, milliseconds. */
  asOf: z.number(),
  /** The same by kind, for kinds that were not current then. */
  kindsAsOf: z.record(z.string(), z.number()),
  /** For a cluster whose context is gone from the kubeconfig. */
  context: z.object({
    context: z.string(),
    source: z.string(),
    sourceId: z.string(),
    cluster: z.string(),
    user: z.string(),
    namespace: z.string(),
    server: z.string(),
  }),
  version: z.string().nullable(),
  /** Columns that the rows were written with, by kind: see `contentOf`. */
  rowColumns: z.record(z.string(), z.string()),
  kinds: z.array(KeptKind),
  hidden: z.array(Hidden),
  unseen: z.array(z.string()),
});
export type KeptFacts = z.output<typeof KeptFacts>;

/** A snapshot as it was read: its rows are still bytes. */
export interface Kept {
  id: string;
  /** Null when it could not be read from the cluster. */
  uid: string | null;
  facts: KeptFacts;
  /** How many rows it has, by kind. */
  rows: ReadonlyMap<string, number>;
  file: Uint8Array;
}

/** How many rows they have together, by kind. */
export function rowsOfAll(all: readonly Kept[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { rows } of all) for (const [kind, count] of rows) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return sums;
}

/** Ids of clusters have characters that file names may not have. */
export function fileNameOf(cluster: string): string {
  return createHash('sha256').update(cluster).digest('hex').slice(0, 32);
}

/** Every snapshot that can be read. The others are set aside, and told. */
export async function readKept({ folder, notify }: FleetSnapshots): Promise<Kept[]> {
  let names: string[];
  try {
    names = await folder.list();
  } catch (error) {
    notify('snapshots', {
      message: `What was known of the clusters can't be read: ${toErrorValue(error).message}`,
      hint: 'Clusters show nothing before they are opened. Check the permissions of the data folder.',
    });
    return [];
  }
  const read = await Promise.all(
    names.map(async (name): Promise<Kept | undefined> => {
      let problem: string;
      try {
        const file = await folder.read(name);
        if (file === null) return undefined;
        const head = describeSnapshot(file);
        if ('problem' in head) problem = head.problem;
        else {
          const facts = KeptFacts.safeParse(head.about);
          const cluster = head.clusters[0];
          if (facts.success && cluster !== undefined) {
            const uid = cluster.uid === '' ? null : cluster.uid;
            return { id: cluster.id, uid, facts: facts.data, rows: head.rows, file };
          }
          problem = 'It was written by another version of KubeSage';
        }
      } catch (error) {
        notify(`snapshot:${name}`, {
          message: toErrorValue(error).message,
          hint: 'That cluster shows nothing before it is opened.',
        });
        return undefined;
      }
      let aside = `It is kept as ${name}.damaged. `;
      try {
        await folder.setAside(name);
      } catch (error) {
        aside = `It could not be set aside either: ${toErrorValue(error).message}. `;
      }
      notify(`snapshot:${name}`, {
        message: `What was known of a cluster can't be used. ${problem}`,
        hint: `${aside}Open the cluster to have its state anew.`,
      });
      return undefined;
    }),
  );
  return read.filter((kept) => kept !== undefined);
}

export function keptContext(context: KubeContext): KeptFacts['context'] {
  const { context: name, source, sourceId, cluster, user, namespace, server } = context;
  return { context: name, source, sourceId, cluster, user, namespace, server };
}

/** A context that is in no kubeconfig any more: something to show, nothing to connect with. */
export function lostContext({ id, facts }: Kept): KubeContext {
  return { ...facts.context, id, address: undefined, auth: {}, problem: undefined, risks: [], demo: false };
}

export function keptKinds(kinds: readonly DiscoveredKind[]): KeptFacts['kinds'] {
  return kinds.map(({ schema, verbs, shortNames, categories, ...kind }) => ({
    ...kind,
    verbs: [...verbs],
    shortNames: [...shortNames],
    categories: [...categories],
    columns: isDeepStrictEqual(schema, builtInSchema(kind.id)) ? null : schema.columns.map((column) => ({ ...column })),
  }));
}

/**
 * The columns that rows out of a file must have: undefined when those of the file will do. Behind a kind's own columns
 * come the user's, and those of other clusters' versions of the kind.
 */
export function neededSchema(kind: DiscoveredKind | undefined, kept: KindSchema): KindSchema | undefined {
  const own = kind?.custom === true ? undefined : builtInSchema(kept.id);
  if (own === undefined) return undefined;
  const fits = own.columns.every(({ id, type }, at) => kept.columns[at]?.id === id && kept.columns[at]?.type === type);
  return fits && own.version === kept.version ? undefined : own;
}

/** Kinds whose columns are not known any more are left out. */
export function knownKinds(kinds: KeptFacts['kinds']): DiscoveredKind[] {
  return kinds.flatMap(({ columns, ...kind }) => {
    const { id, group, version, resource, kind: word, namespaced } = kind;
    const schema =
      columns === null ? builtInSchema(id) : { id, group, version, resource, kind: word, namespaced, columns };
    return schema === undefined ? [] : [{ ...kind, schema }];
  });
}
