import { z } from 'zod';
import { ObjectRef, Tone } from '../../cluster/resources/contract.ts';
import { query } from '../../kernel/contract.ts';

/** One version of an object as the lists showed it. Instants are milliseconds; `validTo` is null for the newest. */
export const ObjectVersion = z.object({
  validFrom: z.number(),
  validTo: z.number().nullable(),
  change: z.enum(['added', 'modified', 'deleted']),
  tone: Tone,
  status: z.string(),
  /** Columns whose value differs from the version before, with both values as text. */
  changed: z.array(z.object({ column: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});
export type ObjectVersion = z.infer<typeof ObjectVersion>;

export const history = {
  object: query({
    summary: "An object's versions over time, newest first, deleted objects too",
    access: { verb: 'read', resource: 'history' },
    input: z.object({ object: ObjectRef, limit: z.number().int().min(1).max(1000).default(200) }),
    result: z.object({ versions: z.array(ObjectVersion), truncated: z.boolean() }),
  }),
  changes: query({
    summary: 'What changed in the fleet between two moments, newest first',
    access: { verb: 'read', resource: 'history' },
    input: z.object({
      from: z.number(),
      to: z.number(),
      clusters: z.array(z.string()).optional(),
      kinds: z.array(z.string()).optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    result: z.object({
      changes: z.array(
        z.object({
          at: z.number(),
          object: ObjectRef,
          change: z.enum(['added', 'modified', 'deleted']),
          tone: Tone,
          status: z.string(),
        }),
      ),
      truncated: z.boolean(),
    }),
  }),
  status: query({
    summary: 'What the history holds, and what happened to it',
    access: { verb: 'read', resource: 'history' },
    input: z.object({}),
    result: z.object({
      path: z.string().nullable(),
      rows: z.number(),
      bytes: z.number(),
      oldest: z.number().nullable(),
      newest: z.number().nullable(),
      /** Why it is not being written, or what was set aside. */
      problem: z.string().nullable(),
    }),
  }),
};
