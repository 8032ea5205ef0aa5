import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';

/** Where a cluster stands. Only `idle` has never been contacted in this session. Instants are milliseconds. */
export const ClusterState = z.enum([
  'idle',
  'needsConsent',
  'connecting',
  'live',
  'stale',
  'forbidden',
  'unreachable',
  'unauthenticated',
]);
export type ClusterState = z.infer<typeof ClusterState>;

/** Counts of rows by tone. */
export const ToneCounts = z.object({
  healthy: z.number(),
  progressing: z.number(),
  warning: z.number(),
  failed: z.number(),
  unknown: z.number(),
  stopped: z.number(),
});
export type ToneCounts = z.infer<typeof ToneCounts>;

/** CPU in millicores, memory in bytes: what nodes offer, and what pods that are scheduled on them request. */
export const Capacity = z.object({
  cpuAllocatableMillicores: z.number(),
  cpuRequestedMillicores: z.number(),
  memoryAllocatableBytes: z.number(),
  memoryRequestedBytes: z.number(),
  podsAllocatable: z.number(),
});
export type Capacity = z.infer<typeof Capacity>;

/** An exec credential plugin that a kubeconfig wants to run, exactly as it would be run. */
export const ExecConsent = z.object({
  command: z.string(),
  /** Absolute path that the command resolves to, or null when it is not found (then `searched` says where). */
  resolved: z.string().nullable(),
  searched: z.array(z.string()),
  args: z.array(z.string()),
  /** Names and values of the variables that the kubeconfig sets. */
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  installHint: z.string().optional(),
  /** SHA-256 over command, args, env and the resolved binary: what is approved. */
  hash: z.string(),
  /** The same for plugins that differ in the values of arguments only: see `fleet.consents`. */
  group: z.string(),
});
export type ExecConsent = z.infer<typeof ExecConsent>;

/** A limit of what this user may see in this cluster, in words and as the rule that would lift it. */
export const Hidden = z.object({
  kind: z.string(),
  verb: z.string(),
  /** '' for all namespaces. */
  namespace: z.string(),
  message: z.string(),
});

export const Cluster = z.object({
  /** Cluster id: stable over restarts. */
  key: z.string(),
  /** Name of the kubeconfig context. */
  context: z.string(),
  /** Shown name: the user's alias, else the context. */
  name: z.string(),
  /** The file that it comes from, or 'pasted', or 'demo'. */
  source: z.string(),
  server: z.string(),
  user: z.string(),
  state: ClusterState,
  /** Not open by the user's wish: what is shown is what was known when it was. */
  closed: z.boolean().optional(),
  /** Since when it is in that state, milliseconds. */
  since: z.number(),
  /** Why: for every state but idle and live. */
  reason: z.string().optional(),
  hint: z.string().optional(),
  /** When data was last known to be current, milliseconds; null when never. */
  lastLive: z.number().nullable(),
  consent: ExecConsent.optional(),
  /**
   * Milliseconds by which its clock is ahead of this computer's; absent while they agree within two seconds. Ages of its
   * objects are told by its clock.
   */
  clockSkewMs: z.number().optional(),
  /** `v1.37.2`, null before the first contact. */
  version: z.string().nullable(),
  /** Loud warnings about the connection: TLS not verified, token in a world-readable file. */
  risks: z.array(z.string()),
  /** Limits found so far. Empty when everything may be seen. */
  hidden: z.array(Hidden),
  /** Namespaces to which lists are limited, or null for all. */
  namespaces: z.array(z.string()).nullable(),
  nodes: z.object({ total: z.number(), ready: z.number() }).nullable(),
  pods: ToneCounts.nullable(),
  capacity: Capacity.nullable(),
  /** How the cluster is doing as a whole, with the reason when it is not healthy. */
  tone: z.enum(['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped']),
  health: z.string(),
  group: z.string(),
  /** A name from the palette: see `ClusterColor`. */
  color: z.string(),
  labels: z.record(z.string(), z.string()),
  favorite: z.boolean(),
  /** Opened at start. */
  pinned: z.boolean(),
  /** Guarded: the window is framed in its colour and writes ask for the name. */
  protected: z.boolean(),
  demo: z.boolean(),
});
export type Cluster = z.infer<typeof Cluster>;

export const clusterColors = [
  'slate',
  'blue',
  'teal',
  'green',
  'olive',
  'amber',
  'orange',
  'red',
  'pink',
  'violet',
] as const;

const ClusterIds = z.object({ clusters: z.array(z.string()).min(1) });
const Nothing = z.object({});

/** Who leaves a list often comes back to it: a watch outlives its last demand by this. 0: it ends at once. */
export const lingerSeconds = z.number().int().min(0).max(3600);

export const fleet = {
  clusters: live({
    summary: 'Every cluster that is known, with its state, health and capacity',
    access: { verb: 'read', resource: 'clusters' },
    input: Nothing,
    head: z.object({
      /** What went wrong while reading kubeconfig sources; the rest is shown. */
      problems: z.array(z.object({ source: z.string(), message: z.string(), hint: z.string().optional() })),
      groups: z.array(z.string()),
    }),
    row: Cluster,
  }),
  open: command({
    summary: 'Contacts clusters and keeps them live',
    access: { verb: 'read', resource: 'clusters' },
    input: ClusterIds,
    result: Nothing,
  }),
  close: command({
    summary: 'Ends the contact with clusters; what is known of them stays, marked with its age',
    access: { verb: 'read', resource: 'clusters' },
    input: ClusterIds,
    result: Nothing,
  }),
  approve: command({
    summary: 'Allows a credential plugin to run, exactly as it was shown',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({ cluster: z.string(), hash: z.string() }),
    result: Nothing,
  }),
  consents: query({
    summary: 'Every credential plugin that is not allowed yet, those together that can be decided on at once',
    access: { verb: 'read', resource: 'clusters' },
    input: Nothing,
    result: z.object({
      groups: z.array(
        z.object({
          group: z.string(),
          command: z.string(),
          resolved: z.string(),
          env: ExecConsent.shape.env,
          /** Arguments with `*` for the values in which the members may differ. */
          shape: z.array(z.string()),
          /** Exactly what would be run, for each cluster. Show all of it: `approveAll` allows these and no others. */
          members: z.array(
            z.object({
              cluster: z.string(),
              name: z.string(),
              args: z.array(z.string()),
              hash: z.string(),
              /** It is open and waits for this. */
              waits: z.boolean(),
            }),
          ),
        }),
      ),
    }),
  }),
  approveAll: command({
    summary: 'Allows several credential plugins to run, each exactly as it was shown: all of them, or none',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({
      consents: z
        .array(z.object({ cluster: z.string(), hash: z.string() }))
        .min(1)
        .max(1000),
    }),
    result: Nothing,
  }),
  update: command({
    summary: 'Changes how a cluster is shown and guarded',
    access: { verb: 'write', resource: 'clusters' },
    input: z.object({
      cluster: z.string(),
      alias: z.string().max(100).optional(),
      group: z.string().max(100).optional(),
      color: z.enum(clusterColors).optional(),
      favorite: z.boolean().optional(),
      pinned: z.boolean().optional(),
      protected: z.boolean().optional(),
      /** Namespaces to which lists are limited; null for all. */
      namespaces: z.array(z.string()).nullable().optional(),
    }),
    result: Nothing,
  }),
  settings: query({
    summary: 'How the contact with clusters is kept',
    access: { verb: 'read', resource: 'clusters' },
    input: Nothing,
    result: z.object({ lingerSeconds }),
  }),
  configure: command({
    summary: 'Changes how the contact with clusters is kept; what is absent stays',
    access: { verb: 'write', resource: 'clusters' },
    input: z.object({ lingerSeconds: lingerSeconds.optional() }),
    result: Nothing,
  }),
  sources: query({
    summary: 'The kubeconfig files and folders that are read',
    access: { verb: 'read', resource: 'clusters' },
    input: Nothing,
    result: z.object({
      sources: z.array(
        z.object({
          id: z.string(),
          kind: z.enum(['environment', 'default', 'file', 'folder', 'pasted', 'demo']),
          path: z.string(),
          contexts: z.number(),
          problem: z.string().optional(),
        }),
      ),
    }),
  }),
  addSource: command({
    summary: 'Reads another kubeconfig: a file, a folder that is watched, or pasted text',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.union([
      z.object({ path: z.string().min(1) }),
      z.object({ text: z.string().min(1).max(5_000_000), name: z.string().max(100).optional() }),
    ]),
    result: z.object({ id: z.string(), contexts: z.array(z.string()) }),
  }),
  removeSource: command({
    summary: 'Stops reading a kubeconfig that was added; the file itself is left alone',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({ id: z.string() }),
    result: Nothing,
  }),
  protection: query({
    summary:
      'How pasted kubeconfigs are kept: sealed by the keyring or a passphrase, or as files that only the user may read',
    access: { verb: 'read', resource: 'clusters' },
    input: Nothing,
    result: z.object({ by: z.enum(['keyring', 'passphrase', 'nothing']), locked: z.boolean() }),
  }),
  unlock: command({
    summary: 'Opens pasted kubeconfigs with their passphrase, until the engine ends',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({ passphrase: z.string().min(1).max(1_000) }),
    result: Nothing,
  }),
  protect: command({
    summary: 'Seals pasted kubeconfigs with a passphrase, where there is no keyring, or changes the passphrase',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({ passphrase: z.string().min(8).max(1_000) }),
    result: Nothing,
  }),
  unprotect: command({
    summary:
      'Keeps pasted kubeconfigs without a passphrase; `discard` also throws away what cannot be opened without it',
    access: { verb: 'admin', resource: 'clusters' },
    input: z.object({ discard: z.boolean().default(false) }),
    result: Nothing,
  }),
};
