import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { chosenClusters } from '../resources/index.ts';
import type { Definition, DefinitionSource, DefinitionThere } from './contract.ts';
import { type DefinitionHead, headOf, merged, type RawDefinition, thereOf } from './model.ts';

/** Definitions at once: their schemas weigh up to a megabyte each, and are forgotten page by page. */
const pageSize = 25;
/** Instances are counted for so many definitions over all clusters: each is a request, if a small one. */
const mostCounted = 800;
const countedAtOnce = 4;

export const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Part {
  head: DefinitionHead;
  there: DefinitionThere;
}

interface Read {
  /** The cluster's kinds at that time: other ones mean that definitions came or went. */
  kinds: FleetCluster['kinds'];
  source: DefinitionSource;
  parts: Part[];
}

interface Head {
  sources: DefinitionSource[];
}

/** The definitions of live clusters, read again when what a cluster serves has changed. */
export class DefinitionList implements LiveSource<Head, Definition> {
  readonly #fleet: OpenClusters;
  readonly #chosen: readonly string[] | undefined;
  readonly #end = new AbortController();
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly #following;
  readonly #read = new Map<string, Read>();
  #rev = 0;
  /** Made when it is asked for: many counts come between two looks. */
  #state: LiveState<Head, Definition> | undefined;
  #counted = 0;

  constructor(fleet: OpenClusters, chosen: readonly string[] | undefined) {
    this.#fleet = fleet;
    this.#chosen = chosen;
    this.#following = fleet.onChange(() => this.#follow());
    this.#follow();
  }

  read(): LiveState<Head, Definition> {
    const all = [...this.#read.values()];
    this.#state ??= {
      rev: this.#rev,
      head: { sources: all.map(({ source }) => source) },
      rows: merged(all.flatMap(({ parts }) => parts)),
    };
    return this.#state;
  }

  dispose(): void {
    this.#end.abort();
    this.#following.dispose();
    this.#changed.dispose();
  }

  #follow(): void {
    const live = chosenClusters(this.#fleet, this.#chosen).filter(({ state }) => state === 'live');
    const ids = new Set(live.map(({ id }) => id));
    let gone = false;
    for (const id of this.#read.keys()) if (!ids.has(id)) gone = this.#read.delete(id) || gone;
    for (const cluster of live) {
      if (this.#read.get(cluster.id)?.kinds !== cluster.kinds) void this.#readCluster(cluster);
    }
    if (gone) this.#tell();
  }

  async #readCluster({ id, name, kinds }: FleetCluster): Promise<void> {
    const before = this.#read.get(id);
    const now: Read = {
      kinds,
      source: { cluster: id, name, state: before === undefined ? 'loading' : before.source.state },
      parts: before?.parts ?? [],
    };
    this.#read.set(id, now);
    this.#tell();
    const current = () => this.#read.get(id) === now && !this.#end.signal.aborted;
    try {
      const parts = await this.#list(id);
      if (!current()) return;
      now.parts = parts;
      now.source = { cluster: id, name, state: 'ready' };
      this.#tell();
      await this.#count(now, current);
    } catch (error) {
      if (!current()) return;
      const { code, message, hint } = toErrorValue(error);
      now.parts = [];
      now.source = {
        cluster: id,
        name,
        state: code === 'forbidden' ? 'forbidden' : 'failed',
        message,
        ...(hint !== undefined && { hint }),
      };
      this.#tell();
    }
  }

  async #list(cluster: string): Promise<Part[]> {
    const parts: Part[] = [];
    let next = '';
    do {
      const from = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
      const answer = await this.#fleet.request(cluster, {
        path: `${definitionsPath}?limit=${pageSize}${from}`,
        headers: { Accept: 'application/json' },
        signal: this.#end.signal,
      });
      const page = JSON.parse(new TextDecoder().decode(answer.body)) as {
        metadata?: { continue?: string };
        items?: RawDefinition[];
      };
      for (const raw of page.items ?? []) parts.push({ head: headOf(raw), there: thereOf(cluster, raw) });
      next = page.metadata?.continue ?? '';
    } while (next !== '');
    return parts;
  }

  async #count(read: Read, current: () => boolean): Promise<void> {
    const waiting = [...read.parts.entries()];
    const worker = async () => {
      for (let each = waiting.shift(); each !== undefined && current(); each = waiting.shift()) {
        if (this.#counted >= mostCounted) return;
        this.#counted++;
        const [at, { head, there }] = each;
        const instances = await countInstances(this.#fleet, head, there, this.#end.signal);
        if (!current()) return;
        read.parts = read.parts.with(at, { head, there: { ...there, instances } });
        this.#tell();
      }
    };
    await Promise.all(Array.from({ length: countedAtOnce }, worker));
  }

  #tell(): void {
    this.#rev++;
    this.#state = undefined;
    this.#changed.fire();
  }
}

/** How many objects there are of a kind, without reading them; null when it may not be known. */
export async function countInstances(
  fleet: OpenClusters,
  { group, plural }: Pick<DefinitionHead, 'group' | 'plural'>,
  { cluster, versions }: DefinitionThere,
  signal: AbortSignal,
): Promise<number | null> {
  const version = versions.find(({ served, storage }) => served && storage) ?? versions.find(({ served }) => served);
  if (version === undefined) return null;
  try {
    const answer = await fleet.request(cluster, {
      path: `/apis/${group}/${version.name}/${plural}?limit=1`,
      headers: { Accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' },
      signal,
    });
    const list = JSON.parse(new TextDecoder().decode(answer.body)) as {
      metadata?: { remainingItemCount?: number };
      items?: unknown[];
    };
    return (list.items?.length ?? 0) + (list.metadata?.remainingItemCount ?? 0);
  } catch (error) {
    if (signal.aborted) throw error;
    // It may not be listed, or its conversion fails: the number is not known, and everything else still is.
    return null;
  }
}
