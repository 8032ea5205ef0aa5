import { z } from 'zod';
import { clusterColors, lingerSeconds } from './contract.ts';

/** How the user wants one cluster to be shown and guarded. */
export const ClusterSettings = z.object({
  alias: z.string().optional(),
  group: z.string().optional(),
  color: z.enum(clusterColors).optional(),
  favorite: z.boolean().optional(),
  pinned: z.boolean().optional(),
  protected: z.boolean().optional(),
  namespaces: z.array(z.string()).nullable().optional(),
});
export type ClusterSettings = z.output<typeof ClusterSettings>;

/** All of them, by cluster id. Those of clusters that are not known at the moment are kept. */
export const FleetSettings = z.object({
  clusters: z.record(z.string(), ClusterSettings).default({}),
  lingerSeconds: lingerSeconds.default(60),
});
export type FleetSettings = z.output<typeof FleetSettings>;

/** A colour for a cluster that was given none: always the same, and spread over the palette. */
export function defaultColor(id: string): (typeof clusterColors)[number] {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) >>> 0;
  return clusterColors[hash % clusterColors.length] ?? 'slate';
}

/** What was learned of clusters in earlier runs, by cluster id, so that one that is not open is more than a name. */
export const FleetMemory = z.object({
  clusters: z
    .record(z.string(), z.object({ version: z.string().nullable(), lastLive: z.number().nullable() }))
    .default({}),
});
export type FleetMemory = z.output<typeof FleetMemory>;
