import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { CallContext } from '../../kernel/contract.ts';
import {
  AddedSources,
  createKubeconfig,
  createPassphrase,
  createProtection,
  createSourceStore,
} from '../../kube/kubeconfig/index.ts';
import { createDocuments, createMemoryFolder } from '../../platform/settings/index.ts';
import { createFleetApi } from './api.ts';
import { Cluster, fleet as contract } from './contract.ts';
import { setStage } from './fakes.ts';

const context: CallContext = { principal: { id: 'local', name: 'me' }, signal: new AbortController().signal };
const config = JSON.stringify({
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'http://10.0.0.1' } }],
  contexts: [
    { name: 'mine', context: { cluster: 'c' } },
    { name: 'broken', context: { cluster: 'x' } },
  ],
});

it('serves what its contract promises, from files to rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubesage-'));
  const data = createMemoryFolder();
  const clock = new FakeClock();
  const documents = createDocuments({ folder: data, clock });
  const store = createSourceStore(await documents.open('sources', AddedSources), data);
  const protection = createProtection(undefined, await createPassphrase(data, 16), store);
  const kubeconfig = await createKubeconfig({ env: {}, homeFolder: folder, clock, store, secretBox: protection.box });
  const stage = await setStage(['a', 'b', 'c']);
  const api = createFleetApi(stage.fleet, kubeconfig, protection);
  await writeFile(join(folder, 'one'), config);

  const added = await api.addSource({ path: join(folder, 'one') }, context);
  expect(contract.addSource.result.parse(added).contexts).toHaveLength(2);
  const pasted = await api.addSource({ text: config, name: 'mail' }, context);
  const { sources } = contract.sources.result.parse(await api.sources({}, context));
  expect(sources.map((source) => [source.kind, source.contexts])).toEqual([
    ['default', 0],
    ['file', 2],
    ['pasted', 2],
  ]);
  await api.protect({ passphrase: 'correct horse' }, context);
  expect(contract.protection.result.parse(await api.protection({}, context))).toEqual({
    by: 'passphrase',
    locked: false,
  });
  await api.unprotect({ discard: false }, context);
  await api.removeSource({ id: pasted.id }, context);

  const live = await api.clusters({}, context);
  let fired = 0;
  live.onChange(() => fired++);
  const before = live.read();
  await api.update({ cluster: 'a', group: 'EU', alias: 'First' }, context);
  await api.update({ cluster: 'b', group: 'EU' }, context);
  await stage.clock.advance(1_000);
  const after = live.read();
  expect([fired, after.rev > before.rev, after.head.groups]).toEqual([1, true, ['EU']]);
  expect(contract.clusters.head.parse(after.head)).toEqual(after.head);
  for (const row of after.rows) expect(Cluster.parse(row)).toEqual(row);
  expect(after.rows[2]).toBe(before.rows[2]);

  live.dispose();
  stage.fleet.dispose();
  kubeconfig.dispose();
  await rm(folder, { recursive: true });
});

const kinds = ['namespaces', 'nodes', 'pods'] as const;
const states = ['listing', 'live', 'stale', 'forbidden', 'absent'] as const;
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('open', 'close'), cluster: fc.nat(2) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('say' as const),
      cluster: fc.nat(2),
      kind: fc.constantFrom(...kinds),
      state: fc.constantFrom(...states),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.nat(120_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('vanish', 'return', 'fail', 'mend'), cluster: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('demand', 'release') }) },
);

it('whatever happens: contacts only what is open, says only what the contract knows, and is live in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (script) => {
      const names = ['a', 'b', 'c'];
      const stage = await setStage(names);
      const all = [...stage.contexts];
      const held: { dispose(): void }[] = [];
      let failing = false;
      stage.answers.set('GET /version', () => {
        if (failing) throw new Error('broken');
        return { gitVersion: 'v1' };
      });
      const indexes = new Map<string, number>();
      for (const action of script) {
        const asked = stage.asked.length;
        const open = new Set(
          stage.fleet
            .all()
            .filter((one) => one.open)
            .map((one) => one.id),
        );
        if (action.type === 'open' && stage.fleet.byId(names[action.cluster] ?? '') !== undefined) {
          open.add(names[action.cluster] ?? '');
          stage.fleet.open([names[action.cluster] ?? '']);
        } else if (action.type === 'close' && stage.fleet.byId(names[action.cluster] ?? '') !== undefined) {
          stage.fleet.close([names[action.cluster] ?? '']);
        } else if (action.type === 'say') {
          const at = stage.fleet.byId(names[action.cluster] ?? '')?.index ?? -1;
          if (stage.watchers.watching.has(`${at} ${action.kind}`)) stage.say(at, action.kind, action.state);
        } else if (action.type === 'wait') await stage.clock.advance(action.ms);
        else if (action.type === 'vanish' || action.type === 'return') {
          const name = names[action.cluster];
          const others = stage.contexts.filter((one) => one.id !== name);
          const back = action.type === 'return' ? all.filter((one) => one.id === name) : [];
          stage.contexts.splice(0, stage.contexts.length, ...others, ...back);
          stage.contextsChanged();
        } else if (action.type === 'fail' || action.type === 'mend') failing = action.type === 'fail';
        else if (action.type === 'demand') held.push(stage.fleet.demand('secrets'));
        else held.pop()?.dispose();
        await stage.clock.advance(0);

        for (const line of stage.asked.slice(asked)) expect(open).toContain(line.split(' ')[0]);
        for (const row of stage.fleet.rows()) {
          expect(Cluster.parse(row)).toEqual(row);
          if (row.state !== 'idle' && row.state !== 'live' && row.state !== 'connecting')
            expect(row.reason).toBeTruthy();
          if (row.state !== 'live') expect(row.tone).not.toBe('healthy');
        }
        // A number belongs to one appearance of a cluster, and never to another cluster.
        for (const { id, index } of stage.fleet.all()) {
          for (const [other, known] of indexes) if (known === index) expect(other).toBe(id);
          indexes.set(id, index);
        }
      }

      failing = false;
      stage.contexts.splice(0, stage.contexts.length, ...all);
      stage.contextsChanged();
      stage.fleet.open(names);
      await stage.clock.advance(120_000);
      for (const { index } of stage.fleet.all()) for (const kind of kinds) stage.say(index, kind, 'live');
      expect(stage.fleet.rows().map((row) => row.state)).toEqual(['live', 'live', 'live']);
      stage.fleet.close(names);
      expect([stage.watchers.connected.size, stage.watchers.watching.size]).toEqual([0, 0]);
      stage.fleet.dispose();
    }),
    { numRuns: 60 },
  );
});
