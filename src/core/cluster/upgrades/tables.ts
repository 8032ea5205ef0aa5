import { z } from 'zod';
import { Evidence } from './evidence.ts';

/** What is remembered of one check, to tell what the next one changed. */
const CheckLines = z.object({
  at: z.number(),
  target: z.number(),
  /** A line a piece of evidence: finding's key, severity and title, and the thing. */
  lines: z.array(z.object({ finding: z.string(), text: z.string() })),
});
export type CheckLines = z.infer<typeof CheckLines>;

const Kept = z.object({
  target: z.number().optional(),
  /** Ticks by target, then by step: milliseconds. */
  ticks: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  evidence: Evidence.optional(),
  /** Of the check before. */
  before: CheckLines.optional(),
});
export type Kept = z.infer<typeof Kept>;

/** `upgrades.json`: by cluster id. */
export const KeptUpgrades = z.object({ clusters: z.record(z.string(), Kept).default({}) });
export type KeptUpgrades = z.infer<typeof KeptUpgrades>;
