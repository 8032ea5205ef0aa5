import type { z } from 'zod';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ListQuery, ObjectRef, Tone } from '../../../core/cluster/resources/contract.ts';
import { contract, type KubeSageContract } from '../../../core/contract.ts';
import { createConnection } from '../../../core/kernel/client.ts';
import type { ContractImplementation, LiveSource } from '../../../core/kernel/contract.ts';
import { Emitter } from '../../../core/kernel/emitter.ts';
import { KubeSageError } from '../../../core/kernel/errors.ts';
import { createMemoryPorts } from '../../../core/kernel/ports/memory.ts';
import { createServer } from '../../../core/kernel/server.ts';
import { Preferences } from '../../../core/platform/settings/contract.ts';
import type { Connection } from '../connection.ts';
import { fakeClusters } from './clusters.ts';
import { columnsOf, type FakeObject, fakeKinds, fakeNamespaces, fakeObjects } from './objects.ts';

/** A head and rows that can be replaced. */
class Source<H, R extends { key: string }> {
  readonly #changed = new Emitter<void>();
  #rev = 1;
  head: H;
  rows: readonly R[];

  constructor(head: H, rows: readonly R[]) {
    this.head = head;
    this.rows = rows;
  }

  set(rows: readonly R[], head: H = this.head): void {
    this.rows = rows;
    this.head = head;
    this.#rev++;
    this.#changed.fire();
  }

  open(): LiveSource<H, R> {
    return {
      read: () => ({ rev: this.#rev, head: this.head, rows: this.rows }),
      onChange: this.#changed.event,
      dispose() {},
    };
  }
}

const still = <H, R extends { key: string }>(head: H, rows: readonly R[]) => new Source(head, rows).open();

/** Variants: `` is the whole fleet, `first` a first run, `none` no kubeconfig at all, `many` a hundred clusters. */
export function connectFake(variant: string): Connection {
  return createConnection(contract, async () => {
    const [near, far] = createMemoryPorts();
    createServer(contract, createFake(variant)).accept(far, { id: 'local', name: 'Ana' });
    return near;
  });
}

function startingClusters(variant: string, now: number): Cluster[] {
  const all = fakeClusters(now);
  if (variant === 'none') return [];
  if (variant === 'many') {
    return Array.from({ length: 10 }, (_, turn) =>
      all.map((cluster) => ({ ...cluster, key: `${cluster.key}-${turn}`, name: `${cluster.name}-${turn}` })),
    ).flat();
  }
  if (variant !== 'first') return all;
  const untouched = { version: null, lastLive: null, nodes: null, pods: null, capacity: null, hidden: [] };
  return all.map(({ reason: _, hint: __, consent: ___, ...cluster }) => ({
    ...cluster,
    ...untouched,
    state: 'idle' as const,
    tone: 'unknown' as const,
    health: 'Not contacted yet',
    favorite: false,
    pinned: false,
    protected: false,
  }));
}

/** An engine that only pretends, for development and stories. */
export function createFake(variant: string, now = Date.now()): ContractImplementation<KubeSageContract> {
  const started = startingClusters(variant, now);
  const groups = () => [...new Set(clusters.rows.map((row) => row.group).filter(Boolean))];
  const clusters: Source<
    { problems: { source: string; message: string; hint?: string }[]; groups: string[] },
    Cluster
  > = new Source(
    {
      problems:
        variant === ''
          ? [
              {
                source: '~/.kube/config.d/old.yaml',
                message: 'line 14: a mapping entry must have a value',
                hint: 'The other files are read. Correct the line; the file is watched.',
              },
            ]
          : [],
      groups: [...new Set(started.map((row) => row.group).filter(Boolean))],
    },
    started,
  );
  const change = (ids: readonly string[], part: (cluster: Cluster) => Partial<Cluster>) =>
    clusters.set(
      clusters.rows.map((row) => (ids.includes(row.key) ? { ...row, ...part(row) } : row)),
      { ...clusters.head, groups: groups() },
    );
  const preferences = new Source<Preferences, { key: string }>(
    Preferences.parse({ favoriteKinds: ['pods', 'deployments.apps'] }),
    [],
  );
  const objects = new Map<string, FakeObject[]>();
  const objectsOf = (kind: string) => {
    const found = objects.get(kind) ?? fakeObjects(kind, now);
    objects.set(kind, found);
    return found;
  };
  const sources = [
    { id: 's1', kind: 'default' as const, path: '~/.kube/config', contexts: 10 },
    { id: 's2', kind: 'file' as const, path: '~/.kube/lab.yaml', contexts: 1 },
    {
      id: 's3',
      kind: 'folder' as const,
      path: '~/.kube/config.d',
      contexts: 1,
      problem: 'old.yaml, line 14: a mapping entry must have a value',
    },
  ];

  return {
    fleet: {
      clusters: () => clusters.open(),
      open: async ({ clusters: ids }) => {
        change(ids, () => ({ state: 'connecting', since: Date.now(), tone: 'progressing', health: 'Connecting' }));
        setTimeout(
          () =>
            change(ids, () => ({
              state: 'live',
              since: Date.now(),
              lastLive: Date.now(),
              tone: 'healthy',
              health: 'Everything runs',
            })),
          1200,
        );
        return {};
      },
      close: ({ clusters: ids }) => {
        change(ids, () => ({ state: 'idle', since: Date.now() }));
        return {};
      },
      approve: ({ cluster }) => {
        change([cluster], () => ({ state: 'connecting', since: Date.now() }));
        return {};
      },
      update: ({ cluster, alias, ...part }) => {
        const defined = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
        change([cluster], (row) => ({
          ...defined,
          ...(alias !== undefined && { name: alias === '' ? row.context : alias }),
        }));
        return {};
      },
      sources: () => ({ sources: variant === 'none' ? [] : sources }),
      addSource: (input) => {
        if ('text' in input && !input.text.includes('kind: Config')) {
          throw new KubeSageError('invalid', 'This is not a kubeconfig: it has no `kind: Config`', {
            hint: 'Paste the whole file, with its clusters, users and contexts.',
          });
        }
        return { id: `s${sources.length + 1}`, contexts: ['new-context'] };
      },
      removeSource: ({ id }) => {
        sources.splice(
          sources.findIndex((source) => source.id === id),
          1,
        );
        return {};
      },
    },
    history: {
      object: () => ({ versions: [], truncated: false }),
      changes: () => ({ changes: [], truncated: false }),
      status: () => ({ path: null, rows: 0, bytes: 0, oldest: null, newest: null, problem: null }),
    },
    resources: {
      kinds: () =>
        variant === 'none' || variant === 'first'
          ? still({ namespaces: [] }, [])
          : still({ namespaces: fakeNamespaces }, fakeKinds),
      list: (input) => {
        const { head, rows } = answer(input, objectsOf(input.kind), clusters.rows);
        return still(head, rows);
      },
      query: (input) => answer(input, objectsOf(input.kind), clusters.rows),
      export: () => ({ fileName: 'list.csv', mediaType: 'text/csv', text: 'name\n', rows: 0 }),
      get: ({ object }) => ({
        object,
        yaml: yamlOf(object),
        json: { metadata: { name: object.name } },
        readAt: Date.now(),
        stale: false,
        redacted: [],
      }),
      events: () => still({ total: 0, scopes: [] }, []),
      relations: ({ object }) =>
        still({ complete: true, problems: [] }, [
          { key: 'self', object, relation: 'self' as const, parent: null, tone: 'healthy' as const, status: 'Running' },
        ]),
      search: ({ text, limit, clusters: only, kinds }) => {
        const wanted = text.toLowerCase();
        const hits = (kinds ?? ['deployments.apps', 'pods', 'services'])
          .flatMap((kind) => objectsOf(kind))
          .filter((object) => object.name.includes(wanted) && (only === undefined || only.includes(object.cluster)));
        return {
          hits: hits.slice(0, limit).map((hit) => ({
            key: `${hit.kind}/${hit.key}`,
            object: { cluster: hit.cluster, kind: hit.kind, namespace: hit.namespace, name: hit.name, uid: hit.uid },
            kindName: fakeKinds.find((kind) => kind.id === hit.kind)?.kind ?? hit.kind,
            tone: hit.tone,
            status: hit.status,
            score: 1,
            ranges: [[hit.name.indexOf(wanted), hit.name.indexOf(wanted) + wanted.length] as [number, number]],
          })),
          total: hits.length,
          incomplete: ['payments-restricted: secrets may not be listed'],
          tookMs: 3,
        };
      },
      suggest: ({ cursor }) => ({ start: cursor, end: cursor, items: [] }),
    },
    settings: {
      preferences: () => preferences.open(),
      update: ({ change: part }) => {
        const defined = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
        preferences.set([], { ...preferences.head, ...defined });
        return {};
      },
    },
    system: {
      about: () => ({
        version: '0.1.0',
        node: 'v24.21.0',
        host: 'test',
        platform: 'linux x64',
        dataFolder: '~/.local/share/kubesage',
        demo: false,
      }),
      notices: () =>
        still(
          {},
          variant === ''
            ? [
                {
                  key: 'n1',
                  at: now - 720_000,
                  tone: 'warning' as const,
                  message: 'The history file was damaged and was set aside; a new one has been started.',
                  hint: 'The old one is history.damaged-20261123.duckdb in the data folder.',
                },
              ]
            : [],
        ),
    },
  };
}

function count(rows: readonly FakeObject[]): Record<Tone, number> {
  const counts = { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 };
  for (const row of rows) counts[row.tone]++;
  return counts;
}

type Parsed = z.output<typeof ListQuery>;

/** Filters by parts of the text only: the query language is the engine's. */
function answer(input: Parsed, all: readonly FakeObject[], clusters: readonly Cluster[]) {
  const available = columnsOf(input.kind);
  const columns =
    input.columns === undefined
      ? available.filter((column) => column.priority === 0)
      : input.columns.flatMap((id) => available.find((column) => column.id === id) ?? []);
  const inScope = all.filter(
    (row) =>
      (input.clusters === undefined || input.clusters.includes(row.cluster)) &&
      (input.namespaces === undefined || input.namespaces.includes(row.namespace)),
  );
  const words = input.filter.toLowerCase().split(/\s+/u).filter(Boolean);
  const matched = inScope.filter((row) =>
    words.every((word) => `${row.name} ${row.namespace} ${row.status} ${row.cluster}`.toLowerCase().includes(word)),
  );
  const [first] = input.sort;
  if (first !== undefined) {
    const order = first.descending ? -1 : 1;
    matched.sort((a, b) => {
      const [x, y] = [a.values[first.column] ?? '', b.values[first.column] ?? ''];
      return x < y ? -order : x > y ? order : 0;
    });
  }
  const by = input.group;
  const grouped =
    by === undefined
      ? undefined
      : Map.groupBy(matched, (row) => String(by === 'cluster' ? row.cluster : (row.values[by] ?? '')));
  return {
    head: {
      kind: input.kind,
      columns,
      available,
      total: inScope.length,
      matched: matched.length,
      offset: input.offset,
      tones: count(matched),
      ...(grouped !== undefined && {
        groups: [...grouped].map(([value, rows]) => ({ value, count: rows.length, tones: count(rows) })),
      }),
      scopes: clusters
        .filter((cluster) => ['live', 'stale', 'unreachable'].includes(cluster.state))
        .map((cluster) => ({
          cluster: cluster.key,
          state: cluster.state as 'live' | 'stale' | 'unreachable',
          since: cluster.since,
          ...(cluster.reason !== undefined && { reason: cluster.reason }),
          rows: inScope.filter((row) => row.cluster === cluster.key).length,
        })),
      filterProblems: [],
    },
    rows: matched.slice(input.offset, input.offset + input.limit).map(({ kind: _, status: __, values, ...row }) => ({
      ...row,
      cells: columns.map((column) => values[column.id] ?? null),
    })),
  };
}

function yamlOf(object: ObjectRef): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${object.name}\n  namespace: ${object.namespace}\nspec:\n  containers:\n    - name: api\n      image: registry.example.org/shop/api:2.40.3\n`;
}
