import type { KindSchema } from '../columns/schema.ts';

/** A kind that an API server serves, in its preferred version. */
export interface DiscoveredKind {
  /** `pods`, `deployments.apps`. */
  id: string;
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
  /** Comes from a CustomResourceDefinition or an aggregated server: no protobuf is assumed. */
  custom: boolean;
  /** Columns: the built-in ones, or made from the CRD's printer columns. */
  schema: KindSchema;
}
