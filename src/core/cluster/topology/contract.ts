import { z } from 'zod';
import { live } from '../../kernel/contract.ts';
import { ObjectRef, Tone, ToneTotals } from '../resources/contract.ts';

/** Where a node stands on the way of a request, from left to right. */
export const Stage = z.enum([
  'owner',
  'entry',
  'route',
  'service',
  'endpoints',
  'workload',
  'pods',
  'config',
  'policy',
  'host',
]);
export type Stage = z.infer<typeof Stage>;

/** `routes` entry over routes to service (and its endpoints), `selects` service, endpoints or policy to pods, `owns`, `uses` pods to config, `runsOn` pods to a host. */
export const EdgeKind = z.enum(['routes', 'selects', 'owns', 'uses', 'runsOn']);
export type EdgeKind = z.infer<typeof EdgeKind>;

/** Kinds of objects that are drawn only when they are asked for; without it they are counts. */
export const Layer = z.enum(['endpoints', 'config', 'policies', 'hosts']);
export type Layer = z.infer<typeof Layer>;

export const TopologyQuery = z.object({
  /** Cluster ids; absent for all open ones. */
  clusters: z.array(z.string()).optional(),
  /** Namespaces; absent for all. */
  namespaces: z.array(z.string()).optional(),
  /** As in lists. A path is shown when an object on it is let through. */
  filter: z.string().max(2000).default(''),
  /** What a box is: a namespace of a cluster, or an application in it (what Argo CD or Flux manage together, else by the recommended labels, else `app`). */
  by: z.enum(['namespace', 'app']).default('namespace'),
  layers: z.array(Layer).default([]),
  /** Keys of aggregates that are to be opened, before any other. */
  open: z.array(z.string()).max(200).default([]),
  /** An object that must be seen: the path that it is on comes first. */
  focus: ObjectRef.optional(),
  /** Most nodes; above it, groups and then paths become aggregates, the worst last. */
  budget: z.number().int().min(20).max(4000).default(400),
});
export type TopologyQuery = z.input<typeof TopologyQuery>;

export const TopologyEdge = z.object({
  to: z.string(),
  kind: EdgeKind,
  /** How many relations it stands for. */
  count: z.number(),
});
export type TopologyEdge = z.infer<typeof TopologyEdge>;

/** A box on the screen: one object, some of one sort, or a whole group that is closed. */
export const TopologyNode = z.object({
  key: z.string(),
  /** Key of the group in whose box it lies. */
  group: z.string(),
  stage: Stage,
  /**
   * `object` is one object; `pods` the pods of one workload; `more` other objects of one kind in the group; `group` a
   * closed group; `groups` the closed groups of a cluster that are not told apart.
   */
  form: z.enum(['object', 'pods', 'more', 'group', 'groups']),
  /** Kind id, such as `deployments.apps`; '' for groups. */
  kind: z.string(),
  /** As manifests write it; '' for groups. */
  kindName: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Absent for aggregates. */
  object: ObjectRef.optional(),
  /** The worst of what it stands for. */
  tone: Tone,
  status: z.string(),
  /** Objects that it stands for. */
  count: z.number(),
  /** Of aggregates: those objects by their tone. */
  tones: ToneTotals.optional(),
  /** Objects that are used and not drawn, of a workload: `Secret` 2. */
  uses: z.array(z.object({ kindName: z.string(), count: z.number() })).optional(),
  /** Lists what an aggregate stands for: a filter for the list of `kind`; absent where none can. */
  filter: z.string().optional(),
  edges: z.array(TopologyEdge),
});
export type TopologyNode = z.infer<typeof TopologyNode>;

export const TopologyGroup = z.object({
  key: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string(),
  /** Application; '' when groups are namespaces. */
  app: z.string(),
  tone: Tone,
  /** Objects in it. */
  count: z.number(),
  /** Of these, failed and warned about. */
  failing: z.number(),
  open: z.boolean(),
});
export type TopologyGroup = z.infer<typeof TopologyGroup>;

export const TopologyHead = z.object({
  /** Objects that the nodes stand for, all together. */
  objects: z.number(),
  tones: ToneTotals,
  /** Nodes that stand for more than the pods of one workload. */
  aggregates: z.number(),
  /** Worst first: those that have a node of their own or are open. */
  groups: z.array(TopologyGroup),
  /** Key of the node that shows the focus; null when nothing does. */
  focus: z.string().nullable(),
  filterProblems: z.array(z.object({ message: z.string(), start: z.number(), end: z.number() })),
  /** Some lists are not there yet. */
  loading: z.boolean(),
  /** What is not shown, a sentence each. */
  problems: z.array(z.string()),
  /** Milliseconds that making it took. */
  tookMs: z.number(),
});
export type TopologyHead = z.infer<typeof TopologyHead>;

/** One node of a cluster with its pods, for the dense map. Lists of pods are aligned with each other. */
export const HostRow = z.object({
  key: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  /** '' for pods that run nowhere. */
  name: z.string(),
  tone: Tone,
  status: z.string(),
  /** Allocatable millicores and bytes, 0 when they are not known. */
  cpu: z.number(),
  memory: z.number(),
  /** Requested by the pods that are told of. */
  cpuRequested: z.number(),
  memoryRequested: z.number(),
  tones: ToneTotals,
  /** `namespace/name`; absent when there are more than can be told apart, then there are counts alone. */
  pods: z.array(z.string()).optional(),
  /** Places in `ToneTotals`' order: healthy, progressing, warning, failed, unknown, stopped. */
  podTones: z.array(z.number()).optional(),
  podStatuses: z.array(z.string()).optional(),
  podCpu: z.array(z.number()).optional(),
  podMemory: z.array(z.number()).optional(),
});
export type HostRow = z.infer<typeof HostRow>;

const read = { verb: 'read', resource: 'objects' } as const;

export const topology = {
  graph: live({
    summary: 'How requests reach pods: entries, services, workloads, pods and what they use, with problems first',
    access: read,
    input: TopologyQuery,
    head: TopologyHead,
    row: TopologyNode,
  }),
  map: live({
    summary: 'Every node with its pods, by status and by what they request of what the node has',
    access: read,
    input: TopologyQuery.pick({ clusters: true, namespaces: true, filter: true }),
    head: z.object({
      hosts: z.number(),
      pods: z.number(),
      tones: ToneTotals,
      filterProblems: TopologyHead.shape.filterProblems,
      loading: z.boolean(),
      problems: z.array(z.string()),
    }),
    row: HostRow,
  }),
};
