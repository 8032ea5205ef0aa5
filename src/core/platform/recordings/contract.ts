import { z } from 'zod';
import { command, query } from '../../kernel/contract.ts';

/** A recorded terminal: an asciicast of version 2, https://docs.asciinema.org/manual/asciicast/v2/ */
export const Recording = z.object({
  key: z.string(),
  title: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  /** `exec`, `attach`, `debug`, `node` or `local`. */
  mode: z.string(),
  /** Who had it opened. */
  principal: z.string(),
  /** The cluster asked for it, not the user. */
  required: z.boolean(),
  /** What was typed is in it, too: passwords as well. */
  withInput: z.boolean(),
  /** Milliseconds. */
  startedAt: z.number(),
  /** Length in seconds; absent while it is being written, and for one that was cut off. */
  seconds: z.number().optional(),
  bytes: z.number(),
  /** `running`: being written. `cut`: its program ended before it did. */
  state: z.enum(['running', 'done', 'cut']),
});
export type Recording = z.infer<typeof Recording>;

const key = z.string().regex(/^[\w-]{1,100}$/);

export const recordings = {
  list: query({
    summary: 'Recorded terminals, newest first',
    access: { verb: 'read', resource: 'recordings' },
    input: z.object({}),
    result: z.object({ recordings: z.array(Recording) }),
  }),
  part: query({
    summary: 'A part of a recording as asciicast: whole lines from an offset on',
    access: { verb: 'read', resource: 'recordings' },
    input: z.object({ key, offset: z.number().int().min(0).default(0) }),
    result: z.object({
      text: z.string(),
      /** Where the next part begins; absent: this was the last. */
      next: z.number().optional(),
    }),
  }),
  check: query({
    summary: 'Whether a recording is as it was when its terminal ended: its hash against the record of changes',
    access: { verb: 'read', resource: 'recordings' },
    input: z.object({ key }),
    result: z.object({ sha256: z.string(), state: z.enum(['intact', 'changed', 'unknown']) }),
  }),
  remove: command({
    summary: 'Deletes a recording; that it was there stays in the record of changes',
    access: { verb: 'write', resource: 'recordings' },
    input: z.object({ key }),
    result: z.object({}),
  }),
};
