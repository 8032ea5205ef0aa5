import type { RowBatch } from './batch.ts';

/** A complete list that has begun and is not at its end. */
export interface Listing {
  /** Rows that were refused because the table knows a newer version; judged when the list's own version is known. */
  refused: { batch: RowBatch; at: number }[];
}

/**
 * The lists of one kind: which are going on, and up to which version each scope (a namespace, or '' for all) of a cluster
 * is complete.
 */
export class Lists {
  readonly #open = new Map<string, Listing>();
  readonly #versions = new Map<number, Map<string, string>>();

  begin(cluster: number, scope: string): void {
    this.#open.set(keyOf(cluster, scope), { refused: [] });
  }

  /** The list that is going on, if one is. */
  current(cluster: number, scope: string): Listing | undefined {
    return this.#open.get(keyOf(cluster, scope));
  }

  /** It goes on no more. @returns undefined when it had no beginning. */
  end(cluster: number, scope: string): Listing | undefined {
    const listing = this.current(cluster, scope);
    if (listing !== undefined) this.#open.delete(keyOf(cluster, scope));
    return listing;
  }

  /** Everything up to this version is known. */
  reach(cluster: number, scope: string, resourceVersion: string): void {
    const scopes = this.#versions.get(cluster);
    if (scopes === undefined) this.#versions.set(cluster, new Map([[scope, resourceVersion]]));
    else scopes.set(scope, resourceVersion);
  }

  /** By scope. */
  versions(cluster: number): ReadonlyMap<string, string> {
    return this.#versions.get(cluster) ?? new Map();
  }

  forgetVersion(cluster: number, scope: string): void {
    this.#versions.get(cluster)?.delete(scope);
  }

  forgetVersions(cluster: number): void {
    this.#versions.delete(cluster);
  }

  /** The cluster is gone: its lists, and what they reached. */
  forget(cluster: number): void {
    this.#versions.delete(cluster);
    for (const key of this.#open.keys()) if (key.startsWith(`${cluster} `)) this.#open.delete(key);
  }
}

function keyOf(cluster: number, scope: string): string {
  return `${cluster} ${scope}`;
}

/** A resource version as a number, NaN where it cannot be compared. */
export function comparable(resourceVersion: string): number {
  return /^\d{1,15}$/.test(resourceVersion) ? Number(resourceVersion) : Number.NaN;
}
