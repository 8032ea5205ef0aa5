import { stringify } from 'yaml';
import type { z } from 'zod';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type {
  Event,
  ListQuery,
  ObjectRef,
  Relation,
  Row,
  resources,
  ScopeState,
  Tone,
} from '../../../core/cluster/resources/contract.ts';
import type { Implementations, LiveSource } from '../../../core/kernel/contract.ts';
import { Emitter } from '../../../core/kernel/emitter.ts';
import { KubeSageError } from '../../../core/kernel/errors.ts';
import type { history } from '../../../core/observe/history/contract.ts';
import { groupBy } from '../../ui/groups.ts';
import { manifestOf } from './manifests.ts';
import { columnsOf, type FakeObject } from './objects.ts';

/**
 * Lists and objects that pretend. Some kinds always show one state, so that each can be looked at: see `stateOf`.
 * With the variant `scale` there are 10,000 pods, and some change every second.
 */
export interface FakeResourceOptions {
  variant: string;
  now: number;
  clusters(): readonly Cluster[];
  objectsOf(kind: string): FakeObject[];
}

type Parsed = z.output<typeof ListQuery>;

const stateOf: Readonly<Record<string, ScopeState['state'] | 'empty' | 'error'>> = {
  secrets: 'forbidden',
  'certificates.cert-manager.io': 'absent',
  'poddisruptionbudgets.policy': 'empty',
  'cronjobs.batch': 'listing',
  endpoints: 'unreachable',
  'horizontalpodautoscalers.autoscaling': 'error',
};

export function createFakeResources(
  options: FakeResourceOptions,
): Pick<
  Implementations<typeof resources>,
  'list' | 'query' | 'export' | 'get' | 'events' | 'relations' | 'causes' | 'suggest'
> &
  Pick<Implementations<typeof history>, 'object'> {
  const { objectsOf, clusters } = options;
  const changed = new Emitter<void>();
  let rev = 1;
  if (options.variant === 'scale') grow(objectsOf('pods'), options.now);
  startChurn(options, () => {
    rev++;
    changed.fire();
  });
  const find = (ref: ObjectRef) => {
    const found = objectsOf(ref.kind).find(
      (each) => each.name === ref.name && each.cluster === ref.cluster && each.namespace === ref.namespace,
    );
    if (found === undefined) {
      throw new KubeSageError('notFound', `${ref.kind} "${ref.name}" not found`, {
        hint: 'It may have been deleted. Its history is still there.',
      });
    }
    return found;
  };
  const list = (input: Parsed): LiveSource<ReturnType<typeof answer>['head'], Row> => {
    if (stateOf[input.kind] === 'error') {
      throw new KubeSageError('unavailable', 'The API server answered 503: apiserver not ready', {
        hint: 'It usually is within a minute. Retry then.',
      });
    }
    const kept = new Map<string, Row>();
    let last: { rev: number; state: ReturnType<typeof answer> } | undefined;
    return {
      read: () => {
        if (last?.rev !== rev) {
          const state = answer(input, objectsOf(input.kind), clusters());
          last = { rev, state: { head: state.head, rows: state.rows.map((row) => same(kept, row)) } };
        }
        return { rev, ...last.state };
      },
      onChange: changed.event,
      dispose() {},
    };
  };
  return {
    list,
    query: (input) => answer(input, objectsOf(input.kind), clusters()),
    export: ({ query }) => {
      const { head, rows } = answer({ ...query, offset: 0, limit: 100_000 }, objectsOf(query.kind), clusters());
      const lines = [
        head.columns.map((column) => column.title),
        ...rows.map((row) => row.cells.map((cell) => cell ?? '')),
      ];
      return {
        fileName: `${query.kind}.csv`,
        mediaType: 'text/csv',
        text: lines
          .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(','))
          .join('\r\n'),
        rows: rows.length,
      };
    },
    get: ({ object, managedFields }) => {
      const { json, redacted } = manifestOf(find(object), managedFields);
      return { object, json, yaml: stringify(json), readAt: Date.now(), stale: object.cluster === 'c4', redacted };
    },
    events: ({ object }) => {
      const rows = eventsOf(find(object), options.now);
      return fixed({ total: rows.length, scopes: [] }, rows);
    },
    relations: ({ object }) =>
      fixed(
        { complete: object.cluster !== 'c5', problems: ['payments-restricted: nodes may not be listed'] },
        relationsOf(find(object)),
      ),
    causes: ({ clusters: ids, limit }) => {
      const { rows } = answer(
        {
          kind: 'pods',
          filter: 'is:failed,warning',
          sort: [],
          offset: 0,
          limit: 1000,
          columns: ['status'],
          clusters: ids,
        },
        objectsOf('pods'),
        clusters(),
      );
      const causes = rows.map((row) => ({
        key: row.key,
        clusters: [row.cluster],
        namespace: row.namespace,
        name: row.name,
        status: String(row.cells[0]),
        tone: row.tone,
        count: 1,
        since: options.now,
        filter: `name=${row.name}`,
      }));
      return fixed({ pods: rows.length, causes: causes.length }, causes.slice(0, limit));
    },
    suggest: ({ filter, cursor }) => suggest(filter, cursor),
    object: ({ object }) => ({ versions: versionsOf(find(object), options.now), truncated: false }),
  };
}

const fixed = <H, R extends { key: string }>(head: H, rows: R[]): LiveSource<H, R> => ({
  read: () => ({ rev: 1, head, rows }),
  onChange: () => ({ dispose() {} }),
  dispose() {},
});

/** The row as it was sent before when nothing of it has changed. */
function same(kept: Map<string, Row>, row: Row): Row {
  const before = kept.get(row.key);
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) return before;
  kept.set(row.key, row);
  return row;
}

function grow(pods: FakeObject[], now: number): void {
  const first = [...pods];
  for (let index = pods.length; index < 10_000; index++) {
    const like = first[index % first.length];
    if (like === undefined) return;
    const name = `${like.name.slice(0, -5)}${index.toString(26).padStart(5, 'b')}`;
    pods.push({
      ...like,
      name,
      uid: `pods-${index}`,
      key: `${like.cluster}/pods-${index}`,
      values: { ...like.values, name, created: now - index * 1000 },
    });
  }
}

/** Some pods change every second: restarts, usage, and in the variant `scale` new ones appear. */
function startChurn(options: FakeResourceOptions, fire: () => void): void {
  // Tests of other things have no use for a clock that never ends.
  if (typeof window === 'undefined') return;
  let turn = 0;
  setInterval(() => {
    turn++;
    const pods = options.objectsOf('pods');
    for (let step = 0; step < 8; step++) {
      const at = (turn * 131 + step * 257) % pods.length;
      const pod = pods[at];
      if (pod === undefined) continue;
      const cpu = Math.max(5, Number(pod.values.cpu ?? 100) + ((turn * 37 + step * 11) % 60) - 30);
      const restarts = Number(pod.values.restarts ?? 0) + (step === 0 ? 1 : 0);
      pods[at] = { ...pod, values: { ...pod.values, cpu, restarts } };
    }
    if (options.variant === 'scale' && turn % 3 === 0) {
      const like = pods[turn % pods.length];
      if (like !== undefined) {
        const name = `aa-new-${turn}-${like.name}`.slice(0, 60);
        const uid = `new-${turn}`;
        const values = { ...like.values, name, created: Date.now() };
        pods.unshift({ ...like, name, uid, key: `${like.cluster}/${uid}`, values });
      }
    }
    fire();
  }, 1000);
}

function count(rows: readonly FakeObject[]): Record<Tone, number> {
  const counts = { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 };
  for (const row of rows) counts[row.tone]++;
  return counts;
}

/** A small part of the query language: words, `field:value`, `field=value`, `is:`, `ns:`, comparisons, `!`. */
function matches(row: FakeObject, word: string): boolean {
  if (word.startsWith('!')) return !matches(row, word.slice(1));
  const match = /^([\w./-]+)(>|<|:|=)(.*)$/u.exec(word);
  if (match === null) return `${row.name} ${row.namespace} ${row.status}`.toLowerCase().includes(word.toLowerCase());
  const [, field = '', operator, raw = ''] = match;
  const value = raw.replaceAll('"', '').toLowerCase();
  if (field === 'is') return value.split(',').includes(row.tone);
  const id = field === 'ns' ? 'namespace' : field;
  const cell = id === 'cluster' ? row.cluster : row.values[id];
  if (cell === undefined)
    return String(row.values.labels ?? '')
      .split('\n')
      .includes(`${field}=${value}`);
  if (operator === '>') return Number(cell) > Number(value);
  if (operator === '<') return Number(cell) < Number(value);
  const text = String(cell ?? '').toLowerCase();
  return operator === '=' ? text === value : text.includes(value);
}

function scopesOf(input: Parsed, rows: readonly FakeObject[], clusters: readonly Cluster[]): ScopeState[] {
  const state = stateOf[input.kind];
  const open = clusters.filter(
    (cluster) =>
      ['live', 'stale', 'unreachable'].includes(cluster.state) && (input.clusters?.includes(cluster.key) ?? true),
  );
  return open.map((cluster): ScopeState => {
    const scope = {
      cluster: cluster.key,
      since: cluster.since,
      rows: rows.filter((row) => row.cluster === cluster.key).length,
    };
    switch (state) {
      case 'forbidden':
        return {
          ...scope,
          state,
          reason: `${input.kind} is forbidden: User "ana" cannot list resource "${input.kind}" in API group "" at the cluster scope`,
        };
      case 'absent':
        return { ...scope, state, reason: 'the server could not find the requested resource' };
      case 'listing':
        return { ...scope, state };
      case 'unreachable':
        return {
          ...scope,
          state,
          reason: 'dial tcp 10.20.0.4:6443: connect: connection refused',
          hint: 'Is the VPN connected?',
        };
      default:
        return {
          ...scope,
          state: cluster.state as 'live' | 'stale' | 'unreachable',
          ...(cluster.reason !== undefined && { reason: cluster.reason }),
          ...(cluster.namespaces !== null && { namespaces: cluster.namespaces }),
        };
    }
  });
}

function answer(input: Parsed, all: readonly FakeObject[], clusters: readonly Cluster[]) {
  const available = columnsOf(input.kind);
  const columns =
    input.columns === undefined
      ? available.filter((column) => column.priority === 0)
      : input.columns.flatMap((id) => available.find((column) => column.id === id) ?? []);
  const known = stateOf[input.kind] === undefined ? all : [];
  const inScope = known.filter(
    (row) =>
      (input.clusters === undefined || input.clusters.includes(row.cluster)) &&
      (input.namespaces === undefined || row.namespace === '' || input.namespaces.includes(row.namespace)),
  );
  const words = input.filter.match(/(?:[^\s"]|"[^"]*")+/gu) ?? [];
  const matched = inScope.filter((row) => words.every((word) => matches(row, word)));
  if (input.sort.length > 0) {
    matched.sort((a, b) => {
      for (const key of input.sort) {
        const [x, y] = [a.values[key.column] ?? '', b.values[key.column] ?? ''];
        if (x !== y) return (x < y ? -1 : 1) * (key.descending ? -1 : 1);
      }
      return 0;
    });
  }
  const by = input.group;
  const grouped =
    by === undefined
      ? undefined
      : groupBy(matched, (row) => String(by === 'cluster' ? row.cluster : (row.values[by] ?? '')));
  const unknown = words.find((word) => /^nonsense[:=<>]/u.test(word));
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
        groups: [...grouped]
          .map(([value, rows]) => ({ value, count: rows.length, tones: count(rows) }))
          .sort((a, b) => b.count - a.count),
      }),
      scopes: scopesOf(input, inScope, clusters),
      filterProblems:
        unknown === undefined
          ? []
          : [
              {
                message: 'Pods have no field "nonsense". Labels are compared with =, as in nonsense=value.',
                start: input.filter.indexOf(unknown),
                end: input.filter.indexOf(unknown) + 8,
              },
            ],
    },
    rows: matched.slice(input.offset, input.offset + input.limit).map(({ kind: _, status: __, values, ...row }) => ({
      ...row,
      cells: columns.map((column) => values[column.id] ?? null),
    })),
  };
}

function suggest(filter: string, cursor: number) {
  const start = filter.lastIndexOf(' ', cursor - 1) + 1;
  const word = filter.slice(start, cursor);
  const fields = [
    { text: 'status:', detail: 'The status column, or a health' },
    { text: 'is:', detail: 'Health: failed, warning, healthy …' },
    { text: 'ns:', detail: 'Namespace' },
    { text: 'cluster:', detail: 'Name of the cluster' },
    { text: 'restarts>', detail: 'Number' },
    { text: 'cpu>', detail: 'Millicores' },
    { text: 'age<', detail: 'Time since creation' },
    { text: 'node:', detail: 'Node' },
    { text: 'app=', detail: 'Label' },
  ];
  const statuses = ['Running', 'CrashLoopBackOff', 'ImagePullBackOff', 'Pending', 'Completed', 'Terminating'];
  const items = word.startsWith('status:') ? statuses.map((status) => ({ text: `status:${status}` })) : fields;
  return { start, end: cursor, items: items.filter((item) => item.text.toLowerCase().startsWith(word.toLowerCase())) };
}

function eventsOf(object: FakeObject, now: number): Event[] {
  const ref = { cluster: object.cluster, kind: object.kind, namespace: object.namespace, name: object.name };
  const event = (key: string, part: Omit<Event, 'key' | 'object' | 'source'>): Event => ({
    key,
    object: ref,
    source: 'kubelet',
    ...part,
  });
  const minute = 60_000;
  if (object.kind !== 'pods') return [];
  const start = [
    event('3', {
      type: 'Normal',
      reason: 'Started',
      message: 'Started container api',
      count: 1,
      first: now - 63 * minute,
      last: now - 63 * minute,
    }),
    event('4', {
      type: 'Normal',
      reason: 'Pulled',
      message: 'Container image "registry.example.org/shop/api:2.41.0" already present on machine',
      count: 1,
      first: now - 63 * minute,
      last: now - 63 * minute,
    }),
    {
      ...event('5', {
        type: 'Normal',
        reason: 'Scheduled',
        message: `Successfully assigned ${object.namespace}/${object.name} to ${object.values.node}`,
        count: 1,
        first: now - 64 * minute,
        last: now - 64 * minute,
      }),
      source: 'default-scheduler',
    },
  ];
  if (object.tone !== 'failed') return start;
  return [
    event('1', {
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container api in pod',
      count: 412,
      first: now - 61 * minute,
      last: now - 14_000,
    }),
    event('2', {
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: Get "http://10.4.71.9:8080/ready": dial tcp: connection refused',
      count: 38,
      first: now - 60 * minute,
      last: now - 4 * minute,
    }),
    ...start,
  ];
}

function relationsOf(object: FakeObject): Relation[] {
  const { cluster, namespace } = object;
  const row = (key: string, kind: string, name: string, part: Partial<Relation>): Relation => ({
    key,
    object: { cluster, kind, namespace: ['nodes'].includes(kind) ? '' : namespace, name },
    relation: 'uses',
    parent: 'self',
    tone: 'healthy',
    status: '',
    ...part,
  });
  const self = row('self', object.kind, object.name, {
    relation: 'self',
    parent: null,
    tone: object.tone,
    status: object.status,
  });
  if (object.kind !== 'pods') return [self];
  const app = object.name.split('-').slice(0, -2).join('-');
  return [
    row('deployment', 'deployments.apps', app, {
      relation: 'owner',
      parent: null,
      tone: 'warning',
      status: '3/4 ready',
    }),
    row('set', 'replicasets.apps', object.name.slice(0, -6), {
      relation: 'owner',
      parent: 'deployment',
      status: '4 pods',
    }),
    { ...self, parent: 'set' },
    row('node', 'nodes', String(object.values.node), { relation: 'runsOn', status: 'Ready' }),
    row('service', 'services', app, { relation: 'selectedBy', status: 'ClusterIP' }),
    row('config', 'configmaps', `${app}-config`, { relation: 'uses' }),
    row('secret', 'secrets', `${app}-credentials`, { relation: 'uses' }),
    row('claim', 'persistentvolumeclaims', `data-${app}`, { relation: 'uses', status: 'Bound' }),
    row('account', 'serviceaccounts', app, { relation: 'uses' }),
  ];
}

function versionsOf(object: FakeObject, now: number) {
  const minute = 60_000;
  const created = Number(object.values.created);
  return [
    {
      validFrom: now - 4 * minute,
      validTo: null,
      change: 'modified' as const,
      tone: object.tone,
      status: object.status,
      changed: [
        { column: 'status', before: 'Running', after: object.status },
        { column: 'ready', before: '2/2', after: String(object.values.ready) },
      ],
    },
    {
      validFrom: now - 9 * minute,
      validTo: now - 4 * minute,
      change: 'modified' as const,
      tone: 'healthy' as const,
      status: 'Running',
      changed: [{ column: 'restarts', before: '13', after: '14' }],
    },
    {
      validFrom: created,
      validTo: now - 9 * minute,
      change: 'added' as const,
      tone: 'progressing' as const,
      status: 'ContainerCreating',
      changed: [],
    },
  ];
}
