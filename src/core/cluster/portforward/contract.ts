import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

export const Forward = z.object({
  key: z.string(),
  /** A pod, a service or a workload. */
  object: ObjectRef,
  clusterName: z.string(),
  /** The object's port: of a service its own, not that of its pods. */
  port: z.number(),
  /** Address and port of this machine. */
  address: z.string(),
  localPort: z.number(),
  /** `waiting`: the cluster or the pod is not there; connections are refused until it is. */
  state: z.enum(['listening', 'waiting', 'failed']),
  /** Why it waits or failed, or what the last connection met. */
  message: z.string(),
  /** Where the last connection went. */
  pod: z.string(),
  connections: z.number(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  /** To be opened in a browser. */
  url: z.string(),
});
export type Forward = z.infer<typeof Forward>;

const write = { verb: 'write', resource: 'forwards' } as const;
const read = { verb: 'read', resource: 'forwards' } as const;

export const portforward = {
  forwards: live({
    summary: 'Local ports that lead to pods and services',
    access: read,
    input: z.object({}),
    head: z.object({}),
    row: Forward,
  }),
  ports: query({
    summary: 'The ports that an object offers',
    access: read,
    input: z.object({ object: ObjectRef }),
    result: z.object({
      ports: z.array(z.object({ port: z.number(), name: z.string(), protocol: z.string() })),
    }),
  }),
  start: command({
    summary: 'Opens a local port that leads to an object; it comes back with the next start until it is stopped',
    access: write,
    input: z.object({
      object: ObjectRef,
      port: z.number().int().min(1).max(65_535),
      /** 0 for any free one. */
      localPort: z.number().int().min(0).max(65_535).default(0),
      /** Other machines reach it on an address that is not loopback. */
      address: z.string().default('127.0.0.1'),
    }),
    result: z.object({ key: z.string(), url: z.string() }),
  }),
  stop: command({
    summary: 'Closes a local port and forgets it',
    access: write,
    input: z.object({ key: z.string() }),
    result: z.object({}),
  }),
};
