import { z } from 'zod';
import { ObjectRef } from '../resources/contract.ts';
import { Finding, NodeGroup, Reading } from './contract.ts';

/** Somebody uses a version of an API. */
export const Use = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  via: z.enum(['fields', 'applied', 'helm', 'metric', 'stored', 'served']),
  object: ObjectRef.optional(),
  text: z.string(),
  writer: z.string().default(''),
  at: z.number().nullable().default(null),
});
export type Use = z.infer<typeof Use>;

/** A version of a custom kind that its definition calls deprecated, or that is stored and not served. */
export const CustomVersion = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  served: z.boolean(),
  /** What the definition says about it; '' when it is not deprecated. */
  warning: z.string(),
  /** Objects may still be kept in it. */
  stored: z.boolean(),
  /** The version in which new ones are kept. */
  storage: z.string(),
  definition: ObjectRef,
});
export type CustomVersion = z.infer<typeof CustomVersion>;

/** Containers that run an image, as far as it tells something. */
export const ImageUse = z.object({
  image: z.string(),
  /** Pods that run it. */
  count: z.number(),
  /** At most 20 of them. */
  objects: z.array(ObjectRef),
  /** Labels of one of the pods. */
  labels: z.record(z.string(), z.string()).optional(),
});
export type ImageUse = z.infer<typeof ImageUse>;

/** What a check has read: independent of the target, so that another target needs no other check. */
export const Evidence = z.object({
  /** Milliseconds. */
  at: z.number(),
  version: z.string(),
  uses: z.array(Use),
  custom: z.array(CustomVersion),
  images: z.array(ImageUse),
  nodes: z.array(NodeGroup),
  /** What would go wrong in any upgrade. */
  hazards: z.array(Finding),
  readings: z.array(Reading),
});
export type Evidence = z.infer<typeof Evidence>;
