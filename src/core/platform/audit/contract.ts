import { z } from 'zod';
import { query } from '../../kernel/contract.ts';

/** What was changed in an object: a JSON pointer with the values before and after; absent where there was none. */
export const FieldChange = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type FieldChange = z.infer<typeof FieldChange>;

/** One request that changed something in a cluster, or was refused. */
export const AuditEntry = z.object({
  /** The entry's own hash. */
  key: z.string(),
  /** Milliseconds. */
  at: z.number(),
  /** Who asked: `local` on the desktop. */
  principal: z.string(),
  /** Whose credentials the cluster saw. */
  user: z.string(),
  /** Several changes that were asked for at once share it. */
  run: z.string(),
  /** Such as `scale`, or `apply`. */
  action: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  /** Kind id, such as `deployments.apps`. */
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  request: z.string(),
  changes: z.array(FieldChange),
  result: z.enum(['done', 'failed']),
  /** Why it failed. */
  error: z.string().optional(),
  /** The run that this one takes back. */
  undoes: z.string().optional(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const access = { verb: 'read', resource: 'audit' } as const;

export const audit = {
  entries: query({
    summary: 'What was changed through KubeSage, newest first',
    access,
    input: z.object({
      cluster: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      /** In action, names, user or error. */
      text: z.string().max(200).default(''),
      before: z.number().optional(),
      limit: z.number().int().min(1).max(1000).default(100),
    }),
    result: z.object({ entries: z.array(AuditEntry), total: z.number() }),
  }),
  verify: query({
    summary: 'Whether the record of changes is as it was written',
    access,
    input: z.object({}),
    result: z.object({
      entries: z.number(),
      /** The newest entry's hash: to be compared with one that was noted elsewhere. */
      head: z.string(),
      /** The first place that does not fit. */
      broken: z.object({ file: z.string(), line: z.number(), message: z.string() }).optional(),
    }),
  }),
  export: query({
    summary: 'All entries as NDJSON with their hashes, to be kept or verified elsewhere',
    access,
    input: z.object({}),
    result: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
  }),
};
