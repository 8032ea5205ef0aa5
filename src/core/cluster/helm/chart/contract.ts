import { z } from 'zod';
import { command, query } from '../../../kernel/contract.ts';

/** Charts, and the repositories that this machine's helm knows: what is there before anything is in a cluster. */

/** A folder or archive on this machine, `oci://…`, or `repository/chart`; never something that helm would read as an option. */
export const ChartPlace = z
  .string()
  .max(2000)
  .regex(/^[^-\0]/, 'A chart does not begin with a dash');
export const ChartVersion = z
  .string()
  .max(100)
  .regex(/^[^-\0]*$/)
  .optional();

/** One chart of a repository, in one version. */
export const Chart = z.object({
  /** `repository/chart`. */
  name: z.string(),
  version: z.string(),
  appVersion: z.string(),
  description: z.string(),
  /** Its makers say that it should not be used any more. */
  deprecated: z.boolean(),
});
export type Chart = z.infer<typeof Chart>;

export const Repository = z.object({
  name: z.string(),
  /** Without a user's name and password. */
  url: z.string(),
  /** When its index was last read, milliseconds; null: never on this machine. */
  updatedAt: z.number().nullable(),
});
export type Repository = z.infer<typeof Repository>;

export const ChartDetail = z.object({
  name: z.string(),
  version: z.string(),
  appVersion: z.string(),
  description: z.string(),
  /** `application` or `library`: the latter cannot be installed. */
  type: z.string(),
  /** Which Kubernetes it is for: `>=1.29.0`; '' for any. */
  kubeVersion: z.string(),
  deprecated: z.boolean(),
  home: z.string(),
  sources: z.array(z.string()),
  keywords: z.array(z.string()),
  maintainers: z.array(z.string()),
  dependencies: z.array(
    z.object({ name: z.string(), version: z.string(), repository: z.string(), condition: z.string() }),
  ),
  /** Custom resource definitions that an installation creates, and that no uninstallation takes away: file names. */
  definitions: z.array(z.string()),
  /** Markdown, as its makers wrote it; at most 200,000 characters. */
  readme: z.string(),
  /** YAML with its comments. */
  values: z.string(),
  /** JSON schema of the values; '' when it has none. */
  schema: z.string(),
});
export type ChartDetail = z.infer<typeof ChartDetail>;

/** As helm allows it: no path, and nothing that could be read as an option. */
const repositoryName = z
  .string()
  .regex(/^[a-zA-Z0-9][\w.-]*$/)
  .max(100);
const user = z.string().max(300);
const password = z.string().max(10_000);
const read = { verb: 'read', resource: 'charts' } as const;
const write = { verb: 'write', resource: 'charts' } as const;

export const chartProcedures = {
  charts: query({
    summary: "Charts of the repositories that this machine's helm knows, in their newest versions",
    access: read,
    input: z.object({ text: z.string().max(200) }),
    result: z.object({
      /** At most 500. */
      charts: z.array(Chart),
      /** How many there are. */
      found: z.number(),
    }),
  }),
  chartVersions: query({
    summary: 'All released versions of a chart of a repository, newest first',
    access: read,
    input: z.object({ chart: ChartPlace }),
    result: z.object({ versions: z.array(Chart) }),
  }),
  chart: query({
    summary: 'One chart: readme, default values, their schema, dependencies',
    access: read,
    input: z.object({ chart: ChartPlace, version: ChartVersion }),
    result: ChartDetail,
  }),
  repositories: query({
    summary: "The repositories in helm's own list",
    access: read,
    input: z.object({}),
    result: z.object({ repositories: z.array(Repository) }),
  }),
  addRepository: command({
    summary: "Adds a repository to helm's own list, after its index was read",
    access: write,
    input: z.object({
      name: repositoryName,
      url: z.string().max(2000),
      user: user.default(''),
      password: password.default(''),
    }),
    result: z.object({}),
  }),
  removeRepository: command({
    summary: "Takes a repository out of helm's own list",
    access: write,
    input: z.object({ name: repositoryName }),
    result: z.object({}),
  }),
  updateRepositories: command({
    summary: 'Reads the indexes of repositories anew; of all when none is named',
    access: write,
    input: z.object({ names: z.array(repositoryName).max(200).default([]) }),
    result: z.object({}),
  }),
  loginRegistry: command({
    summary: 'Gives helm a name and a password for an OCI registry; helm keeps them',
    access: write,
    input: z.object({
      /** `registry.example.com:5000`. */
      host: z
        .string()
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]*(:\d+)?$/)
        .max(300),
      user: user.min(1),
      password: password.min(1),
    }),
    result: z.object({}),
  }),
};
