import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { type FindCluster, readApplication } from './argo.ts';
import type { Delivery, GitopsScope, Part } from './contract.ts';
import { readFluxDelivery, sourceRefOf } from './flux.ts';
import { application } from './kinds.ts';
import { type KubeObject, keyOf } from './model.ts';
import type { GitopsObjects } from './objects.ts';
import { readPart, usedBy } from './parts.ts';

/** Rows of both engines, made of the objects; a row is the same value for as long as nothing of it has changed. */
export class GitopsRows {
  readonly #fleet: OpenClusters;
  readonly #objects: GitopsObjects;
  readonly #find: FindCluster;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: { fleet: OpenClusters; find: FindCluster }, objects: GitopsObjects) {
    this.#fleet = deps.fleet;
    this.#find = deps.find;
    this.#objects = objects;
  }

  /** In the order of names. */
  deliveries(): Delivery[] {
    const rows: Delivery[] = [];
    for (const { kind, cluster, object } of this.#objects.all()) {
      if (kind.family !== undefined) continue;
      const ref = { cluster, kind: kind.id, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
      rows.push(this.#row(ref, object));
    }
    if (this.#kept.size > rows.length) {
      const present = new Set(rows.map(({ key }) => key));
      for (const key of this.#kept.keys()) if (!present.has(key)) this.#kept.delete(key);
    }
    return rows.sort((a, b) => compare(a.object.name, b.object.name) || compare(a.key, b.key));
  }

  parts(): Part[] {
    const users = new Map<string, number>();
    const use = (ref: ObjectRef) => users.set(keyOf(ref), (users.get(keyOf(ref)) ?? 0) + 1);
    const rows: Part[] = [];
    for (const { kind, cluster, object } of this.#objects.all()) {
      const ref = { cluster, kind: kind.id, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
      if (kind.family === undefined) {
        for (const used of this.#usedByDelivery(ref, object)) use(used);
        continue;
      }
      const known = this.#fleet.byId(cluster);
      const name = known?.kinds.find(({ id }) => id === kind.id)?.kind ?? kind.id;
      for (const used of usedBy(ref, object, name)) use(used);
      const { family } = kind;
      rows.push(readPart({ cluster, clusterName: known?.name ?? cluster, object }, { ...kind, family, name }));
    }
    return rows
      .map((row) => ({ ...row, used: row.used + (users.get(row.key) ?? 0) }))
      .sort((a, b) => compare(a.object.name, b.object.name) || compare(a.key, b.key));
  }

  #usedByDelivery(ref: ObjectRef, object: KubeObject): ObjectRef[] {
    if (ref.kind === application) {
      const { project } = this.#row(ref, object);
      return [{ cluster: ref.cluster, kind: 'appprojects.argoproj.io', namespace: ref.namespace, name: project }];
    }
    const source = sourceRefOf(ref, object);
    return source === undefined ? [] : [source];
  }

  #row(ref: ObjectRef, object: KubeObject): Delivery {
    const key = keyOf(ref);
    const clusterName = this.#fleet.byId(ref.cluster)?.name ?? ref.cluster;
    const kept = this.#kept.get(key);
    if (
      kept !== undefined &&
      kept.object === object &&
      kept.row.clusterName === clusterName &&
      kept.used.every(([used, found]) => this.#objects.lookup(used) === found) &&
      kept.found.every(([wanted, found]) => sameCluster(this.#find(wanted), found))
    ) {
      return kept.row;
    }
    const used: Kept['used'] = [];
    const asked: Kept['found'] = [];
    const lookup = (wanted: ObjectRef) => {
      const found = this.#objects.lookup(wanted);
      used.push([wanted, found]);
      return found;
    };
    const find: FindCluster = (wanted) => {
      const found = this.#find(wanted);
      asked.push([wanted, found]);
      return found;
    };
    const found = { cluster: ref.cluster, clusterName, object };
    const row =
      ref.kind === application ? readApplication(found, find) : readFluxDelivery(found, ref.kind, lookup, find);
    this.#kept.set(key, { object, row, used, found: asked });
    return row;
  }
}

interface Kept {
  object: KubeObject;
  row: Delivery;
  used: [ObjectRef, KubeObject | undefined][];
  found: [Parameters<FindCluster>[0], ReturnType<FindCluster>][];
}

function sameCluster(a: ReturnType<FindCluster>, b: ReturnType<FindCluster>): boolean {
  return a?.id === b?.id && a?.name === b?.name;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows that are made anew when the objects change, and only when somebody reads them. */
export class GitopsLive<R extends { key: string }> implements LiveSource<{ scopes: GitopsScope[] }, R> {
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #make: () => { scopes: GitopsScope[]; rows: R[] };
  readonly #release: () => void;
  #made: { scopes: GitopsScope[]; rows: R[] } | undefined;
  #rev = 0;
  #ended = false;

  constructor(objects: GitopsObjects, make: () => { scopes: GitopsScope[]; rows: R[] }, release: () => void) {
    this.#make = make;
    this.#release = release;
    this.#scope.add(
      objects.onChange(() => {
        this.#made = undefined;
        this.#rev++;
        this.#changed.fire();
      }),
    );
  }

  read(): LiveState<{ scopes: GitopsScope[] }, R> {
    this.#made ??= this.#make();
    return { rev: this.#rev, head: { scopes: this.#made.scopes }, rows: this.#made.rows };
  }

  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#scope.dispose();
    this.#release();
  }
}
