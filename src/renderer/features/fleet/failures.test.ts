import { expect, it } from 'vitest';
import type { ColumnInfo, Row } from '../../../core/cluster/resources/contract.ts';
import { groupFailures } from './failures.ts';

const columns: ColumnInfo[] = ['status', 'owner', 'created'].map((id) => ({
  id,
  title: id,
  type: 'text',
  priority: 0,
}));

function pod(name: string, part: { status?: string; owner?: string; created?: number; tone?: Row['tone'] }): Row {
  return {
    key: `c1/${name}`,
    cluster: 'c1',
    namespace: 'shop',
    name,
    uid: name,
    tone: part.tone ?? 'failed',
    cells: [part.status ?? 'CrashLoopBackOff', part.owner ?? '', part.created ?? 0],
  };
}

it('pods of one owner with one status are one cause, worst and largest first', () => {
  const rows = [
    pod('lone', { tone: 'warning', status: 'NotReady', created: 9 }),
    pod('mailer-8bkclbk8q-aaaaa', { owner: 'ReplicaSet/mailer-8bkclbk8q', created: 5 }),
    pod('mailer-8bkclbk8q-bbbbb', { owner: 'ReplicaSet/mailer-8bkclbk8q', created: 7 }),
    pod('db-0', { owner: 'StatefulSet/db', status: 'Error', created: 3 }),
  ];
  expect(
    groupFailures(rows, columns).map(({ name, count, since, filter }) => ({ name, count, since, filter })),
  ).toEqual([
    { name: 'mailer', count: 2, since: 7, filter: 'name~^mailer- is:failed,warning' },
    { name: 'db', count: 1, since: 3, filter: 'name~^db- is:failed,warning' },
    { name: 'lone', count: 1, since: 9, filter: 'name=lone' },
  ]);
});

it('one thing that is broken in many clusters is one cause, in another namespace another one', () => {
  const one = pod('web-0', { owner: 'ReplicaSet/web-6d4b9f7c8d' });
  const elsewhere = { ...pod('web-1', { owner: 'ReplicaSet/web-7f9c5d6b4b' }), cluster: 'c2', key: 'c2/web-1' };
  const causes = groupFailures([one, elsewhere, { ...one, namespace: 'bank', key: 'c1/b' }], columns);
  expect(causes.map(({ namespace, clusters, count }) => [namespace, clusters, count])).toEqual([
    ['shop', ['c1', 'c2'], 2],
    ['bank', ['c1'], 1],
  ]);
});
