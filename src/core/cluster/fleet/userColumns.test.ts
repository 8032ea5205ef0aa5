import { expect, test } from 'vitest';
import { Emitter } from '../../kernel/emitter.ts';
import { sampleBatches } from '../../kube/columns/rowBatches.ts';
import type { Preferences } from '../../platform/settings/contract.ts';
import { Preferences as PreferencesSchema } from '../../platform/settings/contract.ts';
import { setStage } from './fakes.ts';
import { createUserColumns } from './userColumns.ts';

type Columns = NonNullable<Preferences['kinds'][string]['userColumns']>;

function settings(kinds: Record<string, Columns>) {
  const changed = new Emitter<Preferences>();
  const of = (columns: Record<string, Columns>) =>
    PreferencesSchema.parse({
      kinds: Object.fromEntries(Object.entries(columns).map(([kind, userColumns]) => [kind, { userColumns }])),
    });
  const own = {
    preferences: of(kinds),
    onChange: changed.event,
    set(columns: Record<string, Columns>) {
      own.preferences = of(columns);
      changed.fire(own.preferences);
    },
  };
  return own;
}

const team = { title: 'Team', from: 'annotation', path: 'team' } as const;
const image = { title: 'Image', from: 'jsonPath', path: '.spec.containers[*].image' } as const;

test('labels and paths that mean nothing are not asked for; a kind is told when its columns change', () => {
  const preferences = settings({
    pods: [team, { title: 'App', from: 'label', path: 'app' }, { title: 'X', from: 'jsonPath', path: '.a[' }],
    nodes: [{ title: 'Zone', from: 'label', path: 'zone' }],
  });
  const columns = createUserColumns(preferences);
  expect([columns.of('pods'), columns.of('nodes'), columns.of('secrets')]).toEqual([[team], [], []]);
  const told: string[] = [];
  columns.onChange((kind) => told.push(kind));
  preferences.set({ pods: [team], nodes: [image] });
  expect(told).toEqual(['nodes']);
  preferences.set({ nodes: [image] });
  expect(told).toEqual(['nodes', 'pods']);
  columns.dispose();
});

test('a watch reads the columns of the user, and begins anew once when they change', async () => {
  const preferences = settings({ pods: [team] });
  const stage = await setStage(['a'], { userColumns: createUserColumns(preferences) });
  stage.fleet.open(['a']);
  await stage.clock.advance(0);
  const columns = () => stage.watchers.watching.get('0 pods')?.schema.columns.map(({ id }) => id) ?? [];
  expect(columns().at(-1)).toBe('annotation:team');
  const row = { uid: '00000000-0000-4000-8000-000000000001', version: '1', name: 'web', namespace: 'shop' };
  const schema = stage.watchers.watching.get('0 pods')?.schema ?? expect.fail();
  stage.watchers.tell({ type: 'rows', batch: sampleBatches(schema)(0, [row]), scope: '' });
  stage.watchers.tell({ type: 'listed', cluster: 0, kind: 'pods', scope: '', resourceVersion: '1' });
  expect(stage.tables.get('pods')?.countOf(0)).toBe(1);

  stage.watchers.log.length = 0;
  preferences.set({ pods: [team, image] });
  expect(stage.watchers.log).toEqual(['unwatch 0 pods', 'watch 0 pods all p1']);
  expect(columns().slice(-2)).toEqual(['annotation:team', 'jsonPath:.spec.containers[*].image']);
  // Rows without the new cell would stay as they are, since their versions are known: they go first.
  expect(stage.tables.get('pods')?.countOf(0)).toBe(0);
  expect(stage.watchers.watching.get('0 pods')?.resume).toBeUndefined();
  stage.watchers.log.length = 0;
  preferences.set({ pods: [team, image], nodes: [] });
  expect(stage.watchers.log).toEqual([]);
  stage.fleet.dispose();
});
