import { z } from 'zod';
import { live, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { ObjectRef, Tone } from '../resources/contract.ts';

export const Engine = z.enum(['argocd', 'flux']);
export type Engine = z.infer<typeof Engine>;

/** Where something is delivered from. */
export const Source = z.object({
  type: z.enum(['git', 'helm', 'oci', 'bucket', 'artifact']),
  /** Address of the repository; of a Flux source that is not there, its kind and name. */
  repo: z.string(),
  /** Folder in it; '' for its root and for charts. */
  path: z.string(),
  chart: z.string(),
  /** Branch, tag, commit or version as it was asked for; '' where the default is followed. */
  wanted: z.string(),
  /** What of it is in the cluster, as the engine writes it; '' before the first time. */
  deployed: z.string(),
  /** The newest that the engine has fetched and not delivered yet; '' where there is none, or the engine does not say. */
  pending: z.string(),
  /** The Flux object that fetches it. */
  object: ObjectRef.optional(),
});
export type Source = z.infer<typeof Source>;

/** What an engine did last, or is doing. */
export const Operation = z.object({
  /** As the engine says it: `Succeeded`, `Running`, `ReconciliationSucceeded`. */
  phase: z.string(),
  tone: Tone,
  message: z.string(),
  /** Milliseconds. */
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  revision: z.string(),
  /** Who asked for it; '' where nobody did. */
  by: z.string(),
});
export type Operation = z.infer<typeof Operation>;

/** Something that an engine keeps as a repository says: an Application, a Kustomization or a HelmRelease. */
export const Delivery = z.object({
  /** `cluster/kind/namespace/name`. */
  key: z.string(),
  object: ObjectRef,
  clusterName: z.string(),
  engine: Engine,
  /** `Application`, `Kustomization`, `HelmRelease`. */
  kind: z.string(),
  /** Argo CD's project. */
  project: z.string(),
  /** Whether the cluster is as the repository says. */
  sync: z.enum(['synced', 'outOfSync', 'syncing', 'failed', 'unknown']),
  /** The engine's own word. */
  syncText: z.string(),
  /** How what was delivered fares; `unchecked` where the engine was not told to look. */
  health: z.enum(['healthy', 'progressing', 'degraded', 'suspended', 'missing', 'unknown', 'unchecked']),
  tone: Tone,
  /** What is wrong, or what was done last. */
  message: z.string(),
  sources: z.array(Source),
  /** As people call what is deployed: a chart's version, a tag, a short commit. */
  version: z.string(),
  /** At most 20. */
  images: z.array(z.string()),
  /** It is left alone until it is resumed; of Argo CD: automated sync is configured and turned off. */
  suspended: z.boolean(),
  /** It is delivered without being asked for. Of Argo CD: automated sync. */
  automatic: z.boolean(),
  /** What is gone from the source is deleted. */
  prune: z.boolean(),
  destination: z.object({
    /** Address, or a name that the engine knows, or the secret with the kubeconfig; '' for the engine's own cluster. */
    server: z.string(),
    /** Cluster id; null where it is none of ours. */
    cluster: z.string().nullable(),
    clusterName: z.string(),
    namespace: z.string(),
  }),
  operation: Operation.nullable(),
  resources: z.object({ total: z.number(), outOfSync: z.number(), unhealthy: z.number() }),
  /** What made it: an ApplicationSet, another Application, a Kustomization. */
  parent: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }).optional(),
  labels: z.record(z.string(), z.string()),
  /** Milliseconds. */
  created: z.number().nullable(),
  /** When the engine last delivered or tried to. */
  updated: z.number().nullable(),
  deleting: z.boolean(),
});
export type Delivery = z.infer<typeof Delivery>;

/** What deliveries are made of or by. */
export const Part = z.object({
  key: z.string(),
  object: ObjectRef,
  clusterName: z.string(),
  engine: Engine,
  family: z.enum(['source', 'image', 'set', 'project']),
  kind: z.string(),
  tone: Tone,
  /** `Ready`, or the reason why not. */
  status: z.string(),
  message: z.string(),
  /** Address, image, policy or generators: what it is about. */
  about: z.string(),
  /** What it follows: a branch, a version range. */
  wanted: z.string(),
  /** What it found last. */
  found: z.string(),
  suspended: z.boolean(),
  /** Deliveries and parts that use it or that it made. */
  used: z.number(),
  created: z.number().nullable(),
  updated: z.number().nullable(),
});
export type Part = z.infer<typeof Part>;

/** How far one cluster is. */
export const GitopsScope = z.object({
  cluster: z.string(),
  name: z.string(),
  /** `absent`: neither engine's definitions are installed there. */
  state: z.enum(['loading', 'ready', 'absent', 'forbidden', 'failed']),
  engines: z.array(Engine),
  /** What may not be read or is not up to date, and what to do. */
  message: z.string(),
  hint: z.string(),
  /** The rule that would grant it, as YAML. */
  rule: z.string(),
});
export type GitopsScope = z.infer<typeof GitopsScope>;

/** One place at which an application is delivered. */
export const Place = z.object({
  delivery: z.string(),
  object: ObjectRef,
  clusterName: z.string(),
  /** `production`: by a label, the name, the path or the namespace; '' where none of them says it. */
  environment: z.string(),
  destination: z.string(),
  namespace: z.string(),
  version: z.string(),
  revision: z.string(),
  wanted: z.string(),
  images: z.array(z.string()),
  sync: Delivery.shape.sync,
  health: Delivery.shape.health,
  tone: Tone,
  suspended: z.boolean(),
  updated: z.number().nullable(),
});
export type Place = z.infer<typeof Place>;

/** The same application at all places at which it is delivered, in the order in which it is promoted. */
export const Promotion = z.object({
  key: z.string(),
  name: z.string(),
  places: z.array(Place),
  /** Different versions among the places. */
  versions: z.number(),
});
export type Promotion = z.infer<typeof Promotion>;

export const HistoryEntry = z.object({
  /** Argo CD's number, Flux' digest, the revision of a Helm release. */
  id: z.string(),
  revision: z.string(),
  /** `podinfo 6.5.4`, the folder, or parameters in short. */
  source: z.string(),
  by: z.string(),
  status: z.string(),
  tone: Tone,
  startedAt: z.number().nullable(),
  deployedAt: z.number().nullable(),
  /** How often the same was delivered again; 1 where the engine does not count. */
  times: z.number(),
  current: z.boolean(),
  /** Why it cannot be rolled back to; '' when it can. */
  fixed: z.string(),
  /** Parameters of the source that were otherwise than those of the entry before. */
  changes: z.array(FieldChange),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const GitopsCondition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  at: z.number().nullable(),
  tone: Tone,
});
export type GitopsCondition = z.infer<typeof GitopsCondition>;

/** What the last sync did with one object. */
export const OperationResult = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  status: z.string(),
  tone: Tone,
  message: z.string(),
});

export const DeliveryDetail = z.object({
  delivery: Delivery,
  conditions: z.array(GitopsCondition),
  /** Newest first. */
  history: z.array(HistoryEntry),
  /** What its history can and cannot be used for. */
  historyNote: z.string(),
  results: z.array(OperationResult),
  /** Words on how it is delivered: `every 10m`, `self-heals`, `CreateNamespace=true`. */
  options: z.array(z.string()),
  dependsOn: z.array(z.object({ namespace: z.string(), name: z.string() })),
});
export type DeliveryDetail = z.infer<typeof DeliveryDetail>;

/** One object that a delivery manages, with what the engine and the cluster say of it. */
export const ManagedObject = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Where it is shown; absent where the cluster serves no such kind or is none of ours. */
  object: ObjectRef.optional(),
  /** Argo CD's word: `Synced`, `OutOfSync`, `Unknown`; '' where the engine says nothing of single objects. */
  sync: z.string(),
  /** Argo CD's word, with its message. */
  health: z.string(),
  message: z.string(),
  /** It is no longer in the source and would be deleted by a sync that prunes. */
  surplus: z.boolean(),
  hook: z.boolean(),
  wave: z.number(),
  /** Its own state in the cluster. `elsewhere`: in a cluster that is not open. */
  state: z.enum(['present', 'missing', 'forbidden', 'unknownKind', 'elsewhere', 'failed']),
  tone: Tone,
  /** `3/3 ready`. */
  status: z.string(),
});
export type ManagedObject = z.infer<typeof ManagedObject>;

export const ObjectDiff = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  object: ObjectRef.optional(),
  /** `drift`: otherwise than it was delivered; `outOfSync`: the engine says so, and not in which fields. */
  finding: z.enum(['drift', 'outOfSync', 'missing', 'surplus', 'unread']),
  /** `before` as it was delivered, `after` as it is. */
  changes: z.array(FieldChange),
  /** Who wrote fields since it was delivered. */
  writers: z.array(z.object({ manager: z.string(), at: z.number().nullable(), fields: z.array(z.string()) })),
  message: z.string(),
});
export type ObjectDiff = z.infer<typeof ObjectDiff>;

export const DeliveryDiff = z.object({
  objects: z.array(ObjectDiff),
  /** Objects that were compared and are as delivered. */
  same: z.number(),
  /** Objects of which nothing could be said, because nothing of what was delivered is kept in the cluster. */
  unjudged: z.number(),
  /** How this was found, and what cannot be seen from here. */
  notes: z.array(z.string()),
});
export type DeliveryDiff = z.infer<typeof DeliveryDiff>;

const read = { verb: 'read', resource: 'objects' } as const;
const scope = {
  /** All open ones when empty. */
  clusters: z.array(z.string()).default([]),
  /** All when empty. */
  namespaces: z.array(z.string()).max(200).default([]),
};
const head = z.object({ scopes: z.array(GitopsScope) });

export const gitops = {
  deliveries: live({
    summary: 'Applications of Argo CD, Kustomizations and HelmReleases of Flux, of all open clusters',
    access: read,
    input: z.object(scope),
    head,
    row: Delivery,
  }),
  parts: live({
    summary: 'What deliveries are made of or by: sources, image automation, ApplicationSets, projects',
    access: read,
    input: z.object(scope),
    head,
    row: Part,
  }),
  promotions: live({
    summary: 'The same application at all clusters and namespaces, versions side by side',
    access: read,
    input: z.object({
      ...scope,
      /** A label that says which application it is; absent: its name without the environment. */
      label: z.string().max(300).optional(),
    }),
    head,
    row: Promotion,
  }),
  delivery: query({
    summary: 'One delivery with its conditions, history and options',
    access: read,
    input: z.object({ object: ObjectRef }),
    result: DeliveryDetail,
  }),
  tree: query({
    summary: 'The objects that a delivery manages, each as it is in the cluster now',
    access: read,
    input: z.object({ object: ObjectRef }),
    result: z.object({
      objects: z.array(ManagedObject),
      /** Objects beyond the first thousand. */
      more: z.number(),
      notes: z.array(z.string()),
    }),
  }),
  diff: query({
    summary: 'Where the cluster is otherwise than what was delivered, as far as it can be told without the repository',
    access: read,
    input: z.object({ object: ObjectRef }),
    result: DeliveryDiff,
  }),
};
