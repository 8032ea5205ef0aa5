import { KubeSageError } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { clusterOf, readJson } from './targets.ts';

interface OpenApi {
  components?: { schemas?: Record<string, Schema> };
}

interface Schema {
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
  [keyword: string]: unknown;
}

export interface KindSchema {
  root: string;
  schemas: Record<string, Schema>;
}

/** Documents are up to some megabytes once read: only a few stay at hand. Of kinds, only what belongs to them is kept. */
const kindsKept = 40;

/**
 * Reads schemas as a cluster publishes them, definitions' own included. The cluster names each group's document with a
 * hash: what was read under a hash is not read again, and one that changed is.
 */
export class Schemas {
  readonly #fleet: OpenClusters;
  readonly #kinds = new Map<string, Promise<KindSchema>>();

  constructor(fleet: OpenClusters) {
    this.#fleet = fleet;
  }

  /** Rejects with `notFound` when the cluster publishes no such kind. */
  async read(input: { cluster: string; apiVersion: string; kind: string }, signal: AbortSignal): Promise<KindSchema> {
    const { cluster, apiVersion, kind } = input;
    const { name } = clusterOf(this.#fleet, cluster);
    const missing = () =>
      new KubeSageError('notFound', `${name} publishes no schema of ${kind} of ${apiVersion}`, {
        hint: 'The text is checked by the server alone.',
      });
    const index = await readJson<{ paths?: Record<string, { serverRelativeURL?: string }> }>(
      this.#fleet,
      cluster,
      '/openapi/v3',
      signal,
    );
    const group = apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const path = index?.paths?.[group]?.serverRelativeURL;
    if (path === undefined) throw missing();
    const key = `${cluster} ${path} ${kind}`;
    let asked = this.#kinds.get(key);
    if (asked === undefined) {
      // Others may wait for it, too: it is not broken off with the first one who asked.
      asked = readJson<OpenApi>(this.#fleet, cluster, path, AbortSignal.timeout(60_000)).then((document) => {
        const found = document === undefined ? undefined : schemaOf(document, apiVersion, kind);
        if (found === undefined) throw missing();
        return found;
      });
      asked.catch(() => this.#kinds.delete(key));
    }
    // The newest is the last that goes.
    this.#kinds.delete(key);
    this.#kinds.set(key, asked);
    for (const old of this.#kinds.keys()) {
      if (this.#kinds.size <= kindsKept) break;
      this.#kinds.delete(old);
    }
    return asked;
  }
}

/** A kind's schema with all that it refers to; undefined when the document has none. */
export function schemaOf(document: OpenApi, apiVersion: string, kind: string): KindSchema | undefined {
  const all = document.components?.schemas ?? {};
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const root = Object.keys(all).find((name) =>
    all[name]?.['x-kubernetes-group-version-kind']?.some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    ),
  );
  if (root === undefined) return undefined;
  const schemas: Record<string, Schema> = {};
  const waiting = [root];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = all[name];
    if (schema === undefined || name in schemas) continue;
    schemas[name] = schema;
    waiting.push(...refsIn(schema));
  }
  return { root, schemas };
}

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    key === '$ref' && typeof inside === 'string' ? [inside.slice(inside.lastIndexOf('/') + 1)] : refsIn(inside),
  );
}
