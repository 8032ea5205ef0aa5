import { z } from 'zod';
import { live } from '../../kernel/contract.ts';
import { ObjectRef, Tone } from '../resources/contract.ts';

/** Who put something there. */
export const DeliveredBy = z.object({
  tool: z.enum(['helm', 'argocd', 'flux']),
  /** `Release`, `Application`, `Kustomization`, `HelmRelease`. */
  kind: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** The tool's own word: `deployed`, `OutOfSync`. '' when it is not known. */
  status: z.string(),
  tone: Tone,
  /** A chart's or a source's version; '' when it is not known. */
  version: z.string(),
});
export type DeliveredBy = z.infer<typeof DeliveredBy>;

/** One instance of an application in one namespace of one cluster. */
export const Placement = z.object({
  key: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string(),
  /** Of several with one name in a namespace; '' when no label tells. */
  instance: z.string(),
  /** '' when nothing tells it. Several when its workloads differ, the newest first. */
  versions: z.array(z.string()),
  versionFrom: z.enum(['label', 'release', 'image', 'none']),
  /** Older than the newest version in the fleet; false where versions have no order. */
  behind: z.boolean(),
  /** `name version`, or ''. */
  chart: z.string(),
  images: z.array(z.string()),
  tone: Tone,
  /** The status of its worst workload. */
  status: z.string(),
  ready: z.number(),
  wanted: z.number(),
  workloads: z.number(),
  owner: z.string(),
  delivered: z.array(DeliveredBy),
});
export type Placement = z.infer<typeof Placement>;

export const Application = z.object({
  /** Its name. */
  key: z.string(),
  /** What it is a part of, the most frequent; '' when no label tells. */
  partOf: z.string(),
  owner: z.string(),
  tone: Tone,
  /** Newest first, with how many placements have it. */
  versions: z.array(z.object({ version: z.string(), count: z.number() })),
  /** By cluster and namespace. */
  placements: z.array(Placement),
  ready: z.number(),
  wanted: z.number(),
  workloads: z.number(),
  tools: z.array(z.enum(['helm', 'argocd', 'flux'])),
});
export type Application = z.infer<typeof Application>;

/** By which label applications are told apart. */
export const By = z.enum(['name', 'partOf', 'instance']);
export type By = z.infer<typeof By>;

const scope = {
  /** Cluster ids; absent for all open ones. */
  clusters: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional(),
  by: By.default('name'),
};

/** Something that an application is made of. */
export const ApplicationPart = z.object({
  key: z.string(),
  role: z.enum(['workload', 'service', 'entry', 'scaling', 'delivery']),
  object: ObjectRef.optional(),
  kindName: z.string(),
  cluster: z.string(),
  clusterName: z.string(),
  namespace: z.string(),
  name: z.string(),
  tone: Tone,
  status: z.string(),
  version: z.string(),
  /** `3/3`, ports, hosts: what is most telling of its kind. */
  detail: z.string(),
  images: z.array(z.string()),
});
export type ApplicationPart = z.infer<typeof ApplicationPart>;

const read = { verb: 'read', resource: 'objects' } as const;

export const portfolio = {
  applications: live({
    summary: 'Applications over all clusters with versions, health, owners and how they are delivered',
    access: read,
    input: z.object(scope),
    head: z.object({
      /** Clusters with a placement, in order of their names. */
      clusters: z.array(z.object({ cluster: z.string(), name: z.string() })),
      /** Clusters that are looked at. */
      looked: z.number(),
      loading: z.boolean(),
      /** What is not shown, a sentence each. */
      problems: z.array(z.string()),
    }),
    row: Application,
  }),
  application: live({
    summary: 'One application: its workloads, services, ways in and how it is delivered, at all places',
    access: read,
    input: z.object({ ...scope, name: z.string().min(1).max(300) }),
    head: z.object({
      application: Application.nullable(),
      loading: z.boolean(),
      problems: z.array(z.string()),
    }),
    row: ApplicationPart,
  }),
};
