import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

export type { Chart, ChartDetail, Repository } from './chart/contract.ts';

import { ChartPlace, ChartVersion, chartProcedures } from './chart/contract.ts';

/** One release: its newest revision. */
export const Release = z.object({
  /** `cluster/namespace/name`. */
  key: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string(),
  name: z.string(),
  storage: z.enum(['secret', 'configmap']),
  revision: z.number(),
  /** Helm's word: `deployed`, `failed`, `pending-upgrade`, `uninstalling`, `uninstalled`, `superseded`, `unknown`. */
  status: z.string(),
  /** What stands in the revision's body is read after the list: null until then, '' where it says nothing. */
  chart: z.string().nullable(),
  chartVersion: z.string().nullable(),
  appVersion: z.string().nullable(),
  description: z.string().nullable(),
  /** Milliseconds. */
  updated: z.number().nullable(),
});
export type Release = z.infer<typeof Release>;

/** How far the list of one cluster is. */
export const ReleaseSource = z.object({
  cluster: z.string(),
  name: z.string(),
  state: z.enum(['loading', 'ready', 'forbidden', 'failed']),
  /** Why not, and what to do; the rows are then those of the last good answer. */
  message: z.string(),
  hint: z.string(),
  /** The rule that would grant it, as YAML. */
  rule: z.string(),
  /** Milliseconds of the last good answer. */
  readAt: z.number().nullable(),
});
export type ReleaseSource = z.infer<typeof ReleaseSource>;

export const ReleaseName = z.object({
  cluster: z.string(),
  namespace: z.string().min(1).max(253),
  /** As helm allows it: no name that could be read as an option. */
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
    .max(53),
});
export type ReleaseName = z.infer<typeof ReleaseName>;

export const Revision = z.object({
  revision: z.number(),
  status: z.string(),
  chart: z.string(),
  chartVersion: z.string(),
  appVersion: z.string(),
  description: z.string(),
  updated: z.number().nullable(),
  /** Its body could not be read. */
  problem: z.string().optional(),
});
export type Revision = z.infer<typeof Revision>;

export const Hook = z.object({
  name: z.string(),
  kind: z.string(),
  /** `pre-install`, `test`. */
  events: z.array(z.string()),
  weight: z.number(),
  /** Of its last run; '' when it never ran. */
  phase: z.string(),
});

const ReleaseDetail = z.object({
  release: Release,
  /** Newest first. */
  history: z.array(Revision),
  notes: z.string(),
  /** YAML, as the release was given them. */
  values: z.string(),
  /** YAML: the chart's defaults with the own values over them, as `helm get values --all` says them. */
  computed: z.string(),
  /** YAML: the chart's own defaults. */
  defaults: z.string(),
  manifest: z.string(),
  hooks: z.array(Hook),
  /** Paths of values that are hidden, and names of Secrets whose data is. */
  hidden: z.array(z.string()),
  /** The chart as it stands in the release can be used again: an upgrade needs no chart from elsewhere. */
  chartKept: z.boolean(),
  /** Of the values; '' when the chart has none. JSON. */
  schema: z.string(),
});
export type ReleaseDetail = z.infer<typeof ReleaseDetail>;

/** One object of a manifest, as it is in two of them. */
export const ManifestChange = z.object({
  /** `apps/v1 Deployment shop/web`. */
  object: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  changes: z.array(FieldChange),
  /** The whole of what was added or removed, as YAML. */
  yaml: z.string(),
});
export type ManifestChange = z.infer<typeof ManifestChange>;

const ReleaseDiff = z.object({ values: z.array(FieldChange), manifest: z.array(ManifestChange) });
export type ReleaseDiff = z.infer<typeof ReleaseDiff>;

/** One object of a release's manifest, as it is in the cluster now. */
export const ReleaseObject = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Where it is shown; absent while the cluster serves no such kind. */
  object: ObjectRef.optional(),
  state: z.enum(['present', 'missing', 'forbidden', 'unknownKind', 'failed']),
  tone: z.enum(['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped']),
  /** `3/3 ready`. */
  status: z.string(),
  /** Fields of the manifest that are otherwise in the cluster: `before` as in the manifest, `after` as it is. */
  drift: z.array(FieldChange),
  /** Who says so: the API server by a dry run, or a comparison field by field where that is not allowed. */
  judgedBy: z.enum(['server', 'fields', 'nobody']),
  /** Why it could not be judged, or why it is not there. */
  message: z.string(),
});
export type ReleaseObject = z.infer<typeof ReleaseObject>;

const chart = ChartPlace;
const version = ChartVersion;
const values = z.string().max(1_000_000);

/** What can be done with helm. */
export const Operation = z.discriminatedUnion('operation', [
  ReleaseName.extend({
    operation: z.literal('install'),
    /** A folder or archive on this machine, `oci://…`, or `repository/chart`. */
    chart,
    version,
    /** YAML. */
    values,
    createNamespace: z.boolean().default(false),
    wait: z.boolean().default(false),
  }),
  ReleaseName.extend({
    operation: z.literal('upgrade'),
    /** Absent: the chart that the release has now. */
    chart: chart.optional(),
    version,
    /** YAML: all own values from then on; what is hidden in it stays what it is. Absent: those that it has. */
    values: values.optional(),
    wait: z.boolean().default(false),
    /** Fields that somebody else has changed since are taken over. */
    takeOver: z.boolean().default(false),
  }),
  ReleaseName.extend({
    operation: z.literal('rollback'),
    revision: z.number().int().min(1),
    wait: z.boolean().default(false),
    takeOver: z.boolean().default(false),
  }),
  ReleaseName.extend({ operation: z.literal('uninstall'), keepHistory: z.boolean().default(false) }),
  ReleaseName.extend({ operation: z.literal('test') }),
]);
export type Operation = z.infer<typeof Operation>;

/** What a user lacks for an operation. */
const Right = z.object({
  reason: z.string(),
  /** The rule that would grant it, as YAML. */
  rule: z.string(),
});
export type Right = z.infer<typeof Right>;

/** What an uninstallation leaves in the cluster. */
const Left = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  why: z.enum(['keepPolicy', 'hook', 'volumeClaim', 'definition']),
});
export type Left = z.infer<typeof Left>;

const read = { verb: 'read', resource: 'releases' } as const;

export const helm = {
  ...chartProcedures,
  releases: live({
    summary: 'Helm releases of all open clusters, from what helm stored there',
    access: read,
    input: z.object({
      /** All open ones when empty. */
      clusters: z.array(z.string()).default([]),
      /** All when empty; asked one by one where the whole cluster may not be listed. */
      namespaces: z.array(z.string()).max(200).default([]),
    }),
    head: z.object({ sources: z.array(ReleaseSource) }),
    row: Release,
  }),
  program: query({
    summary: 'The helm that would be run; reading works without it',
    access: read,
    input: z.object({}),
    result: z.object({
      found: z.boolean(),
      path: z.string(),
      version: z.string(),
      message: z.string(),
      hint: z.string(),
    }),
  }),
  release: query({
    summary: 'One release with its history, values, manifest, notes and hooks',
    access: read,
    input: ReleaseName.extend({
      /** The newest when absent. */
      revision: z.number().int().optional(),
      /** Also values that look like secrets. */
      reveal: z.boolean().default(false),
    }),
    result: ReleaseDetail,
  }),
  diff: query({
    summary: 'What differs between two revisions of a release',
    access: read,
    input: ReleaseName.extend({ from: z.number().int(), to: z.number().int(), reveal: z.boolean().default(false) }),
    result: ReleaseDiff,
  }),
  objects: query({
    summary: 'The objects of a release as they are in the cluster, and where they differ from its manifest',
    access: read,
    input: ReleaseName,
    result: z.object({ objects: z.array(ReleaseObject) }),
  }),
  rights: query({
    summary: 'What this user lacks for each operation on a release, or for an installation where none is named',
    access: read,
    input: ReleaseName.partial({ name: true }),
    result: z.object({
      /** By operation; one that is not named may be done, as far as it can be said before its dry run. */
      lacks: z.partialRecord(z.enum(['install', 'upgrade', 'rollback', 'uninstall', 'test']), z.array(Right)),
    }),
  }),
  preview: query({
    summary: "What an operation would change, by helm's dry run at the server",
    access: read,
    input: z.object({ operation: Operation }),
    result: z.object({
      diff: ReleaseDiff,
      /** What should be known before, a sentence each. */
      notes: z.array(z.string()),
      /** Of an uninstallation. */
      left: z.array(Left),
      /** What this user may not, asked of the API server; it is refused when it is run. */
      lacks: z.array(Right),
      /** The command line that does the same. */
      commandLine: z.string(),
      confirmation: Confirmation,
    }),
  }),
  run: command({
    summary: 'Does an operation with helm; its output and its undo are in `changes`',
    access: { verb: 'write', resource: 'releases' },
    input: z.object({ operation: Operation, confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
};
