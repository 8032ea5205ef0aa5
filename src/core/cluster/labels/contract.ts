import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

const labelKey = z
  .string()
  .max(317)
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, 'No label key');
const labelValue = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 'No label value');
const words = z.array(z.string().min(1).max(253)).max(200);

/** A label that objects must have. */
export const LabelRule = z.object({
  /** Its id. */
  key: z.string().min(1).max(60),
  title: z.string().min(1).max(80),
  enabled: z.boolean().default(true),
  /** Kind ids, such as `deployments.apps`. */
  kinds: words.min(1),
  /** Names of namespaces, `*` for anything; all when empty. Objects without a namespace are always looked at. */
  namespaces: words.default([]),
  /** Left out, also of those above. */
  notNamespaces: words.default([]),
  /** Labels of the namespaces, as kubectl writes selectors; '' for all. */
  namespaceSelector: z.string().max(1000).default(''),
  /** Names of clusters, `*` for anything; all when empty. */
  clusters: words.default([]),
  label: labelKey,
  /** Values that are allowed; any when empty. */
  values: z.array(labelValue).max(500).default([]),
  /** An expression that the whole value must fit; '' for any. */
  pattern: z.string().max(200).default(''),
  /** What is put in where it is missing; '' when it has to be chosen. */
  default: labelValue.default(''),
  /** Also objects that a controller made: pods of a workload, for example. */
  owned: z.boolean().default(false),
});
export type LabelRule = z.infer<typeof LabelRule>;

export const GitSource = z.enum(['argocd', 'flux', 'helm']);
export type GitSource = z.infer<typeof GitSource>;

/** One object that breaks one rule. */
export const Violation = z.object({
  /** `rule cluster/uid`. */
  key: z.string(),
  rule: z.string(),
  label: z.string(),
  problem: z.enum(['missing', 'value']),
  /** '' when it is missing. */
  value: z.string(),
  object: ObjectRef,
  kindName: z.string(),
  clusterName: z.string(),
  /** `Kind/name` of its controller; '' for none. */
  owner: z.string(),
  /** By its labels: who puts it there, and would put it back as it was. */
  source: GitSource.nullable(),
});
export type Violation = z.infer<typeof Violation>;

const Count = z.object({ value: z.string(), name: z.string(), count: z.number() });

export const ViolationQuery = z.object({
  /** Cluster ids; absent for all open ones. */
  clusters: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional(),
  /** Key of a rule; absent for all. */
  rule: z.string().optional(),
  kind: z.string().optional(),
  /** In names of objects, namespaces and clusters. */
  text: z.string().max(200).default(''),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(0).max(1000).default(200),
});
export type ViolationQuery = z.input<typeof ViolationQuery>;

/** How one label is put on some objects. */
export const LabelFix = z.object({
  objects: z.array(ObjectRef).min(1).max(1000),
  label: labelKey,
  /** `value` the given one; `namespace` that of the object's namespace; `owner` that of the object that controls it. */
  from: z.enum(['value', 'namespace', 'owner']),
  value: labelValue.default(''),
  /** Also on the pod template of workloads: their pods are replaced. */
  template: z.boolean().default(false),
});
export type LabelFix = z.infer<typeof LabelFix>;

const read = { verb: 'read', resource: 'objects' } as const;
const write = { verb: 'write', resource: 'objects' } as const;

export const labels = {
  rules: live({
    summary: 'Labels that objects must have',
    access: read,
    input: z.object({}),
    head: z.object({ count: z.number() }),
    row: LabelRule,
  }),
  saveRule: command({
    summary: 'Keeps a rule, in place of one with the same key',
    access: { verb: 'write', resource: 'preferences' },
    input: z.object({ rule: LabelRule }),
    result: z.object({}),
  }),
  removeRule: command({
    summary: 'Forgets a rule',
    access: { verb: 'write', resource: 'preferences' },
    input: z.object({ key: z.string() }),
    result: z.object({}),
  }),
  violations: live({
    summary: 'Objects that break a rule for labels: a window of them, and counts of all',
    access: read,
    input: ViolationQuery,
    head: z.object({
      /** Objects that a rule was tested on; one of two rules counts twice. */
      tested: z.number(),
      /** Violations of all rules, before the kind, the rule and the text narrow them. */
      total: z.number(),
      matched: z.number(),
      rules: z.array(z.object({ key: z.string(), tested: z.number(), broken: z.number(), problem: z.string() })),
      kinds: z.array(Count),
      clusters: z.array(Count),
      loading: z.boolean(),
      problems: z.array(z.string()),
      /** Milliseconds that finding them took. */
      tookMs: z.number(),
    }),
    row: Violation,
  }),
  find: query({
    summary: 'The objects that break a rule, once: for putting all of them right',
    access: read,
    input: ViolationQuery,
    result: z.object({ violations: z.array(Violation), matched: z.number() }),
  }),
  preview: query({
    summary: 'What putting a label on objects would change, by dry runs at the API servers',
    access: read,
    input: z.object({ fix: LabelFix }),
    result: z.object({
      steps: z.array(
        z.object({
          object: ObjectRef,
          changes: z.array(FieldChange),
          /** Words on what it means besides. */
          effects: z.array(z.string()),
          error: z.string().optional(),
          hint: z.string().optional(),
        }),
      ),
      /** Objects beyond the first forty were not asked about. */
      more: z.number(),
      confirmation: Confirmation,
    }),
  }),
  fix: command({
    summary: 'Puts a label on objects; progress and undo are in `changes`',
    access: write,
    input: z.object({ fix: LabelFix, confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
};
