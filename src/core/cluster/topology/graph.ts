import type { z } from 'zod';
import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { chosenClusters, findRow, kindOf } from '../resources/index.ts';
import { buildCluster } from './build.ts';
import type { TopologyHead, TopologyNode, TopologyQuery } from './contract.ts';
import { type Filters, filtersFor, toldProblems } from './filters.ts';
import { type Group, groupParts, partOf } from './groups.ts';
import { levelsOf } from './levels.ts';
import { addTones, noTones } from './model.ts';
import {
  configKinds,
  gatewayKinds,
  ingressKind,
  partKey,
  policyKinds,
  routeKinds,
  ruleKind,
  sliceKind,
  workloadKinds,
} from './parts.ts';
import type { Sources } from './topology.ts';
import { argoApplications, trackedBy } from './tracking.ts';
import { Watched } from './watched.ts';

export type ParsedQuery = z.output<typeof TopologyQuery>;

/** Changes within it are one picture. Milliseconds. */
const shortest = 250;
/** Making pictures takes at most a tenth of the time. */
const share = 10;
const longest = 5_000;
/** Work after which others have their turn. Milliseconds. */
const turnMs = 8;

const always = ['pods', 'nodes', 'services', ...workloadKinds, ingressKind, ...gatewayKinds, ...routeKinds] as const;

/** The picture of the chosen part of the fleet, made anew for the clusters in which something changed. */
export class GraphSource implements LiveSource<TopologyHead, TopologyNode> {
  readonly #sources: Sources;
  readonly #query: ParsedQuery;
  readonly #watched: Watched;
  readonly #changed = new Emitter<void>();
  readonly #groups = new Map<number, Group[]>();
  readonly #rows = new Map<string, { text: string; row: TopologyNode }>();
  #opened: ReadonlySet<string> = new Set();
  #timer: Disposable | undefined;
  #running = false;
  #again = false;
  #disposed = false;
  #state: LiveState<TopologyHead, TopologyNode> = { rev: 1, head: emptyHead, rows: [] };
  #text = '';

  constructor(sources: Sources, query: ParsedQuery) {
    this.#sources = sources;
    this.#query = query;
    this.#watched = new Watched(sources, query.clusters, () => this.#later(shortest));
    void this.#run();
  }

  get onChange() {
    return this.#changed.event;
  }

  read(): LiveState<TopologyHead, TopologyNode> {
    return this.#state;
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#watched.dispose();
    this.#changed.dispose();
  }

  #later(ms: number): void {
    if (this.#running) this.#again = true;
    else {
      this.#timer ??= this.#sources.clock.after(ms, () => {
        this.#timer = undefined;
        void this.#run();
      });
    }
  }

  async #run(): Promise<void> {
    if (this.#running || this.#disposed) return;
    this.#running = true;
    this.#again = false;
    for (const kind of this.#kinds()) this.#watched.want(kind);
    const clusters = chosenClusters(this.#sources.fleet, this.#query.clusters);
    const dirty = this.#watched.takeDirty();
    const filters = this.#filters(clusters);
    let took = 0;
    let turn = performance.now();
    const present = new Set(clusters.map(({ index }) => index));
    for (const index of this.#groups.keys()) if (!present.has(index)) this.#groups.delete(index);
    for (const cluster of clusters) {
      if (dirty !== null && !dirty.has(cluster.index) && this.#groups.has(cluster.index)) continue;
      this.#groups.set(cluster.index, this.#build(cluster, filters));
      const spent = performance.now() - turn;
      if (spent < turnMs || this.#sources.pause === undefined) continue;
      took += spent;
      await this.#sources.pause();
      if (this.#disposed) return;
      turn = performance.now();
    }
    this.#assemble(clusters, filters);
    took += performance.now() - turn;
    this.#state.head.tookMs = Math.round(took);
    this.#running = false;
    if (this.#again) this.#later(Math.min(longest, Math.max(shortest, took * share)));
  }

  #kinds(): string[] {
    const { layers, by } = this.#query;
    return [
      ...always,
      ...(by === 'app' ? [argoApplications] : []),
      ...(layers.includes('endpoints') ? [sliceKind] : []),
      ...(layers.includes('config') ? configKinds : []),
      ...(layers.includes('policies') ? [...policyKinds, ruleKind] : []),
    ];
  }

  #filters(clusters: readonly FleetCluster[]): Filters {
    const byIndex = new Map(clusters.map((cluster) => [cluster.index, cluster]));
    return filtersFor(this.#sources.tables, this.#kinds(), {
      text: this.#query.filter,
      nameOf: (index) => byIndex.get(index)?.name ?? '',
      skew: (index) => byIndex.get(index)?.clockSkewMs ?? 0,
      now: this.#sources.clock.now(),
    });
  }

  #build({ index, id, name }: FleetCluster, { filters }: Filters): Group[] {
    const { fleet, tables } = this.#sources;
    const { namespaces, layers, open, by } = this.#query;
    const kindIds = new Map<string, string | undefined>();
    const listed = new Map<string, boolean>();
    const parts = buildCluster({
      tables,
      index,
      cluster: id,
      clusterName: name,
      namespaces: namespaces === undefined ? undefined : new Set(namespaces),
      config: layers.includes('config'),
      policies: layers.includes('policies'),
      endpoints: layers.includes('endpoints'),
      tracked: by === 'app' ? trackedBy(tables.get(argoApplications), index) : new Map(),
      open: new Set(open),
      filters,
      kindId: (kind) => {
        if (!kindIds.has(kind)) kindIds.set(kind, kindOf(fleet, id, { kind, apiVersion: '' })?.id);
        return kindIds.get(kind);
      },
      isListed: (kind) => {
        let answer = listed.get(kind);
        if (answer === undefined) {
          answer = this.#watched.isListed(id, kind);
          listed.set(kind, answer);
        }
        return answer;
      },
    });
    for (const { stage, kind } of parts.parts) if (stage === 'owner') this.#watched.want(kind);
    return groupParts(parts, { by, filtered: filters !== null, namespaced: namespaces !== undefined });
  }

  #assemble(clusters: readonly FleetCluster[], { problems }: Filters): void {
    const { layers, open, budget, focus } = this.#query;
    const groups = clusters.flatMap(({ index }) => this.#groups.get(index) ?? []);
    const levels = levelsOf(groups, {
      budget,
      open: new Set(open),
      hosts: layers.includes('hosts'),
      config: layers.includes('config'),
      before: this.#opened,
      focus: focus === undefined ? undefined : partOf(groups, focus, this.#owners(focus)),
    });
    // While lists are on their way, nothing is settled yet.
    const standing = this.#watched.standing(clusters);
    const opened = levels.groups.filter((group) => group.open).map(({ key }) => key);
    this.#opened = new Set(standing.loading ? [] : opened);
    const tones = noTones();
    let objects = 0;
    for (const group of groups) {
      addTones(tones, group.tones);
      objects += group.count;
    }
    const { loading, problems: missing } = standing;
    const head: TopologyHead = {
      objects,
      tones,
      aggregates: levels.aggregates,
      groups: levels.groups,
      focus: levels.focus,
      filterProblems: toldProblems(problems),
      loading,
      problems: missing,
      tookMs: 0,
    };
    const rows = levels.nodes.map((node) => this.#keep(node));
    if (this.#rows.size > rows.length * 2 + 100) this.#forget(rows);
    const text = JSON.stringify([head, rows]);
    if (text === this.#text) return;
    this.#text = text;
    this.#state = { rev: this.#state.rev + 1, head, rows };
    this.#changed.fire();
  }

  /** Keys of the parts that stand for an object without one of its own: its owners', the pods' of its workload first. */
  #owners(object: ObjectRef): string[] {
    const { fleet, tables } = this.#sources;
    const index = fleet.byId(object.cluster)?.index ?? -1;
    const keys: string[] = [];
    let table = tables.get(object.kind);
    let row = table === undefined ? -1 : findRow(table, index, object);
    while (table !== undefined && row !== -1 && keys.length < 8) {
      const owner = table.text(row, meta.owner);
      const cut = owner.indexOf('/');
      const kind =
        cut === -1 ? undefined : kindOf(fleet, object.cluster, { kind: owner.slice(0, cut), apiVersion: '' });
      if (kind === undefined) break;
      const key = partKey(object.cluster, kind.id, object.namespace, owner.slice(cut + 1));
      if (object.kind === 'pods') keys.push(`${key}#pods`);
      keys.push(key);
      const uid = table.text(row, meta.ownerUid);
      table = tables.get(kind.id);
      row = table?.find(index, uid) ?? -1;
    }
    return keys;
  }

  /** The same object for the same row. */
  #keep(row: TopologyNode): TopologyNode {
    const text = JSON.stringify(row);
    const known = this.#rows.get(row.key);
    if (known?.text === text) return known.row;
    this.#rows.set(row.key, { text, row });
    return row;
  }

  #forget(rows: readonly TopologyNode[]): void {
    const kept = new Set(rows.map(({ key }) => key));
    for (const key of this.#rows.keys()) if (!kept.has(key)) this.#rows.delete(key);
  }
}

const emptyHead: TopologyHead = {
  objects: 0,
  tones: noTones(),
  aggregates: 0,
  groups: [],
  focus: null,
  filterProblems: [],
  loading: true,
  problems: [],
  tookMs: 0,
};
