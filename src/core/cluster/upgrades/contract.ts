import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

/** A minor release of Kubernetes 1: `36` is 1.36. */
const Minor = z.number().int().min(1).max(200);

/** Where a fact is from, and the day on which it was read there (or of what was read). */
export const Source = z.object({ title: z.string(), url: z.string(), date: z.string() });
export type Source = z.infer<typeof Source>;

/** `blocker` stops or breaks the upgrade, `warning` hurts on the way, `note` is to be known. */
export const Severity = z.enum(['blocker', 'warning', 'note']);
export type Severity = z.infer<typeof Severity>;

/** One thing that a finding stands on: an object, or a line of text where it is none. */
export const Evidence = z.object({
  object: ObjectRef.optional(),
  text: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Phase = z.enum(['before', 'controlPlane', 'nodes', 'after']);
export type Phase = z.infer<typeof Phase>;

export const Finding = z.object({
  /** The same thing has the same key in the next check. */
  key: z.string(),
  area: z.enum(['api', 'skew', 'hazard', 'addon', 'support']),
  severity: Severity,
  /** What. */
  title: z.string(),
  /** Why it matters. */
  why: z.string(),
  /** What to do about it. */
  action: z.string(),
  /** At most 100, and how many more there are. */
  evidence: z.array(Evidence),
  more: z.number(),
  source: Source.optional(),
  /** When it must be done. */
  phase: Phase,
  /** The minor release from which on it counts; null: for every upgrade. */
  at: Minor.nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** How somebody was seen to use a version of an API. */
export const ApiUse = z.object({
  key: z.string(),
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  /** Minor releases; null where the markers say none. */
  deprecated: Minor.nullable(),
  removed: Minor.nullable(),
  /** `apps/v1 Deployment`; '' when there is none. */
  replacement: z.string(),
  /** For the target. */
  severity: Severity,
  uses: z.array(
    z.object({
      /** `fields` managedFields, `applied` the last-applied annotation, `helm` a stored manifest, `metric` requests, `stored` in etcd. */
      via: z.enum(['fields', 'applied', 'helm', 'metric', 'stored', 'served']),
      object: ObjectRef.optional(),
      text: z.string(),
      /** Who wrote it, where that is known. */
      writer: z.string(),
      /** Milliseconds; null when nothing tells. */
      at: z.number().nullable(),
    }),
  ),
  more: z.number(),
});
export type ApiUse = z.infer<typeof ApiUse>;

/** Components of one version. */
export const ComponentRow = z.object({
  key: z.string(),
  component: z.string(),
  version: z.string(),
  count: z.number(),
  /** How it fares with the control plane as it is, and with one of the target. */
  now: z.enum(['fine', 'behind', 'unsupported', 'unknown']),
  later: z.enum(['fine', 'behind', 'unsupported', 'unknown']),
  /** The first minor release on the way to the target with which it is not supported. */
  breaksAt: Minor.nullable(),
  /** The rule in words. */
  rule: z.string(),
  objects: z.array(ObjectRef),
});
export type ComponentRow = z.infer<typeof ComponentRow>;

/** Nodes that are alike. */
export const NodeGroup = z.object({
  kubelet: z.string(),
  runtime: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  /** 1 or 2, as a kubelet of the group says; null when none was asked or answered. */
  cgroup: z.number().nullable(),
  count: z.number(),
  /** At most 50. */
  names: z.array(z.string()),
});
export type NodeGroup = z.infer<typeof NodeGroup>;

export const AddonRow = z.object({
  key: z.string(),
  name: z.string(),
  version: z.string(),
  /** `1.33 – 1.36`, as its project says; '' when it is not known for this version. */
  supports: z.string(),
  verdict: z.enum(['supported', 'unsupported', 'notListed', 'unknown']),
  /** The first minor release on the way to the target that it is not said to work with. */
  breaksAt: Minor.nullable(),
  /** Versions that support the target, as far as they are known. */
  advice: z.string(),
  source: Source.optional(),
  /** The images by which it was recognised. */
  images: z.array(z.string()),
  objects: z.array(ObjectRef),
});
export type AddonRow = z.infer<typeof AddonRow>;

/** A thing that was to be read for a check. */
export const Reading = z.object({
  what: z.string(),
  state: z.enum(['read', 'partly', 'forbidden', 'failed', 'skipped']),
  count: z.number(),
  message: z.string(),
});
export type Reading = z.infer<typeof Reading>;

export const Step = z.object({
  key: z.string(),
  phase: Phase,
  /** The minor release that the hop leads to. */
  to: Minor,
  title: z.string(),
  why: z.string(),
  /** Keys of the findings that it is about. */
  findings: z.array(z.string()),
  /** Something blocks it, something hurts, nothing was found, or a check cannot know. */
  state: z.enum(['blocked', 'warned', 'clear', 'manual']),
  /** When it was ticked, milliseconds; null when it is not. */
  ticked: z.number().nullable(),
});
export type Step = z.infer<typeof Step>;

export const Report = z.object({
  cluster: z.string(),
  name: z.string(),
  /** `v1.36.4` */
  version: z.string(),
  minor: Minor,
  target: Minor,
  /** The target was not released when the data was made: what is planned for it may change. */
  planned: z.boolean(),
  checkedAt: z.number(),
  findings: z.array(Finding),
  apis: z.array(ApiUse),
  components: z.array(ComponentRow),
  nodes: z.array(NodeGroup),
  addons: z.array(AddonRow),
  readings: z.array(Reading),
  steps: z.array(Step),
  /** Since the check before, for this target; null when there was none. */
  changed: z
    .object({
      since: z.number(),
      gone: z.array(z.string()),

      come: z.array(z.string()),
    })
    .nullable(),
});
export type Report = z.infer<typeof Report>;

/** One cluster of the fleet. */
export const UpgradeRow = z.object({
  /** Cluster id. */
  key: z.string(),
  name: z.string(),
  state: z.enum(['live', 'away']),
  /** `v1.36.4`; null before the first contact. */
  version: z.string().nullable(),
  minor: Minor.nullable(),
  /** Kubelets by version, newest first. */
  kubelets: z.array(z.object({ version: z.string(), count: z.number() })),
  /** `2027-06-28`; null when nothing is known of this minor release. */
  supportEnds: z.string().nullable(),
  support: z.enum(['supported', 'ending', 'ended', 'unknown']),
  target: Minor.nullable(),
  blockers: z.number().nullable(),
  warnings: z.number().nullable(),
  /** Things that the check could not read, or not whole. */
  unread: z.number(),
  checkedAt: z.number().nullable(),
  check: z
    .object({
      /** What is being read. */
      what: z.string(),
      done: z.number(),
      of: z.number(),
      objects: z.number(),
    })
    .nullable(),
  /** Why the last check ended without a report. */
  problem: z.string(),
  hint: z.string(),
  /** Grows with everything that a report is made of. */
  revision: z.number(),
});
export type UpgradeRow = z.infer<typeof UpgradeRow>;

const read = { verb: 'read', resource: 'upgrades' } as const;
const write = { verb: 'write', resource: 'upgrades' } as const;
const Cluster = z.object({ cluster: z.string() });

export const upgrades = {
  fleet: live({
    summary: 'Versions of all clusters, how long they are supported, and what stands before an upgrade',
    access: read,
    input: z.object({
      /** All known ones when empty. */
      clusters: z.array(z.string()).default([]),
    }),
    head: z.object({
      /** The newest minor release that the data knows. */
      newest: Minor,
      support: Source,
      apis: Source,
    }),
    row: UpgradeRow,
  }),
  check: command({
    summary: 'Reads what a report of a cluster is made of; writes nothing to the cluster',
    access: write,
    input: Cluster.extend({ target: Minor.optional() }),
    result: z.object({}),
  }),
  cancel: command({
    summary: 'Ends the check that is going on in a cluster',
    access: write,
    input: Cluster,
    result: z.object({}),
  }),
  setTarget: command({
    summary: 'Chooses the minor release that a cluster is to be upgraded to',
    access: write,
    input: Cluster.extend({ target: Minor }),
    result: z.object({}),
  }),
  tick: command({
    summary: "Marks a step of a cluster's plan as done, or takes the mark away",
    access: write,
    input: Cluster.extend({ step: z.string().max(300), done: z.boolean() }),
    result: z.object({}),
  }),
  report: query({
    summary: 'What the last check of a cluster found, judged for its target, with the plan',
    access: read,
    input: Cluster,
    result: z.object({ report: Report.nullable() }),
  }),
  markdown: query({
    summary: 'The report and the plan of a cluster as Markdown',
    access: read,
    input: Cluster,
    result: z.object({ text: z.string() }),
  }),
};
