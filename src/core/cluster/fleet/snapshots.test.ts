import { beforeEach, describe, expect, it } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import { type SampleRow, sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { meta, metaColumns } from '../../kube/columns/schema.ts';
import { describeSnapshot, encodeSnapshot } from '../../kube/columns/snapshot.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { contextNamed, kindOf, kinds, type Stage, setStage } from './fakes.ts';
import { neededSchema } from './kept.ts';

const kubeSystem = 'GET /api/v1/namespaces/kube-system';
const nodes: SampleRow[] = [
  { uid: sampleUid(1), version: '11', name: 'n-1', status: 'Ready', tone: 'healthy' },
  { uid: sampleUid(2), version: '12', name: 'n-2', status: 'NotReady', tone: 'failed' },
];
const pods: SampleRow[] = [
  { uid: sampleUid(3), version: '13', name: 'web-0', namespace: 'team', status: 'Running', tone: 'healthy' },
  { uid: sampleUid(4), version: '14', name: 'web-1', namespace: 'other', status: 'Running', tone: 'healthy' },
];

let stage: Stage;
const settle = () => stage.clock.advance(0);
const row = (key: string) => stage.fleet.rows().find((one) => one.key === key);
const scope = (kind: string, key = 'a') => stage.fleet.scopes(kind).find((one) => one.cluster === key);
const names = (kind: string) => {
  const table = stage.tables.get(kind);
  return table === undefined ? [] : [...table.rows()].map((at) => table.text(at, meta.name)).sort();
};

/** Cluster `a`, live with two nodes and two pods. */
async function live(): Promise<void> {
  stage.fleet.open(['a']);
  await settle();
  stage.list(0, 'namespaces', []);
  stage.list(0, 'nodes', nodes);
  stage.list(0, 'pods', pods);
  for (const kind of ['namespaces', 'nodes', 'pods']) stage.say(0, kind, 'live');
}

/** The process ends, in good order or not, and another one starts an hour later with other numbers for the clusters. */
async function nextProcess(how: { flush?: boolean; contexts?: string[]; program?: string } = {}): Promise<void> {
  const { flush = true, contexts = ['b', 'a'], program = '1' } = how;
  if (flush) await stage.fleet.flush();
  const { disk, clock } = stage;
  stage.fleet.dispose();
  await clock.advance(3_600_000);
  stage = await setStage(contexts, { disk, clock, program });
}

beforeEach(async () => {
  stage = await setStage();
});

describe('a start from the last known state', () => {
  it('shows at once what was known, as stale, and contacts nobody', async () => {
    await live();
    const asOf = stage.clock.now();
    await nextProcess();
    expect(row('a')).toMatchObject({
      state: 'idle',
      lastLive: asOf,
      version: 'v1.37.2',
      nodes: { total: 2, ready: 1 },
      pods: { healthy: 2 },
      tone: 'stopped',
      health: 'Not opened; as of 2026-01-01 00:00 UTC',
    });
    expect(row('b')).toMatchObject({ state: 'idle', lastLive: null, nodes: null, pods: null, health: 'Not opened' });
    expect(stage.fleet.all().map(({ id, open, known }) => [id, open, known])).toEqual([
      ['b', false, false],
      ['a', false, true],
    ]);
    expect(stage.fleet.byId('a')?.kinds.map((kind) => kind.id)).toEqual(kinds.map((kind) => kind.id));
    expect(stage.fleet.scopes('pods')).toEqual([
      {
        cluster: 'a',
        state: 'stale',
        since: asOf,
        rows: 2,
        reason: 'Not contacted since 2026-01-01 00:00 UTC',
        hint: 'Open the cluster to have it live.',
      },
    ]);
    // A complete list that was empty is known too; a kind that nobody looked at is not.
    expect(scope('namespaces')).toMatchObject({ state: 'stale', rows: 0 });
    expect(scope('secrets')).toMatchObject({ state: 'unreachable', reason: expect.stringContaining('not read') });
    expect(scope('widgets.example.com')).toMatchObject({ state: 'absent' });
    expect([stage.asked, stage.logins, stage.watchers.log, [...stage.notices]]).toEqual([[], [], [], []]);
  });

  it('goes on from the kept versions, and is stale until each watch has caught up', async () => {
    await live();
    const asOf = stage.clock.now();
    await nextProcess();
    stage.fleet.open(['a']);
    expect(scope('pods')).toMatchObject({ state: 'stale', since: asOf, rows: 2, reason: 'Connecting' });
    await settle();
    expect(stage.watchers.watching.get('1 nodes')?.resume).toEqual({ '': '2' });
    expect(stage.watchers.watching.get('1 pods')?.resume).toEqual({ '': '3' });
    expect(scope('pods')).toMatchObject({ state: 'stale', since: asOf, reason: 'Reading what happened since' });
    for (const kind of ['namespaces', 'nodes']) stage.say(1, kind, 'live');
    expect([row('a')?.state, scope('nodes')?.state, scope('pods')?.state]).toEqual(['connecting', 'live', 'stale']);
    stage.say(1, 'pods', 'live');
    expect([row('a')?.state, scope('pods')?.state]).toEqual(['live', 'live']);
    expect(names('pods')).toEqual(['web-0', 'web-1']);
  });

  it('says the age of the rows when the cluster can’t be reached', async () => {
    await live();
    const asOf = stage.clock.now();
    await nextProcess();
    stage.answers.set('GET /version', () => {
      throw new KubeSageError('unreachable', 'Connection refused', { hint: 'Is it running?' });
    });
    stage.fleet.open(['a']);
    await settle();
    expect(row('a')).toMatchObject({
      state: 'stale',
      reason: 'Connection refused',
      lastLive: asOf,
      pods: { healthy: 2 },
    });
    expect(scope('pods')).toMatchObject({ state: 'stale', since: asOf, reason: 'Connection refused' });
  });

  it('F23: drops everything of a cluster that was built anew, before anything is watched', async () => {
    await live();
    await nextProcess();
    stage.answers.set(kubeSystem, () => ({ metadata: { uid: 'uid-2' } }));
    const told: string[] = [];
    stage.tables.observe({ deleted: (table, at, cause) => told.push(`${table.text(at, meta.name)} ${cause}`) });
    stage.fleet.open(['a']);
    await settle();
    // They are gone for good: the history must not take them for merely forgotten.
    expect(told.sort()).toEqual(['n-1 list', 'n-2 list', 'web-0 list', 'web-1 list']);
    expect([names('nodes'), names('pods')]).toEqual([[], []]);
    expect(stage.watchers.watching.get('1 pods')?.resume).toBeUndefined();
    expect(scope('pods')).toMatchObject({ state: 'listing', rows: 0 });
    expect([...stage.notices.values()].map((notice) => notice.message)).toEqual([
      'a is another cluster than before: what was known of the old one was dropped',
    ]);
    expect([...stage.disk.files]).toEqual([]);
    stage.list(1, 'pods', [{ uid: sampleUid(9), version: '2', name: 'new', namespace: 'team' }]);
    expect(names('pods')).toEqual(['new']);
  });

  it('F23: drops rows that were written with another schema, tells it, and lists the kind anew', async () => {
    await live();
    await stage.fleet.flush();
    const [[name, file] = ['', new Uint8Array()]] = stage.disk.files;
    const known = describeSnapshot(file);
    if ('problem' in known) expect.fail(known.problem);
    // The same cluster, by a version whose pods had their columns in another order.
    const { schema } = kindOf('pods');
    const [first, second, third, ...rest] = schema.columns.slice(metaColumns.length);
    const moved = [third, second, first, ...rest].filter((column) => column !== undefined);
    const other = { ...schema, columns: [...metaColumns, ...moved] };
    const tables = createTables();
    tables.table(other, 0);
    tables.apply({ type: 'rows', batch: sampleBatches(other)(0, pods), scope: '' });
    tables.get('pods')?.progress(0, '', '99');
    const { writtenAt, about, clusters } = known;
    const id = clusters[0]?.id ?? '';
    const parts = encodeSnapshot(tables, {
      writtenAt,
      about,
      clusters: [{ index: 0, id, uid: clusters[0]?.uid ?? '' }],
    });
    stage.disk.files.set(name, new Uint8Array(Buffer.concat(parts)));
    await nextProcess({ flush: false });
    expect(names('pods')).toEqual([]);
    expect([...stage.notices.values()].map((notice) => notice.message)).toEqual([
      "A part of what was known of a can't be used. pods: The columns of this kind have changed since",
    ]);
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('1 pods')?.resume).toBeUndefined();
    stage.list(1, 'pods', pods.slice(0, 1));
    expect(names('pods')).toEqual(['web-0']);
  });

  it('lists anew, over the old rows, when it can’t be known whether it is the same cluster', async () => {
    stage.answers.delete(kubeSystem);
    await live();
    await nextProcess();
    stage.answers.delete(kubeSystem);
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('1 pods')?.resume).toBeUndefined();
    expect(names('pods')).toEqual(['web-0', 'web-1']);
    stage.say(1, 'pods', 'listing');
    expect(scope('pods')).toMatchObject({ state: 'stale', reason: 'Reading what happened since' });
  });

  it('shows rows that another version of the program computed, and has them written again', async () => {
    await live();
    await nextProcess({ program: '2' });
    expect(names('pods')).toEqual(['web-0', 'web-1']);
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('1 pods')?.resume).toBeUndefined();
    // The same versions, and yet other cells.
    stage.list(1, 'pods', [{ ...pods[0], status: 'Computed anew' } as SampleRow]);
    const table = stage.tables.get('pods');
    expect([...(table?.rows(1) ?? [])].map((at) => [table?.text(at, 0), table?.text(at, meta.status)])).toEqual([
      ['web-0', 'Computed anew'],
    ]);
  });

  it.each([
    ['resumes a custom kind', [], { '': '78' }],
    ['does not resume a custom kind whose columns have changed', ['color'], undefined],
  ] as const)('%s', async (_, added, resume) => {
    const column = { id: 'size', title: 'Size', type: 'number', priority: 0 } as const;
    const schema = { ...kindOf('secrets').schema, id: 'widgets.example.com', columns: [...metaColumns, column] };
    const widgets = kindOf('secrets', { id: schema.id, custom: true, schema });
    await live();
    stage.fleet.demand(schema.id);
    stage.discovery.get('a')?.onKinds([...kinds, widgets]);
    stage.watchers.tell({ type: 'listed', cluster: 0, kind: schema.id, scope: '', resourceVersion: '78' });
    await nextProcess();
    const columns = [...schema.columns, ...added.map((id) => ({ ...column, id }))];
    const wanted = stage.fleet.demand(schema.id);
    stage.fleet.open(['a']);
    await settle();
    stage.discovery.get('a')?.onKinds([...kinds, { ...widgets, schema: { ...schema, columns } }]);
    expect(stage.watchers.watching.get(`1 ${schema.id}`)?.resume).toEqual(resume);
    expect(stage.watchers.watching.get('1 pods')?.resume).toEqual({ '': '3' });
    wanted.dispose();
  });

  it('takes rows with columns of the user’s own behind the kind’s, and refuses other ones of the kind', async () => {
    await live();
    const { schema } = kindOf('pods');
    const own = { id: 'annotation:team', title: 'Team', type: 'text', priority: 0 } as const;
    stage.tables.table({ ...schema, columns: [...schema.columns, own] }, 0);
    await nextProcess();
    expect(names('pods')).toEqual(['web-0', 'web-1']);
    expect([...stage.notices]).toEqual([]);
    const table = stage.tables.table(schema, 7);
    expect(table.column(own.id)).toBe(schema.columns.length);
    // Columns in another place, of another type or version are not the kind's own.
    const [first, second, ...rest] = schema.columns;
    const moved = { ...schema, columns: [second, first, ...rest].filter((column) => column !== undefined) };
    expect(neededSchema(kindOf('pods'), moved)).toEqual(schema);
    expect(neededSchema(kindOf('pods'), { ...schema, version: 'v0' })).toEqual(schema);
    expect(neededSchema(kindOf('pods', { custom: true }), moved)).toBeUndefined();
  });

  it('keeps the rows of the namespaces that lists were limited to since, and no others', async () => {
    await live();
    await nextProcess();
    await stage.fleet.update('a', { namespaces: ['team'] });
    stage.fleet.open(['a']);
    await settle();
    expect(names('pods')).toEqual(['web-0']);
    expect(stage.watchers.watching.get('1 pods')).toMatchObject({ namespaces: ['team'], resume: undefined });
    expect(names('nodes')).toEqual(['n-1', 'n-2']);
  });

  it.each([
    ['resumes', { metadata: { uid: 'uid-1' } }, { team: '9' }],
    ['lists anew, over the old rows,', undefined, undefined],
  ] as const)('F9: %s what a user sees who may list one namespace', async (_, identity, resume) => {
    const rights = () => {
      if (identity === undefined) stage.answers.delete(kubeSystem);
      stage.answers.set('GET /api/v1/namespaces', () => ({ items: [{ metadata: { name: 'team' } }] }));
      stage.answers.set('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ({ body }) => ({
        status: { allowed: JSON.parse(String(body)).spec.resourceAttributes.namespace === 'team' },
      }));
    };
    const open = async (index: number) => {
      rights();
      stage.fleet.open(['a']);
      await settle();
      for (const kind of ['namespaces', 'nodes', 'pods']) stage.say(index, kind, 'forbidden');
      await settle();
    };
    await open(0);
    stage.list(0, 'pods', pods.slice(0, 1));
    // Lists of one namespace have versions of their own.
    stage.tables.get('pods')?.forgetVersions(0);
    const listed = { type: 'listed', cluster: 0, kind: 'pods', scope: 'team', resourceVersion: '9' } as const;
    stage.watchers.tell(listed);
    stage.say(0, 'pods', 'live', { scope: 'team' });
    await nextProcess();
    expect(scope('pods')).toMatchObject({ state: 'stale', rows: 1 });
    await open(1);
    expect(names('pods')).toEqual(['web-0']);
    expect(stage.watchers.watching.get('1 pods')).toMatchObject({ namespaces: ['team'], resume });
    expect(scope('pods')).toMatchObject({ state: 'stale', reason: 'Reading what happened since' });
    stage.say(1, 'pods', 'live', { scope: 'team' });
    expect(scope('pods')).toMatchObject({ state: 'live', namespaces: ['team'] });
  });
});

describe('files', () => {
  it('are written every half minute when something changed, and not otherwise', async () => {
    await live();
    await stage.clock.advance(29_000);
    expect(stage.disk.writes).toBe(0);
    await stage.clock.advance(1_000);
    expect(stage.disk.writes).toBe(1);
    await stage.clock.advance(120_000);
    expect(stage.disk.writes).toBe(1);
    // A newer version alone is worth a write only now and then.
    const progress = (resourceVersion: string) =>
      stage.watchers.tell({ type: 'progress', cluster: 0, kind: 'pods', scope: '', resourceVersion });
    progress('50');
    await stage.clock.advance(240_000);
    expect(stage.disk.writes).toBe(1);
    await stage.clock.advance(60_000);
    expect(stage.disk.writes).toBe(2);
    progress('51');
    await nextProcess();
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('1 pods')?.resume).toEqual({ '': '51' });
  });

  it('hold the last state that was written when the process was killed', async () => {
    await live();
    await stage.clock.advance(30_000);
    stage.list(0, 'pods', []);
    await nextProcess({ flush: false });
    expect(names('pods')).toEqual(['web-0', 'web-1']);
  });

  it('stay as they were when a write fails; the user is told, and it is tried again', async () => {
    await live();
    await stage.fleet.flush();
    const before = [...stage.disk.files.values()];
    stage.list(0, 'pods', []);
    stage.disk.failure = new KubeSageError('unavailable', 'No space is left', { hint: 'Make room.' });
    await stage.clock.advance(30_000);
    expect([...stage.disk.files.values()]).toEqual(before);
    expect([...stage.notices.values()]).toEqual([
      {
        message: "What is known of a can't be kept for the next start: No space is left",
        hint: 'It is tried again every half minute. Make room.',
      },
    ]);
    stage.disk.failure = undefined;
    await stage.clock.advance(30_000);
    expect([...stage.notices]).toEqual([]);
    await nextProcess({ flush: false });
    expect([names('pods'), names('nodes')]).toEqual([[], ['n-1', 'n-2']]);
  });

  it('that are damaged are set aside and told, and the others are used', async () => {
    await live();
    stage.fleet.open(['b']);
    await settle();
    stage.list(1, 'pods', [{ uid: sampleUid(7), version: '1', name: 'of-b', namespace: 'x' }]);
    await stage.fleet.flush();
    const [first] = stage.disk.files.keys();
    stage.disk.files.set(first ?? '', new Uint8Array(10));
    await nextProcess({ flush: false });
    expect(names('pods')).toEqual(['of-b']);
    expect(stage.disk.aside).toEqual([first]);
    expect([...stage.notices.values()]).toEqual([
      {
        message: "What was known of a cluster can't be used. The file is too short to be a snapshot",
        hint: `It is kept as ${first}.damaged. Open the cluster to have its state anew.`,
      },
    ]);
  });

  it('that are damaged in one part give the rest', async () => {
    await live();
    await stage.fleet.flush();
    const [file] = stage.disk.files.values();
    // The last part: pods.
    if (file !== undefined) file[file.length - 9] = (file[file.length - 9] as number) ^ 1;
    await nextProcess({ flush: false });
    expect(names('nodes')).toEqual(['n-1', 'n-2']);
    expect(names('pods')).toEqual([]);
    expect([...stage.notices.values()].map((notice) => notice.message)).toEqual([
      "A part of what was known of a can't be used. pods: The checksum is wrong: this part of the file is damaged",
    ]);
    stage.fleet.open(['a']);
    await settle();
    expect(stage.watchers.watching.get('1 pods')?.resume).toBeUndefined();
  });

  it('are not written of the demo fleet, and hold no credentials', async () => {
    await nextProcess({ contexts: [] });
    stage.contexts.push(contextNamed('demo', { demo: true }), contextNamed('a', { auth: { token: 'very-secret' } }));
    stage.contextsChanged();
    stage.fleet.open(['demo', 'a']);
    await settle();
    for (const index of [0, 1]) stage.list(index, 'pods', pods);
    await stage.fleet.flush();
    expect(stage.disk.files.size).toBe(1);
    const [file] = stage.disk.files.values();
    const text = Buffer.from(file ?? []).toString('latin1');
    expect(text).toContain('team');
    expect(text).not.toContain('very-secret');
  });
});

describe('clusters that are gone', () => {
  it('are browsable after they were closed, also at the next start', async () => {
    await live();
    stage.fleet.close(['a']);
    const closed = stage.clock.now();
    const known = { cluster: 'a', state: 'stale', since: closed, rows: 2 };
    expect(scope('pods')).toMatchObject({ ...known, reason: 'Closed: what is shown is what was known then' });
    expect(stage.fleet.byId('a')).toMatchObject({ open: false, known: true });
    await nextProcess();
    expect(scope('pods')).toMatchObject(known);
  });

  it('stay when their context leaves the kubeconfig, until the user closes them', async () => {
    await live();
    await nextProcess();
    const [, a] = stage.contexts.splice(0, 2);
    stage.contextsChanged();
    const gone = { state: 'stale', reason: 'Its context is no longer in /config', pods: { healthy: 2 } };
    expect(stage.fleet.rows()).toMatchObject([{ key: 'a', ...gone }]);
    expect(() => stage.fleet.open(['a'])).toThrow('a is no longer in /config');
    // It came back: it can be opened again.
    if (a !== undefined) stage.contexts.push(a);
    stage.contextsChanged();
    expect(row('a')).toMatchObject({ state: 'idle', pods: { healthy: 2 } });
    await nextProcess({ contexts: ['b'] });
    expect(row('a')).toMatchObject({ ...gone, server: 'https://a.example.com', source: '/config', user: 'a-user' });
    expect(scope('pods')).toMatchObject({ state: 'stale', rows: 2 });
    stage.fleet.close(['a']);
    expect(stage.fleet.rows().map((one) => one.key)).toEqual(['b']);
    await stage.fleet.flush();
    expect([...stage.disk.files]).toEqual([]);
    expect(stage.asked).toEqual([]);
  });
});
