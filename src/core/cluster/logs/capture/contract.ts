import { z } from 'zod';
import { command, live, query } from '../../../kernel/contract.ts';
import { LinePattern, LogQuery, LogSource, severities } from '../contract.ts';

const MiB = 1024 * 1024;

/** Whose lines are kept: a part of what can be looked at. */
const Selected = LogQuery.pick({
  objects: true,
  labels: true,
  types: true,
  containers: true,
  include: true,
  exclude: true,
  severities: true,
  maxSources: true,
});

export const CaptureLimits = z.object({
  /** Text that is kept at most, in bytes of UTF-8; on the disk it takes about a fifth of that. */
  maxBytes: z
    .number()
    .int()
    .min(MiB)
    .max(1024 * 1024 * MiB)
    .default(1024 * MiB),
  /** Lines go that many days after they were written. */
  keepDays: z.number().int().min(1).max(3650).default(7),
  /** What gives way when `maxBytes` are there: the oldest lines, or the capture itself, which then ends. */
  whenFull: z.enum(['oldest', 'stop']).default('oldest'),
});
export type CaptureLimits = z.infer<typeof CaptureLimits>;

/** One capture as the list shows it. Instants are milliseconds. */
export const Capture = z.object({
  /** Its id. */
  key: z.string(),
  name: z.string(),
  query: Selected,
  limits: CaptureLimits,
  /** `running`: lines are kept as they come; `waiting`: its clusters are not open; `stopped`: by hand; `full`: by its limit. */
  state: z.enum(['running', 'waiting', 'stopped', 'full']),
  startedAt: z.number(),
  stoppedAt: z.number().nullable(),
  lines: z.number(),
  /** Of text, in UTF-8. */
  bytes: z.number(),
  /** Lines that were let go of, for `maxBytes` or `keepDays`. */
  letGo: z.number(),
  pods: z.number(),
  /** Containers of which lines come now. */
  streaming: z.number(),
  oldest: z.number().nullable(),
  newest: z.number().nullable(),
  /** What is not complete, and why. */
  problems: z.array(z.string()),
});
export type Capture = z.infer<typeof Capture>;

/** Which captured lines. */
export const CapturedQuery = z.object({
  /** Ids; absent: all captures. */
  captures: z.array(z.string()).max(100).optional(),
  clusters: z.array(z.string()).max(1000).optional(),
  namespaces: z.array(z.string()).max(1000).optional(),
  /** Part of a pod's name. */
  pod: z.string().max(253).optional(),
  containers: z.array(z.string()).max(100).optional(),
  /** Expressions are RE2's; text is found in any case. */
  include: LinePattern.optional(),
  exclude: LinePattern.optional(),
  severities: z.array(z.enum(severities)).optional(),
  /** Milliseconds since the epoch, both included. */
  from: z.number().optional(),
  to: z.number().optional(),
});
export type CapturedQuery = z.infer<typeof CapturedQuery>;

/** A line's place among all: what `after` takes to go on behind it. */
export const CapturedPlace = z.object({ source: z.number(), number: z.number(), at: z.number() });
export type CapturedPlace = z.infer<typeof CapturedPlace>;

export const CapturedLine = CapturedPlace.extend({
  /** Place in `severities`. */
  severity: z.number(),
  text: z.string(),
});
export type CapturedLine = z.infer<typeof CapturedLine>;

export const CapturedSource = LogSource.pick({
  cluster: true,
  namespace: true,
  pod: true,
  uid: true,
  container: true,
  type: true,
  node: true,
}).extend({
  /** Its number in the lines. */
  index: z.number(),
  /** Id of the capture that it belongs to. */
  capture: z.string(),
});
export type CapturedSource = z.infer<typeof CapturedSource>;

const Found = {
  lines: z.array(CapturedLine),
  /** Those that the lines are of; a note about a whole capture has one without a pod. */
  sources: z.array(CapturedSource),
};

const read = { verb: 'read', resource: 'logs' } as const;
const write = { verb: 'write', resource: 'logs' } as const;
const Chosen = z.object({ capture: z.string() });

export const captures = {
  captures: live({
    summary: 'What is being captured of logs, and what was',
    access: read,
    input: z.object({}),
    head: z.object({
      /** The file that holds the lines; null while they are in memory only. */
      path: z.string().nullable(),
      /** What it takes on the disk. */
      bytes: z.number(),
      /** Why lines are not being kept. */
      problem: z.string().nullable(),
    }),
    row: Capture,
  }),
  startCapture: command({
    summary: 'Keeps the lines of pods in the workspace from now on, until it is stopped',
    access: write,
    input: Selected.extend({
      name: z.string().min(1).max(200),
      limits: CaptureLimits.prefault({}),
      /** Begins with what the nodes still keep; else with the lines that are written from now on. */
      past: z.boolean().default(true),
    }),
    result: Chosen,
  }),
  stopCapture: command({
    summary: 'Ends a capture; its lines stay',
    access: write,
    input: Chosen,
    result: z.object({}),
  }),
  removeCapture: command({
    summary: 'Forgets a capture and its lines',
    access: write,
    input: Chosen,
    result: z.object({}),
  }),
  search: query({
    summary: 'Searches captured lines, those of deleted pods too',
    access: read,
    input: CapturedQuery.extend({
      order: z.enum(['newest', 'oldest']).default('newest'),
      /** The last line of the page before. */
      after: CapturedPlace.optional(),
      limit: z.number().int().min(1).max(20_000).default(500),
    }),
    result: z.object({ ...Found, more: z.boolean() }),
  }),
  count: query({
    summary: 'Counts captured lines over time, by severity',
    access: read,
    input: CapturedQuery.extend({ buckets: z.number().int().min(1).max(200).default(60) }),
    result: z.object({
      total: z.number(),
      /** The first bucket's beginning, and the length of each, milliseconds. */
      from: z.number(),
      step: z.number(),
      buckets: z.array(z.object({ bucket: z.number(), severity: z.number(), lines: z.number() })),
    }),
  }),
  around: query({
    summary: 'The captured lines of a container before and after one of them',
    access: read,
    input: CapturedPlace.extend({ lines: z.number().int().min(1).max(1000).default(20) }),
    result: z.object(Found),
  }),
};
