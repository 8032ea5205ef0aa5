import { toDisposable } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { KindSchema } from '../../kube/columns/schema.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { ApiRequest, ApiResponse, FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import type { ScopeState } from './contract.ts';

/** A fleet for tests: clusters, scopes and answers are what the test sets. */
export class FakeFleet implements OpenClusters {
  readonly #changed = new Emitter<void>();
  readonly #scopeChanged = new Emitter<string>();
  #clusters: readonly FleetCluster[] = [];
  readonly #scopes = new Map<string, ScopeState[]>();
  /** Kinds demanded now, with how often. */
  readonly demands = new Map<string, number>();
  /** Demands as they are now: the kind and the clusters that each names, the oldest first. */
  readonly wanted = new Set<{ kind: string; clusters: readonly string[] | undefined }>();
  readonly requests: { cluster: string; path: string }[] = [];
  /** JSON answers by path. */
  readonly objects = new Map<string, unknown>();
  onDemand: ((kind: string) => void) | undefined;

  readonly onChange = this.#changed.event;
  readonly onScopeChange = this.#scopeChanged.event;

  setClusters(clusters: readonly (Pick<FleetCluster, 'id' | 'index'> & Partial<FleetCluster>)[]): void {
    this.#clusters = clusters.map((cluster) => ({
      name: cluster.id,
      state: 'live',
      since: 0,
      reason: undefined,
      hint: undefined,
      open: true,
      known: false,
      kinds: [],
      ...cluster,
    }));
    this.#changed.fire();
  }

  setScope(kind: string, scope: Pick<ScopeState, 'cluster' | 'state'> & Partial<ScopeState>): void {
    const others = (this.#scopes.get(kind) ?? []).filter((known) => known.cluster !== scope.cluster);
    this.#scopes.set(kind, [...others, { since: 0, rows: 0, ...scope }]);
    this.#scopeChanged.fire(kind);
  }

  all(): readonly FleetCluster[] {
    return this.#clusters;
  }

  byId(id: string): FleetCluster | undefined {
    return this.#clusters.find((cluster) => cluster.id === id);
  }

  demand(kind: string, options?: Parameters<OpenClusters['demand']>[1]) {
    const wanted = { kind, clusters: options?.clusters };
    this.wanted.add(wanted);
    this.demands.set(kind, (this.demands.get(kind) ?? 0) + 1);
    this.onDemand?.(kind);
    return toDisposable(() => {
      this.wanted.delete(wanted);
      const left = (this.demands.get(kind) ?? 0) - 1;
      if (left > 0) this.demands.set(kind, left);
      else this.demands.delete(kind);
    });
  }

  scopes(kind: string): readonly ScopeState[] {
    return this.#scopes.get(kind) ?? [];
  }

  async request(cluster: string, request: ApiRequest): Promise<ApiResponse> {
    this.requests.push({ cluster, path: request.path });
    const known = this.byId(cluster);
    if (known === undefined || known.state === 'unreachable') {
      throw new KubeSageError('unreachable', `${cluster} can't be reached`);
    }
    const object = this.objects.get(request.path);
    if (object === undefined) throw new KubeSageError('notFound', `${request.path} is not there`);
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(object)) };
  }
}

export function discovered(schema: KindSchema, more: Partial<DiscoveredKind> = {}): DiscoveredKind {
  const { id, group, version, resource, kind, namespaced } = schema;
  const own = { id, group, version, resource, kind, namespaced, schema };
  return { ...own, verbs: ['get', 'list', 'watch'], shortNames: [], categories: [], custom: false, ...more };
}
