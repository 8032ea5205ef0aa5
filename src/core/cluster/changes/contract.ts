import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

/** What a plan asks for before it may run. */
export const Confirmation = z.object({
  /** `type`: the text has to be typed; `confirm`: a press is enough, `confirmed` is then `yes`. */
  level: z.enum(['none', 'confirm', 'type']),
  /** What `confirmed` must be. */
  text: z.string(),
  /** Why, a sentence each. */
  reasons: z.array(z.string()),
});
export type Confirmation = z.infer<typeof Confirmation>;

export const StepState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);

/** Several changes that were asked for at once, on their way or done. */
export const Run = z.object({
  key: z.string(),
  action: z.string(),
  /** `Scale web to 3`. */
  title: z.string(),
  /** Milliseconds. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  steps: z.array(
    z.object({
      object: ObjectRef,
      state: StepState,
      /** What it does or what happened, newest. */
      message: z.string(),
      hint: z.string().optional(),
    }),
  ),
  /** The newest words of all steps, at most 200. */
  lines: z.array(z.object({ at: z.number(), text: z.string() })),
  /** What was done can be taken back. */
  undoable: z.boolean(),
  /** The run that took it back, or that it takes back. */
  undoneBy: z.string().optional(),
  undoes: z.string().optional(),
});
export type Run = z.infer<typeof Run>;

const write = { verb: 'write', resource: 'objects' } as const;

export const changes = {
  runs: live({
    summary: 'Changes on their way and lately done, newest first',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({}),
    head: z.object({ running: z.number() }),
    row: Run,
  }),
  cancel: command({
    summary: 'Stops a run: steps that wait are not begun, those on their way are told to stop',
    access: write,
    input: z.object({ run: z.string() }),
    result: z.object({}),
  }),
  wayBack: query({
    summary: 'What taking a run back would do, and what it asks for before',
    access: { verb: 'read', resource: 'objects' },
    input: z.object({ run: z.string() }),
    result: z.object({
      title: z.string(),
      /** Newest change first. */
      objects: z.array(ObjectRef),
      danger: z.boolean(),
      confirmation: Confirmation,
    }),
  }),
  undo: command({
    summary: 'Takes a run back, newest change first; says where somebody else has changed the same since',
    access: write,
    input: z.object({ run: z.string(), confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
};
