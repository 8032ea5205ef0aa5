import type { z } from 'zod';
import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { meta, tones } from '../../kube/columns/schema.ts';
import type { NumberStore, TextStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { chosenClusters } from '../resources/index.ts';
import type { HostRow, topology } from './contract.ts';
import { filtersFor, toldProblems } from './filters.ts';
import { noTones } from './model.ts';
import type { Sources } from './topology.ts';
import { Watched } from './watched.ts';

type Head = z.input<(typeof topology)['map']['head']>;
type Query = z.output<(typeof topology)['map']['input']>;

/** More pods than that are told by their number alone. */
const mostPods = 20_000;
const shortest = 250;
const longest = 5_000;
const share = 10;

/** Every node with its pods. */
export class HostsSource implements LiveSource<Head, HostRow> {
  readonly #sources: Sources;
  readonly #query: Query;
  readonly #watched: Watched;
  readonly #changed = new Emitter<void>();
  readonly #rows = new Map<string, { text: string; row: HostRow }>();
  #timer: Disposable | undefined;
  #took = 0;
  #state: LiveState<Head, HostRow> | undefined;

  constructor(sources: Sources, query: Query) {
    this.#sources = sources;
    this.#query = query;
    this.#watched = new Watched(sources, query.clusters, () => this.#later());
    this.#look();
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<Head, HostRow> {
    return this.#state ?? this.#look();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#watched.dispose();
    this.#changed.dispose();
  }

  #later(): void {
    this.#timer ??= this.#sources.clock.after(Math.min(longest, Math.max(shortest, this.#took * share)), () => {
      this.#timer = undefined;
      this.#look();
      this.#changed.fire();
    });
  }

  #look(): LiveState<Head, HostRow> {
    const started = performance.now();
    const { fleet, tables, clock } = this.#sources;
    this.#watched.want('pods');
    this.#watched.want('nodes');
    this.#watched.takeDirty();
    const clusters = chosenClusters(fleet, this.#query.clusters);
    const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
    const { filters, problems } = filtersFor(tables, ['pods'], {
      text: this.#query.filter,
      nameOf: (index) => byIndex.get(index)?.name ?? '',
      skew: (index) => byIndex.get(index)?.clockSkewMs ?? 0,
      now: clock.now(),
    });
    const hosts = new Hosts(byIndex);
    const nodes = tables.get('nodes');
    if (nodes !== undefined) for (const { index } of clusters) hosts.add(nodes, index);
    const pods = tables.get('pods');
    if (pods !== undefined) {
      const test = filters?.get('pods');
      const namespaces = this.#query.namespaces === undefined ? undefined : new Set(this.#query.namespaces);
      const chosen: number[] = [];
      for (const { index } of clusters) {
        for (const row of pods.rowsOf(index)) {
          if (namespaces !== undefined && !namespaces.has(pods.text(row, meta.namespace))) continue;
          if (filters === null || test?.test(row) === true) chosen.push(row);
        }
      }
      hosts.fill(pods, chosen);
    }
    const rows = hosts.rows().map((row) => this.#keep(row));
    const all = noTones();
    let count = 0;
    for (const row of rows) {
      for (const tone of tones) {
        all[tone] += row.tones[tone] ?? 0;
        count += row.tones[tone] ?? 0;
      }
    }
    const { loading, problems: missing } = this.#watched.standing(clusters);
    const head: Head = {
      hosts: rows.filter(({ name }) => name !== '').length,
      pods: count,
      tones: all,
      filterProblems: toldProblems(problems),
      loading,
      problems: missing,
    };
    this.#state = { rev: (this.#state?.rev ?? 0) + 1, head, rows };
    this.#took = performance.now() - started;
    return this.#state;
  }

  /** The same object for the same row. */
  #keep(row: HostRow): HostRow {
    const text = JSON.stringify(row);
    const known = this.#rows.get(row.key);
    if (known?.text === text) return known.row;
    this.#rows.set(row.key, { text, row });
    return row;
  }
}

class Hosts {
  readonly #clusters: ReadonlyMap<number, FleetCluster>;
  readonly #rows = new Map<string, HostRow>();

  constructor(clusters: ReadonlyMap<number, FleetCluster>) {
    this.#clusters = clusters;
  }

  add(nodes: Table, index: number): void {
    for (const row of nodes.rowsOf(index)) {
      const host = this.#host(index, nodes.text(row, meta.name));
      host.tone = nodes.tone(row);
      host.status = nodes.text(row, meta.status);
      host.cpu = number(nodes, 'cpu', row);
      host.memory = number(nodes, 'memory', row);
    }
  }

  fill(pods: Table, rows: readonly number[]): void {
    const told = rows.length <= mostPods;
    const store = pods.store('node') as TextStore | undefined;
    for (const row of [...rows].sort((a, b) => pods.compareNames(a, b))) {
      const host = this.#host(pods.clusters[row] as number, store?.text(row) ?? '');
      const tone = pods.tone(row);
      host.tones[tone] = (host.tones[tone] ?? 0) + 1;
      const [cpu, memory] = [number(pods, 'cpurequest', row), number(pods, 'memoryrequest', row)];
      // What has ended requests nothing any more.
      const holds = tone !== 'stopped';
      if (holds) host.cpuRequested += cpu;
      if (holds) host.memoryRequested += memory;
      if (!told) continue;
      host.pods ??= [];
      host.podTones ??= [];
      host.podStatuses ??= [];
      host.podCpu ??= [];
      host.podMemory ??= [];
      host.pods.push(`${pods.text(row, meta.namespace)}/${pods.text(row, meta.name)}`);
      host.podTones.push(tones.indexOf(tone));
      host.podStatuses.push(pods.text(row, meta.status));
      host.podCpu.push(holds ? cpu : 0);
      host.podMemory.push(holds ? memory : 0);
    }
  }

  /** By cluster and name; what runs nowhere comes first. */
  rows(): HostRow[] {
    return [...this.#rows.values()].sort(
      (a, b) =>
        compare(a.clusterName, b.clusterName) ||
        Number(a.name !== '') - Number(b.name !== '') ||
        compare(a.name, b.name),
    );
  }

  #host(index: number, name: string): HostRow {
    const cluster = this.#clusters.get(index);
    const key = `${cluster?.id ?? index}/${name}`;
    let host = this.#rows.get(key);
    if (host === undefined) {
      host = {
        key,
        cluster: cluster?.id ?? '',
        clusterName: cluster?.name ?? '',
        name,
        tone: 'unknown',
        status: '',
        cpu: 0,
        memory: 0,
        cpuRequested: 0,
        memoryRequested: 0,
        tones: noTones(),
      };
      this.#rows.set(key, host);
    }
    return host;
  }
}

function number(table: Table, column: string, row: number): number {
  const value = (table.store(column) as NumberStore | undefined)?.values[row] ?? 0;
  return Number.isNaN(value) ? 0 : value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
