import { expect, test } from 'vitest';
import { meta } from '../../kube/columns/schema.ts';
import { clusterPlans } from './clusters.ts';
import { createLivedCluster } from './fleet.ts';
import { type PastRow, pastRows } from './pastRows.ts';

test('the past ends where the fleet begins: the same objects, and of pods that are gone those that failed', () => {
  const nowMs = Date.UTC(2026, 5, 15, 12);
  const plan = clusterPlans.find(({ name }) => name === 'edge-berlin') ?? expect.fail();
  const seed = 'acorn';
  const never = () => ({ dispose() {} });
  const standing = { now: () => nowMs, steady: () => nowMs, after: never, every: never };
  const simulator = createLivedCluster({ plan, clock: standing, seed, nowMs });
  simulator.cluster.timeline.playTo(nowMs);
  const objects = (type: string) =>
    [...simulator.cluster.store.objects(type)].map(({ metadata }) => metadata.uid).sort();

  const versions = new Map<string, PastRow[]>();
  for (const rows of pastRows({ nowMs, seed, clusters: ['edge-berlin'] })) {
    for (const row of rows) versions.set(row.uid, [...(versions.get(row.uid) ?? []), row]);
  }
  const all = [...versions.values()];
  const alive = (kind: string) =>
    all.filter((rows) => rows[0]?.kind === kind && rows.at(-1)?.change !== 'deleted').map((rows) => rows[0]?.uid);
  for (const kind of ['pods', 'nodes', 'deployments.apps', 'daemonsets.apps', 'jobs.batch']) {
    expect(alive(kind).sort()).toEqual(objects(kind));
  }
  for (const rows of all) {
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).sort((a, b) => a - b));
    expect(rows.slice(0, -1).map(({ change }) => change)).not.toContain('deleted');
    rows.slice(1).forEach((row, before) => {
      if (row.change === 'modified') expect(row.values).not.toEqual(rows[before]?.values);
    });
  }
  const gone = all.filter((rows) => rows[0]?.kind === 'pods' && rows.at(-1)?.change === 'deleted');
  const failed = 3;
  expect(gone.every((rows) => rows.some((row) => row.values[meta.tone] === failed))).toBe(true);
  simulator.dispose();
}, 120_000);
