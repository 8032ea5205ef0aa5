import { z } from 'zod';
import { live, query } from '../../kernel/contract.ts';

export const DefinitionVersion = z.object({
  name: z.string(),
  served: z.boolean(),
  /** Objects are written in this one. */
  storage: z.boolean(),
  deprecated: z.boolean(),
  /** What the server warns of when it is asked for this version. */
  warning: z.string().optional(),
  /** Of its schema: the same in two clusters means the same schema. */
  hash: z.string(),
});
export type DefinitionVersion = z.infer<typeof DefinitionVersion>;

/** A definition as one cluster has it. */
export const DefinitionThere = z.object({
  cluster: z.string(),
  /** Newest first, by Kubernetes' own order of versions. */
  versions: z.array(DefinitionVersion),
  /** Versions in which objects may be kept. */
  stored: z.array(z.string()),
  conversion: z.enum(['None', 'Webhook']),
  established: z.boolean(),
  /** What its conditions say is wrong. */
  problem: z.string().optional(),
  /** Milliseconds. */
  createdAt: z.number(),
  /** null while it is not known, or may not be. */
  instances: z.number().nullable(),
});
export type DefinitionThere = z.infer<typeof DefinitionThere>;

export const Definition = z.object({
  /** Its name, which is the kind's id: `certificates.cert-manager.io`. */
  key: z.string(),
  group: z.string(),
  kind: z.string(),
  plural: z.string(),
  shortNames: z.array(z.string()),
  categories: z.array(z.string()),
  scope: z.enum(['Namespaced', 'Cluster']),
  clusters: z.array(DefinitionThere),
  /** Clusters do not have the same of it. */
  differs: z.boolean(),
});
export type Definition = z.infer<typeof Definition>;

export const DefinitionSource = z.object({
  cluster: z.string(),
  name: z.string(),
  state: z.enum(['loading', 'ready', 'forbidden', 'failed']),
  message: z.string().optional(),
  hint: z.string().optional(),
});
export type DefinitionSource = z.infer<typeof DefinitionSource>;

const PrinterColumn = z.object({
  name: z.string(),
  type: z.string(),
  jsonPath: z.string(),
  description: z.string().optional(),
  priority: z.number(),
});

export const DefinitionDetail = z.object({
  definition: Definition,
  conditions: z.array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string(),
      message: z.string(),
      /** Milliseconds; 0 when it is not told. */
      at: z.number(),
    }),
  ),
  /** Aligned with `definition.clusters[0].versions`. */
  versions: z.array(
    z.object({
      name: z.string(),
      /** OpenAPI v3, as the definition has it; absent where it has none. */
      schema: z.unknown().optional(),
      columns: z.array(PrinterColumn),
      /** `status`, `scale` */
      subresources: z.array(z.string()),
      selectableFields: z.array(z.string()),
    }),
  ),
  /** Of a conversion webhook: `service namespace/name` or its address. */
  webhook: z.string().optional(),
});
export type DefinitionDetail = z.infer<typeof DefinitionDetail>;

const read = { verb: 'read', resource: 'objects' } as const;

export const crds = {
  definitions: live({
    summary: 'Every CustomResourceDefinition of the open clusters: versions, instances, and where clusters differ',
    access: read,
    input: z.object({
      /** Absent for all that are open. */
      clusters: z.array(z.string()).optional(),
    }),
    head: z.object({ sources: z.array(DefinitionSource) }),
    row: Definition,
  }),
  definition: query({
    summary: 'One CustomResourceDefinition of one cluster, with the schemas of all its versions',
    access: read,
    input: z.object({ cluster: z.string(), name: z.string() }),
    result: DefinitionDetail,
  }),
};
