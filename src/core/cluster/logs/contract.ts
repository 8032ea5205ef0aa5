import { z } from 'zod';
import { query, tail } from '../../kernel/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

/**
 * What a line says of its own weight, by the number that stands in `severity`. The last one is no line of a container:
 * KubeSage says something at this place, such as that the container was restarted.
 */
export const severities = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal', 'note'] as const;
export type Severity = (typeof severities)[number];

export const ContainerType = z.enum(['main', 'init', 'ephemeral']);
export type ContainerType = z.infer<typeof ContainerType>;

/** Text that a line has, in any case; or a regular expression, of which the first 512 characters of a line are tried. */
export const LinePattern = z.object({ text: z.string().min(1).max(200), regex: z.boolean().default(false) });
export type LinePattern = z.infer<typeof LinePattern>;

/** Which lines of which containers. */
export const LogQuery = z.object({
  /** Pods, or what has pods: workloads, services, nodes, namespaces, custom resources that own pods. */
  objects: z.array(ObjectRef).max(500).default([]),
  /** All pods of a label query, `app=web,tier in (a,b)`; an empty namespace is every one. */
  labels: z
    .array(z.object({ cluster: z.string(), namespace: z.string(), selector: z.string().min(1).max(1000) }))
    .max(50)
    .default([]),
  /**
   * `default` is the container that the pod's annotation `kubectl.kubernetes.io/default-container` names, and every main
   * container where there is none.
   */
  types: z
    .array(z.enum(['default', 'main', 'init', 'ephemeral']))
    .min(1)
    .default(['default']),
  /** Only containers of these names, of any type; absent: all of `types`. */
  containers: z.array(z.string()).max(100).optional(),
  /** The container before the last restart, and nothing else. */
  previous: z.boolean().default(false),
  /** Lines of that many seconds back; absent: any age. */
  sinceSeconds: z.number().int().min(1).optional(),
  /** The last so many lines of each container. Absent, with no `sinceSeconds`: all that the node keeps. */
  tailLines: z.number().int().min(0).max(1_000_000).optional(),
  include: LinePattern.optional(),
  exclude: LinePattern.optional(),
  /** Lines of these severities only; `note` always comes. */
  severities: z.array(z.enum(severities)).optional(),
  /** Containers that are read at once; further ones are named and not read. */
  maxSources: z.number().int().min(1).max(200).default(60),
});
export type LogQuery = z.infer<typeof LogQuery>;

/** One container of one pod. */
export const LogSource = z.object({
  /** Its number in `lines`. */
  index: z.number(),
  cluster: z.string(),
  namespace: z.string(),
  pod: z.string(),
  uid: z.string(),
  container: z.string(),
  type: ContainerType,
  /** It is read; one that is not is named here so that it can be chosen. */
  chosen: z.boolean(),
  /**
   * `waiting`: not started yet, `streaming`: its lines come, `reconnecting`: the stream broke and is taken up again,
   * `ended`: it will write no more, `gone`: its pod is deleted, `forbidden`, `failed`: it cannot be read.
   */
  state: z.enum(['waiting', 'streaming', 'reconnecting', 'ended', 'gone', 'forbidden', 'failed', 'unread']),
  reason: z.string().optional(),
  /** For `forbidden`: what an administrator would grant, as YAML. */
  rule: z.string().optional(),
  restarts: z.number(),
  node: z.string(),
});
export type LogSource = z.infer<typeof LogSource>;

/** Lines in columns: the first line is the first of each. */
export const LogLines = z.object({
  /** Source indexes. */
  source: z.array(z.number()),
  /** Milliseconds since the epoch with fractions, by the node's clock. */
  at: z.array(z.number()),
  /** Places in `severities`. */
  severity: z.array(z.number()),
  /** Without the line end. One longer than 256 KiB is cut, and says so. */
  text: z.array(z.string()),
});
export type LogLines = z.infer<typeof LogLines>;

const Sources = {
  /** Every source, in the order of their numbers. */
  sources: z.array(LogSource),
  /** What is not complete, and why. */
  problems: z.array(z.string()),
};

export const LogItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('sources'),
    ...Sources,
    /** Which pods are meant is known, at least for now. */
    resolved: z.boolean(),
  }),
  z.object({
    type: z.literal('lines'),
    /** How many lines came before these: a jump says how many did not fit through. */
    first: z.number(),
    lines: LogLines,
  }),
]);
export type LogItem = z.infer<typeof LogItem>;

const access = { verb: 'read', resource: 'logs' } as const;

export const logs = {
  tail: tail({
    summary: 'Lines of containers as they are written, merged by time, through restarts and replaced pods',
    access,
    input: LogQuery.extend({
      /** Goes on with new lines; else the tail ends with what is there. */
      follow: z.boolean().default(true),
    }),
    item: LogItem,
  }),
  past: query({
    summary: 'Lines that containers have written so far, merged by time',
    access,
    input: LogQuery.extend({
      /** The newest so many of all are given. */
      limit: z.number().int().min(1).max(200_000).default(10_000),
    }),
    result: z.object({
      ...Sources,
      lines: LogLines,
      /** Older lines were left out for the limit. */
      cut: z.number(),
    }),
  }),
};
