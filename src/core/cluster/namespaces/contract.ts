import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { Tone, ToneTotals } from '../resources/contract.ts';

/** A resource that a quota limits. */
export const QuotaUse = z.object({
  quota: z.string(),
  /** `requests.cpu`, `pods`, `count/deployments.apps`. */
  resource: z.string(),
  /** Quantities as the cluster writes them. */
  used: z.string(),
  hard: z.string(),
  /** Used of hard, 1 is all of it; null where nothing is allowed. */
  share: z.number().nullable(),
});
export type QuotaUse = z.infer<typeof QuotaUse>;

/**
 * What traffic pods that no policy of their own selects may have: `open` everything, `limited` what policies for all pods
 * let through, `denied` nothing.
 */
export const NetworkDefault = z.enum(['open', 'limited', 'denied']);
export type NetworkDefault = z.infer<typeof NetworkDefault>;

/** One namespace of one cluster. */
export const Namespace = z.object({
  /** `cluster/name`. */
  key: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  name: z.string(),
  tone: Tone,
  status: z.string(),
  reason: z.string(),
  /** Milliseconds; null when it is not known. */
  created: z.number().nullable(),
  labels: z.record(z.string(), z.string()),
  /** By its labels (`team`, `owner`, …); '' when none tells. */
  owner: z.string(),
  /** Level that pod admission enforces; '' for none. */
  podSecurity: z.string(),
  pods: z.number(),
  podTones: ToneTotals,
  /** Requested by pods that have not ended: millicores and bytes. */
  cpuRequested: z.number(),
  memoryRequested: z.number(),
  cpuLimit: z.number(),
  memoryLimit: z.number(),
  /** The most used resource first. */
  quotas: z.array(QuotaUse),
  /** Names of its limit ranges. */
  limitRanges: z.array(z.string()),
  policies: z.number(),
  ingress: NetworkDefault,
  egress: NetworkDefault,
  bindings: z.number(),
});
export type Namespace = z.infer<typeof Namespace>;

export const NamespaceName = z.object({
  cluster: z.string(),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    .max(63),
});
export type NamespaceName = z.infer<typeof NamespaceName>;

const Subject = z.object({ kind: z.string(), name: z.string(), namespace: z.string() });
const Amounts = z.record(z.string(), z.string());

const NamespaceDetail = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  finalizers: z.array(z.string()),
  quotas: z.array(
    z.object({
      name: z.string(),
      /** Which pods it counts; empty for all. */
      scopes: z.array(z.string()),
      resources: z.array(QuotaUse),
    }),
  ),
  limitRanges: z.array(
    z.object({
      name: z.string(),
      limits: z.array(
        z.object({
          type: z.string(),
          max: Amounts,
          min: Amounts,
          default: Amounts,
          defaultRequest: Amounts,
          ratio: Amounts,
        }),
      ),
    }),
  ),
  policies: z.array(
    z.object({
      name: z.string(),
      /** `*` is every pod. */
      selector: z.string(),
      types: z.array(z.string()),
      /** What each rule lets through, in words. */
      ingress: z.array(z.string()),
      egress: z.array(z.string()),
    }),
  ),
  bindings: z.array(z.object({ name: z.string(), roleKind: z.string(), role: z.string(), subjects: z.array(Subject) })),
  /** What could not be read, and why. */
  problems: z.array(z.object({ what: z.string(), message: z.string() })),
});
export type NamespaceDetail = z.infer<typeof NamespaceDetail>;

/** How many objects of one kind a namespace has. */
export const Contents = z.object({
  kind: z.string(),
  kindName: z.string(),
  count: z.number(),
  /** The first few. */
  names: z.array(z.string()),
});
export type Contents = z.infer<typeof Contents>;

const labelKey = z
  .string()
  .max(317)
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
/** `{namespace}` stands for the namespace's name. */
const labelValue = z
  .string()
  .max(80)
  .regex(/^(?:[A-Za-z0-9{]([-A-Za-z0-9_.{}]*[A-Za-z0-9}])?)?$/);
const amount = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?([eE][0-9]+|[numkMGTPE]|[KMGTPE]i)?$/, 'A quantity such as 500m or 2Gi');
const resourceName = z.string().min(1).max(317);
const level = z.enum(['', 'privileged', 'baseline', 'restricted']);

/** What traffic a new namespace lets through by default. */
const Direction = z.enum(['open', 'sameNamespace', 'denied']);

export const TemplateBinding = z.object({
  roleKind: z.enum(['ClusterRole', 'Role']),
  role: z.string().min(1).max(253),
  subjects: z
    .array(
      z.object({
        kind: z.enum(['User', 'Group', 'ServiceAccount']),
        /** `{namespace}` stands for the namespace's name. */
        name: z.string().min(1).max(253),
        /** Of a service account; '' for the new namespace. */
        namespace: z.string().max(63).default(''),
      }),
    )
    .min(1)
    .max(50),
});
export type TemplateBinding = z.infer<typeof TemplateBinding>;

/** What a namespace is created with. */
export const TemplateBody = z.object({
  labels: z.record(labelKey, labelValue).default({}),
  annotations: z.record(labelKey, z.string().max(10_000)).default({}),
  podSecurity: z.object({ enforce: level, warn: level, audit: level }).default({ enforce: '', warn: '', audit: '' }),
  /** Hard limits; no quota when empty. */
  quota: z.record(resourceName, amount).default({}),
  /** Of a container; no limit range when all are empty. */
  limits: z
    .object({
      default: z.record(resourceName, amount).default({}),
      defaultRequest: z.record(resourceName, amount).default({}),
      max: z.record(resourceName, amount).default({}),
      min: z.record(resourceName, amount).default({}),
    })
    .default({ default: {}, defaultRequest: {}, max: {}, min: {} }),
  network: z
    .object({
      ingress: Direction,
      egress: Direction,
      /** Names can be looked up although egress is not open. */
      dns: z.boolean(),
    })
    .default({ ingress: 'open', egress: 'open', dns: true }),
  bindings: z.array(TemplateBinding).max(30).default([]),
});
export type TemplateBody = z.infer<typeof TemplateBody>;

export const NamespaceTemplate = z.object({
  /** Its id. */
  key: z.string().min(1).max(60),
  title: z.string().min(1).max(80),
  description: z.string().max(400).default(''),
  body: TemplateBody,
});
export type NamespaceTemplate = z.infer<typeof NamespaceTemplate>;

export const NamespaceOperation = z.discriminatedUnion('operation', [
  z.object({
    operation: z.literal('create'),
    clusters: z.array(z.string()).min(1).max(100),
    namespace: NamespaceName.shape.namespace,
    body: TemplateBody,
    /** Where it is there already, what the template says is applied to it; else that is an error. */
    existing: z.boolean().default(false),
    /** Fields that somebody else manages there are taken over; else they are conflicts. */
    takeOver: z.boolean().default(false),
  }),
  z.object({
    operation: z.literal('quota'),
    ...NamespaceName.shape,
    /** One that is not there is created. */
    name: z.string().min(1).max(253),
    /** All limits from then on. */
    hard: z.record(resourceName, amount),
  }),
  z.object({ operation: z.literal('delete'), namespaces: z.array(NamespaceName).min(1).max(100) }),
]);
export type NamespaceOperation = z.infer<typeof NamespaceOperation>;

/** What a quota's change means for one resource. */
export const QuotaEffect = z.object({
  resource: z.string(),
  /** '' where there was none. */
  before: z.string(),
  /** '' where there is none any more. */
  after: z.string(),
  /** '' when it is not known. */
  used: z.string(),
  /** `over`: more is used already, nothing new is admitted; `full`: exactly all is used. */
  state: z.enum(['fits', 'full', 'over', 'removed', 'unknown']),
});
export type QuotaEffect = z.infer<typeof QuotaEffect>;

/** What would be done in one namespace. */
export const NamespacePreview = z.object({
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string(),
  exists: z.boolean(),
  objects: z.array(
    z.object({
      /** `ResourceQuota default-quota`. */
      title: z.string(),
      change: z.enum(['added', 'changed', 'same', 'removed']),
      changes: z.array(FieldChange),
      /** The whole of what is added. */
      yaml: z.string(),
      /** Why it would be refused. */
      error: z.string().optional(),
      hint: z.string().optional(),
      /** The API server could not be asked about it. */
      unchecked: z.string().optional(),
    }),
  ),
  quota: z.array(QuotaEffect),
  /** What goes with it. */
  contents: z.array(Contents),
  /** What should be known before, a sentence each. */
  notes: z.array(z.string()),
  error: z.string().optional(),
  hint: z.string().optional(),
});
export type NamespacePreview = z.infer<typeof NamespacePreview>;

const read = { verb: 'read', resource: 'namespaces' } as const;
const write = { verb: 'write', resource: 'namespaces' } as const;

export const namespaces = {
  list: live({
    summary: 'Namespaces of all open clusters with their quotas, limits, pods, requests and what they let through',
    access: read,
    input: z.object({
      /** Cluster ids; absent for all open ones. */
      clusters: z.array(z.string()).optional(),
      namespaces: z.array(z.string()).optional(),
    }),
    head: z.object({
      /** Some lists are not there yet. */
      loading: z.boolean(),
      /** What is not shown, a sentence each. */
      problems: z.array(z.string()),
      /** Clusters whose namespaces may not be listed, with the reason. */
      forbidden: z.array(z.object({ cluster: z.string(), name: z.string(), reason: z.string() })),
      clusters: z.number(),
    }),
    row: Namespace,
  }),
  detail: query({
    summary: 'One namespace: its quotas, limit ranges, network policies and who may do what in it',
    access: read,
    input: NamespaceName,
    result: NamespaceDetail,
  }),
  contents: query({
    summary: 'How many objects of which kinds a namespace has, asked of the API server',
    access: read,
    input: NamespaceName,
    result: z.object({
      contents: z.array(Contents),
      /** Kinds that could not be listed. */
      unknown: z.array(z.string()),
    }),
  }),
  templates: live({
    summary: 'What namespaces can be created from',
    access: read,
    input: z.object({}),
    head: z.object({ count: z.number() }),
    row: NamespaceTemplate,
  }),
  saveTemplate: command({
    summary: 'Keeps a template, in place of one with the same key',
    access: write,
    input: z.object({ template: NamespaceTemplate }),
    result: z.object({}),
  }),
  removeTemplate: command({
    summary: 'Forgets a template',
    access: write,
    input: z.object({ key: z.string() }),
    result: z.object({}),
  }),
  preview: query({
    summary: 'What an operation would change, by dry runs at the API servers',
    access: read,
    input: z.object({ operation: NamespaceOperation }),
    result: z.object({ targets: z.array(NamespacePreview), confirmation: Confirmation }),
  }),
  run: command({
    summary: 'Creates, limits or deletes namespaces; progress and undo are in `changes`',
    access: write,
    input: z.object({ operation: NamespaceOperation, confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
};
