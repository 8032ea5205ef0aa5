import { z } from 'zod';
import { live, query } from '../../kernel/contract.ts';
import { UserColumn } from '../../platform/settings/contract.ts';

export const Tone = z.enum(['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped']);
export type Tone = z.infer<typeof Tone>;

export const ToneTotals = z.record(Tone, z.number());

/** Names an object anywhere in the fleet. `kind` is a kind id such as `pods` or `deployments.apps`. */
export const ObjectRef = z.object({
  cluster: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  uid: z.string().optional(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

export const Unit = z.enum(['count', 'bytes', 'millicores', 'seconds', 'percent', 'flag']);

export const ColumnInfo = z.object({
  id: z.string(),
  title: z.string(),
  /** How a cell is to be read: `time` is milliseconds since the epoch, `number` has a unit. */
  type: z.enum(['text', 'name', 'number', 'time']),
  unit: Unit.optional(),
  priority: z.number().int(),
  description: z.string().optional(),
  width: z.number().optional(),
});
export type ColumnInfo = z.infer<typeof ColumnInfo>;

/** One query language for every list: see docs/guide/query.md. The same in UI, REST and WebSocket. */
export const ListQuery = z.object({
  kind: z.string().min(1),
  /** Cluster ids; absent for all open ones. */
  clusters: z.array(z.string()).optional(),
  /** Namespaces; absent for all. */
  namespaces: z.array(z.string()).optional(),
  /** `status:crash restarts>5 !ns:kube-system app=web name~^api-` */
  filter: z.string().max(2000).default(''),
  sort: z
    .array(z.object({ column: z.string(), descending: z.boolean().default(false) }))
    .max(4)
    .default([]),
  /** Column to count by. With it, `head.groups` is present. */
  group: z.string().optional(),
  /** Columns wanted, by id; absent for those of priority 0. */
  columns: z.array(z.string()).max(60).optional(),
  userColumns: z.array(UserColumn).max(20).optional(),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(1000).default(100),
});
export type ListQuery = z.input<typeof ListQuery>;

/** What is known of one cluster's part of a list: lists say what they do not show. */
export const ScopeState = z.object({
  cluster: z.string(),
  state: z.enum(['listing', 'live', 'stale', 'forbidden', 'absent', 'stopped', 'unreachable']),
  /** Milliseconds. */
  since: z.number(),
  reason: z.string().optional(),
  hint: z.string().optional(),
  /** When not every namespace could be listed: those that could. */
  namespaces: z.array(z.string()).optional(),
  rows: z.number(),
});
export type ScopeState = z.infer<typeof ScopeState>;

export const Cell = z.union([z.string(), z.number(), z.null()]);
export type Cell = z.infer<typeof Cell>;

export const Row = z.object({
  /** `cluster/uid` */
  key: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  tone: Tone,
  /** Aligned with `head.columns`. */
  cells: z.array(Cell),
});
export type Row = z.infer<typeof Row>;

export const ListHead = z.object({
  kind: z.string(),
  columns: z.array(ColumnInfo),
  /** Every column that could be asked for. */
  available: z.array(ColumnInfo),
  /** Rows in the chosen clusters and namespaces, before the filter. */
  total: z.number(),
  /** Rows that the filter lets through. */
  matched: z.number(),
  offset: z.number(),
  tones: ToneTotals,
  /** Most rows first; of many values, those with the most failed rows and the largest. */
  groups: z.array(z.object({ value: z.string(), count: z.number(), tones: ToneTotals })).optional(),
  /** The values that are not in `groups`: how many there are, with all of their rows. Absent when all are. */
  otherGroups: z.object({ values: z.number(), count: z.number(), tones: ToneTotals }).optional(),
  scopes: z.array(ScopeState),
  /** What is wrong with the filter, with the position in it; the list is then unfiltered by the broken part. */
  filterProblems: z.array(z.object({ message: z.string(), start: z.number(), end: z.number() })),
});
export type ListHead = z.infer<typeof ListHead>;

/** A kind that at least one open cluster serves. */
export const KindRow = z.object({
  key: z.string(),
  id: z.string(),
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
  verbs: z.array(z.string()),
  shortNames: z.array(z.string()),
  categories: z.array(z.string()),
  custom: z.boolean(),
  /** Section of the navigation: Workloads, Network, Config, Storage, Access, Cluster, Policy, Custom resources. */
  section: z.string(),
  clusters: z.array(z.string()),
  /** Clusters in which it may not be listed, with the reason. */
  forbidden: z.array(z.object({ cluster: z.string(), reason: z.string() })),
  /** Rows known, when the kind is watched; null otherwise. */
  count: z.number().nullable(),
  /** Failed and warning rows among them. */
  failing: z.number().nullable(),
});
export type KindRow = z.infer<typeof KindRow>;

export const Event = z.object({
  key: z.string(),
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  count: z.number(),
  /** Milliseconds. */
  first: z.number(),
  last: z.number(),
  source: z.string(),
  object: ObjectRef,
});
export type Event = z.infer<typeof Event>;

export const Relation = z.object({
  key: z.string(),
  object: ObjectRef,
  /** How it is related to the object that was asked for. */
  relation: z.enum(['self', 'owner', 'owned', 'selects', 'selectedBy', 'uses', 'usedBy', 'runsOn']),
  /** Key of the row above it in the tree; null at the root. */
  parent: z.string().nullable(),
  tone: Tone,
  status: z.string(),
});
export type Relation = z.infer<typeof Relation>;

/** Failing pods with one cause: the same owner in the same namespace with the same status. */
export const Cause = z.object({
  key: z.string(),
  /** Ids, in order. */
  clusters: z.array(z.string()),
  namespace: z.string(),
  /** The owner's name as people know it, without a template's hash; of a pod without one, the pod's. */
  name: z.string(),
  status: z.string(),
  tone: Tone,
  count: z.number(),
  /** When the newest of the pods was created, milliseconds; 0 when it is not known. */
  since: z.number(),
  /** Lets these through in a list of pods of those clusters and that namespace. */
  filter: z.string(),
});
export type Cause = z.infer<typeof Cause>;

export const SearchHit = z.object({
  key: z.string(),
  object: ObjectRef,
  kindName: z.string(),
  tone: Tone,
  status: z.string(),
  score: z.number(),
  /** Ranges [start, end) of the name that matched. */
  ranges: z.array(z.tuple([z.number(), z.number()])),
});
export type SearchHit = z.infer<typeof SearchHit>;

const read = { verb: 'read', resource: 'objects' } as const;

export const resources = {
  kinds: live({
    summary: 'Every kind that the open clusters serve, custom resources included',
    access: read,
    input: z.object({ clusters: z.array(z.string()).optional() }),
    head: z.object({ namespaces: z.array(z.string()) }),
    row: KindRow,
  }),
  list: live({
    summary: 'A window of a live list over many clusters: filtered, sorted, grouped, counted',
    access: read,
    input: ListQuery,
    head: ListHead,
    row: Row,
  }),
  query: query({
    summary: 'The same list once; the kind is listed first when nobody watches it',
    access: read,
    input: ListQuery,
    result: z.object({ head: ListHead, rows: z.array(Row) }),
  }),
  export: query({
    summary: 'The whole list, without a window, as CSV or JSON text',
    access: read,
    input: z.object({ query: ListQuery, format: z.enum(['csv', 'json']) }),
    result: z.object({ fileName: z.string(), mediaType: z.string(), text: z.string(), rows: z.number() }),
  }),
  get: query({
    summary: 'One object as the API server has it now, values of secrets left out',
    access: read,
    input: z.object({ object: ObjectRef, managedFields: z.boolean().default(false) }),
    result: z.object({
      object: ObjectRef,
      yaml: z.string(),
      json: z.unknown(),
      /** Milliseconds; older than now when the cluster cannot be reached and this is the last known state. */
      readAt: z.number(),
      stale: z.boolean(),
      redacted: z.array(z.string()),
    }),
  }),
  events: live({
    summary: "An object's events, newest first",
    access: read,
    input: z.object({ object: ObjectRef, limit: z.number().int().min(1).max(500).default(100) }),
    head: z.object({ total: z.number(), scopes: z.array(ScopeState) }),
    row: Event,
  }),
  relations: live({
    summary: 'What owns, is owned by, selects or uses an object, as a tree',
    access: read,
    input: z.object({ object: ObjectRef }),
    head: z.object({ complete: z.boolean(), problems: z.array(z.string()) }),
    row: Relation,
  }),
  causes: live({
    summary: 'Why pods fail: the failing ones by what they belong to and by their status, worst and most first',
    access: read,
    input: z.object({
      /** Absent for all open ones. */
      clusters: z.array(z.string()).optional(),
      limit: z.number().int().min(1).max(200).default(12),
    }),
    head: z.object({
      /** All that fail or are warned about. */
      pods: z.number(),
      /** Of which the first are told. */
      causes: z.number(),
    }),
    row: Cause,
  }),
  search: query({
    summary: 'Objects of every kind and cluster by parts of their name, namespace or labels',
    access: read,
    input: z.object({
      text: z.string().max(300),
      clusters: z.array(z.string()).optional(),
      kinds: z.array(z.string()).optional(),
      limit: z.number().int().min(1).max(200).default(30),
    }),
    result: z.object({
      hits: z.array(SearchHit),
      total: z.number(),
      /** What could not be searched, and why. */
      incomplete: z.array(z.string()),
      tookMs: z.number(),
    }),
  }),
  suggest: query({
    summary: 'Completions for a filter at the cursor',
    access: read,
    input: z.object({ kind: z.string(), filter: z.string().max(2000), cursor: z.number().int().min(0) }),
    result: z.object({
      start: z.number(),
      end: z.number(),
      items: z.array(z.object({ text: z.string(), detail: z.string().optional() })),
    }),
  }),
};
