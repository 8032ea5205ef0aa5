import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { contract } from '../../../core/contract.ts';
import { createConnection } from '../../../core/kernel/client.ts';
import type { ContractImplementation, LiveSource } from '../../../core/kernel/contract.ts';
import { Emitter } from '../../../core/kernel/emitter.ts';
import { KubeSageError } from '../../../core/kernel/errors.ts';
import { createMemoryPorts } from '../../../core/kernel/ports/memory.ts';
import { createServer } from '../../../core/kernel/server.ts';
import { Preferences } from '../../../core/platform/settings/contract.ts';
import type { Connection } from '../connection.ts';
import { fakeClusters } from './clusters.ts';
import { type FakeObject, fakeKinds, fakeNamespaces, fakeObjects } from './objects.ts';
import { createFakeResources } from './resources.ts';

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

/** Variants: `` is the whole fleet, `first` a first run, `none` no kubeconfig at all, `many` a hundred clusters, `scale`
 * 10,000 pods that change every second. */
export function connectFake(variant: string): Connection {
  return createConnection(contract, async () => {
    const [near, far] = createMemoryPorts();
    createServer(pretended, createFake(variant)).accept(far, { id: 'local', name: 'Ana' });
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

const { fleet, history, resources, settings, system } = contract;
/** What can be looked at without a cluster. Calls of the rest are answered as by an engine that does not know them. */
const pretended = { fleet, history, resources, settings, system };

/** An engine that only pretends, for development and stories. */
export function createFake(variant: string, now = Date.now()): ContractImplementation<typeof pretended> {
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
  const { object: objectHistory, ...lists } = createFakeResources({
    variant,
    now,
    clusters: () => clusters.rows,
    objectsOf,
  });
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
      consents: () => ({
        groups: clusters.rows.flatMap(({ key, name, state, consent }) => {
          if (state !== 'needsConsent' || consent === undefined || consent.resolved === null) return [];
          const { group, command, resolved, env, args, hash } = consent;
          return [
            { group, command, resolved, env, shape: args, members: [{ cluster: key, name, args, hash, waits: true }] },
          ];
        }),
      }),
      approveAll: ({ consents }) => {
        change(
          consents.map(({ cluster }) => cluster),
          () => ({ state: 'connecting', since: Date.now() }),
        );
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
      settings: () => ({ lingerSeconds: 60 }),
      configure: () => ({}),
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
      protection: () => ({ by: 'nothing', locked: false }),
      unlock: () => ({}),
      protect: () => ({}),
      unprotect: () => ({}),
    },
    history: {
      object: objectHistory,
      changes: () => ({ changes: [], truncated: false }),
      status: () => ({ path: null, rows: 0, bytes: 0, oldest: null, newest: null, problem: null }),
    },
    resources: {
      kinds: () =>
        variant === 'none' || variant === 'first'
          ? still({ namespaces: [] }, [])
          : still({ namespaces: fakeNamespaces }, fakeKinds),
      ...lists,
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
