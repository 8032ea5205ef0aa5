import { stringify } from 'yaml';
import type { Clock } from '../../kernel/clock.ts';
import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import type { Release, ReleaseSource } from './contract.ts';
import { fetchBody, listRevisions, type StoredRevision } from './sources/storage.ts';

/** Helm's writes are rare: the list is asked for this often while somebody looks at it. */
const refreshMs = 30_000;
/** Where secrets are watched anyway, their changes are followed, but not each of many. */
const settleMs = 2_000;
const bodiesAtOnce = 4;
/** What is kept of bodies: a few words each. */
const mostKept = 20_000;

/** What the list shows of a body; nothing of its values is in it. */
type Summary = Pick<Release, 'chart' | 'chartVersion' | 'appVersion' | 'description' | 'updated'>;

export interface Releases extends Disposable {
  follow(wanted: { clusters: readonly string[]; namespaces: readonly string[] }): ReleasesSource;
  /** Somebody wrote there: whoever looks sees it at once. */
  refresh(cluster: string): void;
}

type ReleasesSource = LiveSource<{ sources: ReleaseSource[] }, Release>;

export function createReleases(deps: { fleet: OpenClusters; tables: Tables; clock: Clock }): Releases {
  const { fleet, tables, clock } = deps;
  const scope = new Scope();
  const summaries = new Map<string, Summary>();
  const written = scope.add(new Emitter<string>());
  const keep = (stored: StoredRevision, summary: Summary) => {
    summaries.set(keyOf(stored), summary);
    for (const key of summaries.keys()) {
      if (summaries.size <= mostKept) break;
      summaries.delete(key);
    }
  };
  return {
    follow: (wanted) => new Followed({ fleet, tables, clock, summaries, keep, onWritten: written.event, ...wanted }),
    refresh: (cluster) => written.fire(cluster),
    dispose: () => scope.dispose(),
  };
}

interface Following {
  fleet: OpenClusters;
  tables: Tables;
  clock: Clock;
  summaries: ReadonlyMap<string, Summary>;
  keep(stored: StoredRevision, summary: Summary): void;
  onWritten: Event<string>;
  clusters: readonly string[];
  namespaces: readonly string[];
}

interface Part {
  source: ReleaseSource;
  rows: readonly Release[];
  /** The cluster was live when it was last looked at. */
  live: boolean;
  reading: boolean;
  again: boolean;
}

class Followed implements ReleasesSource {
  readonly #deps: Following;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #ended = new AbortController();
  readonly #parts = new Map<string, Part>();
  #rev = 0;
  #settling: Disposable | undefined;

  constructor(deps: Following) {
    this.#deps = deps;
    const { fleet, tables, clock, onWritten } = deps;
    this.#scope.add(fleet.onChange(() => this.#follow()));
    this.#scope.add(
      onWritten((cluster) => {
        if (this.#parts.has(cluster)) void this.#read(cluster);
      }),
    );
    this.#scope.add(clock.every(refreshMs, () => this.#readAll()));
    this.#scope.add(tables.onTable((table) => this.#watchSecrets(table)));
    this.#watchSecrets(tables.get('secrets'));
    this.#follow();
  }

  read(): LiveState<{ sources: ReleaseSource[] }, Release> {
    const parts = [...this.#parts.values()];
    return {
      rev: this.#rev,
      head: { sources: parts.map(({ source }) => source) },
      rows: parts.flatMap(({ rows }) => rows),
    };
  }

  dispose(): void {
    this.#ended.abort();
    this.#settling?.dispose();
    this.#scope.dispose();
  }

  #follow(): void {
    const { fleet, clusters } = this.#deps;
    const wanted = fleet.all().filter(({ id, open }) => open && (clusters.length === 0 || clusters.includes(id)));
    for (const id of this.#parts.keys()) if (!wanted.some((cluster) => cluster.id === id)) this.#parts.delete(id);
    for (const cluster of wanted) {
      const live = cluster.state === 'live';
      const known = this.#parts.get(cluster.id);
      const part = known ?? { source: sourceOf(cluster), rows: [], live: false, reading: false, again: false };
      const came = live && !part.live;
      part.live = live;
      this.#parts.set(cluster.id, part);
      if (came) void this.#read(cluster.id);
      else if (!live) {
        part.source = {
          ...part.source,
          state: 'failed',
          message: cluster.reason ?? 'It is not connected',
          hint: cluster.hint ?? '',
        };
      }
    }
    this.#tell();
  }

  #readAll(): void {
    for (const [cluster, { live }] of this.#parts) if (live) void this.#read(cluster);
  }

  #watchSecrets(table: Table | undefined): void {
    if (table?.schema.id !== 'secrets') return;
    this.#scope.add(
      table.onChange(() => {
        this.#settling ??= this.#deps.clock.after(settleMs, () => {
          this.#settling = undefined;
          this.#readAll();
        });
      }),
    );
  }

  async #read(cluster: string): Promise<void> {
    const part = this.#parts.get(cluster);
    if (part === undefined) return;
    if (part.reading) {
      part.again = true;
      return;
    }
    part.reading = true;
    try {
      const newest = newestOf(await this.#list(cluster));
      const { summaries } = this.#deps;
      this.#show(
        part,
        newest.map((stored) => this.#row(stored, summaries.get(keyOf(stored)))),
      );
      part.source = { ...part.source, state: 'ready', message: '', hint: '', rule: '', readAt: this.#deps.clock.now() };
      this.#tell();
      await this.#summarize(
        part,
        newest.filter((stored) => !summaries.has(keyOf(stored))),
      );
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const { code, message, hint = '' } = toErrorValue(error);
      const forbidden = code === 'forbidden';
      part.source = {
        ...part.source,
        state: forbidden ? 'forbidden' : 'failed',
        message,
        hint,
        rule: forbidden ? listRule : '',
      };
      this.#tell();
    } finally {
      part.reading = false;
    }
    if (!part.again) return;
    part.again = false;
    await this.#read(cluster);
  }

  async #list(cluster: string): Promise<StoredRevision[]> {
    const { fleet, namespaces } = this.#deps;
    const { signal } = this.#ended;
    try {
      return await listRevisions(fleet, cluster, { current: true }, signal);
    } catch (error) {
      if (toErrorValue(error).code !== 'forbidden' || namespaces.length === 0) throw error;
      const lists = await Promise.allSettled(
        namespaces.map((namespace) => listRevisions(fleet, cluster, { current: true, namespace }, signal)),
      );
      const found = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
      if (lists.every(({ status }) => status === 'rejected')) throw error;
      return found;
    }
  }

  /** Reads the bodies one after the other and keeps a few words of each. What cannot be read shows no chart. */
  async #summarize(part: Part, missing: StoredRevision[]): Promise<void> {
    const { fleet, keep } = this.#deps;
    const { signal } = this.#ended;
    const worker = async () => {
      for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
        let summary: Summary;
        try {
          summary = summaryOf(await fetchBody(fleet, next, signal));
        } catch (error) {
          signal.throwIfAborted();
          const { code, message } = toErrorValue(error);
          // It went meanwhile: the next list says so.
          if (code === 'notFound') continue;
          summary = { chart: '', chartVersion: '', appVersion: '', description: message, updated: next.updated };
        }
        keep(next, summary);
        const row = this.#row(next, summary);
        this.#show(
          part,
          part.rows.map((other) => (other.key === row.key ? row : other)),
        );
        this.#tell();
      }
    };
    await Promise.all(Array.from({ length: bodiesAtOnce }, worker));
  }

  #row(stored: StoredRevision, summary: Summary | undefined): Release {
    const clusterName = this.#deps.fleet.byId(stored.cluster)?.name ?? stored.cluster;
    return releaseRow(stored, clusterName, summary);
  }

  #show(part: Part, rows: readonly Release[]): void {
    part.rows = rows;
  }

  #tell(): void {
    this.#rev++;
    this.#changed.fire();
  }
}

export function releaseRow(stored: StoredRevision, clusterName: string, summary: Summary | undefined): Release {
  const { cluster, namespace, name, storage, revision, status, updated } = stored;
  return {
    key: `${cluster}/${namespace}/${name}`,
    cluster,
    clusterName,
    namespace,
    name,
    storage,
    revision,
    status,
    chart: null,
    chartVersion: null,
    appVersion: null,
    description: null,
    ...summary,
    updated: summary?.updated ?? updated,
  };
}

export function summaryOf({ info, chart }: Awaited<ReturnType<typeof fetchBody>>): Summary {
  const { name, version, appVersion } = chart.metadata;
  const updated = Date.parse(info.last_deployed);
  return {
    chart: name,
    chartVersion: version,
    appVersion,
    description: info.description,
    updated: Number.isNaN(updated) ? null : updated,
  };
}

/** The newest revision of each release. */
function newestOf(stored: readonly StoredRevision[]): StoredRevision[] {
  const newest = new Map<string, StoredRevision>();
  for (const each of stored) {
    const key = `${each.namespace}/${each.name}`;
    const known = newest.get(key);
    if (known === undefined || known.revision < each.revision) newest.set(key, each);
  }
  return [...newest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function keyOf({ cluster, path, stamp }: StoredRevision): string {
  return `${cluster}${path}/${stamp}`;
}

function sourceOf({ id, name }: FleetCluster): ReleaseSource {
  return { cluster: id, name, state: 'loading', message: '', hint: '', rule: '', readAt: null };
}

/** Helm stores releases in secrets, unless it is told otherwise. */
const listRule = stringify([{ apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: ['get', 'list'] }]);
