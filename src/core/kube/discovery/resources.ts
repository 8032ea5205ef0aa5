import { KubeSageError } from '../../kernel/errors.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';

/** One resource of one version of one group, as an API server announces it. */
export interface ServedResource {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: readonly string[];
  shortNames: readonly string[];
  categories: readonly string[];
}

export interface Served {
  /** Versions of a group in the server's order of preference. */
  resources: readonly ServedResource[];
  /** Groups whose server did not answer: what they serve is not known now, which is not the same as gone. */
  unanswered: readonly string[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const aggregatedBeta = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';

/** Everything that the server serves: two requests where it knows aggregated discovery (1.27), else one for each version. */
export async function readResources(transport: Transport, signal?: AbortSignal): Promise<Served> {
  const accept = `${aggregated},${aggregatedBeta},application/json`;
  const [core, groups] = await Promise.all([
    readJson(transport, '/api', accept, signal),
    readJson(transport, '/apis', accept, signal),
  ]);
  const first = parseDocument(core);
  const second = parseDocument(groups);
  if (first.kind === 'APIGroupDiscoveryList' && second.kind === 'APIGroupDiscoveryList') {
    const served = [readAggregated(first), readAggregated(second)];
    return {
      resources: served.flatMap(({ resources }) => resources),
      unanswered: served.flatMap(({ unanswered }) => unanswered),
    };
  }
  return readLegacy(transport, first, second, signal);
}

type Json = Readonly<Record<string, unknown>>;

async function readJson(transport: Transport, path: string, accept: string, signal?: AbortSignal): Promise<Uint8Array> {
  return (await transport.request({ path, headers: { Accept: accept }, signal })).body;
}

function parseDocument(body: Uint8Array): Json {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value === 'object' && value !== null) return value as Json;
  } catch (error) {
    throw notKubernetes(error);
  }
  throw notKubernetes(undefined);
}

function notKubernetes(cause: unknown): KubeSageError {
  return new KubeSageError('unavailable', 'What answers there is no Kubernetes API server', {
    hint: 'Check the server in the kubeconfig, and any proxy in between.',
    cause,
  });
}

function readAggregated(document: Json): Served {
  const resources: ServedResource[] = [];
  const unanswered: string[] = [];
  for (const item of list(document.items)) {
    const group = text(record(item.metadata).name);
    for (const version of list(item.versions)) {
      if (text(version.freshness) === 'Stale') unanswered.push(group);
      for (const resource of list(version.resources)) {
        resources.push({
          group,
          version: text(version.version),
          resource: text(resource.resource),
          kind: text(record(resource.responseKind).kind),
          namespaced: resource.scope === 'Namespaced',
          verbs: texts(resource.verbs),
          shortNames: texts(resource.shortNames),
          categories: texts(resource.categories),
        });
      }
    }
  }
  return { resources, unanswered };
}

async function readLegacy(transport: Transport, core: Json, apis: Json, signal?: AbortSignal): Promise<Served> {
  const versions: { group: string; version: string; path: string }[] = [];
  for (const version of texts(core.versions)) versions.push({ group: '', version, path: `/api/${version}` });
  for (const group of list(apis.groups)) {
    const name = text(group.name);
    const preferred = text(record(group.preferredVersion).version);
    const all = list(group.versions).map((version) => text(version.version));
    for (const version of [preferred, ...all.filter((other) => other !== preferred)]) {
      if (version !== '') versions.push({ group: name, version, path: `/apis/${name}/${version}` });
    }
  }
  const resources: ServedResource[] = [];
  const unanswered: string[] = [];
  const answers = await Promise.all(
    versions.map(async ({ path, group }) => {
      try {
        return parseDocument(await readJson(transport, path, 'application/json', signal));
      } catch (error) {
        // An aggregated server that is down says 503, or has nothing to say: its group is unknown, the rest is not.
        if (error instanceof ApiFailure) {
          unanswered.push(group);
          return {};
        }
        throw error;
      }
    }),
  );
  for (const [index, { group, version }] of versions.entries()) {
    for (const resource of list((answers[index] as Json).resources)) {
      const name = text(resource.name);
      // `pods/log` is a part of pods.
      if (name.includes('/')) continue;
      resources.push({
        group,
        version,
        resource: name,
        kind: text(resource.kind),
        namespaced: resource.namespaced === true,
        verbs: texts(resource.verbs),
        shortNames: texts(resource.shortNames),
        categories: texts(resource.categories),
      });
    }
  }
  return { resources, unanswered };
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
