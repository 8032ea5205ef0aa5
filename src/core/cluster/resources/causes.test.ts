import { expect, test } from 'vitest';
import { sampleUid } from '../../kube/columns/rowBatches.ts';
import { context, sampleFleet } from './sampleFleet.ts';

const pod = (at: number, name: string, owner: string, status = 'CrashLoopBackOff') => ({
  uid: sampleUid(100 + at),
  name,
  namespace: 'shop',
  owner,
  status,
  tone: 'failed' as const,
});

test('pods of one owner with one status are one cause, worst and largest first, in one cluster or in many', async () => {
  const { causes, apply, clock } = sampleFleet();
  const source = await causes({ limit: 3 }, context);
  expect(source.read()).toMatchObject({ head: { pods: 2, causes: 2 } });
  const created = clock.now() / 1000;
  apply(0, [
    { ...pod(1, 'mailer-8bkclbk8q-aaaaa', 'ReplicaSet/mailer-8bkclbk8q'), created: created - 60 },
    { ...pod(2, 'mailer-8bkclbk8q-bbbbb', 'ReplicaSet/mailer-8bkclbk8q'), created: created - 30, tone: 'warning' },
    pod(3, 'db-0', 'StatefulSet/db', 'Error'),
    { ...pod(4, 'slow', ''), tone: 'warning' },
    { ...pod(5, 'fine-1', 'ReplicaSet/fine-1'), tone: 'healthy' },
    { ...pod(6, 'mailer-8bkclbk8q-ccccc', 'ReplicaSet/mailer-8bkclbk8q'), namespace: 'bank' },
  ]);
  apply(1, [pod(7, 'mailer-7f9c5d6b4b-ddddd', 'ReplicaSet/mailer-7f9c5d6b4b')]);
  await clock.advance(1_100);
  const { head, rows } = source.read();
  expect(head).toEqual({ pods: 8, causes: 6 });
  expect(rows.map(({ name, namespace, clusters, count }) => [name, namespace, clusters, count])).toEqual([
    ['mailer', 'shop', ['dev', 'prod'], 3],
    ['db', 'shop', ['prod'], 1],
    ['mailer', 'bank', ['prod'], 1],
  ]);
  expect(rows[0]).toMatchObject({
    since: clock.now() - 1_100 - 30_000,
    status: 'CrashLoopBackOff',
    tone: 'failed',
    filter: 'name~^mailer- is:failed,warning',
  });
});

test('of some clusters only, and a pod that nothing owns by its own name', async () => {
  const { causes } = sampleFleet();
  const { head, rows } = (await causes({ clusters: ['dev'], limit: 12 }, context)).read();
  expect(head).toEqual({ pods: 1, causes: 1 });
  expect(rows).toMatchObject([{ name: 'web-canary', clusters: ['dev'], count: 1, filter: 'name=web-canary' }]);
});

test('it is told at most once a second, and ends with its list', async () => {
  const { causes, apply, clock, fleet } = sampleFleet();
  const source = await causes({ limit: 12 }, context);
  let told = 0;
  source.onChange(() => told++);
  source.read();
  for (let at = 0; at < 20; at++) {
    apply(0, [pod(200 + at, `job-${at}`, '')]);
    await clock.advance(50);
  }
  expect(told).toBeLessThanOrEqual(1);
  await clock.advance(1_000);
  expect(told).toBe(1);
  expect(source.read().head.pods).toBe(22);
  source.dispose();
  expect(fleet.wanted.size).toBe(0);
});
