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
    { name: 'mailer', count: 2, since: 7, filter: 'owner="ReplicaSet/mailer-8bkclbk8q" is:failed,warning' },
    { name: 'db', count: 1, since: 3, filter: 'owner="StatefulSet/db" is:failed,warning' },
    { name: 'lone', count: 1, since: 9, filter: 'name="lone"' },
  ]);
});

it('the same name elsewhere is another cause', () => {
  const one = pod('db-0', { owner: 'StatefulSet/db' });
  const rows = [one, { ...one, cluster: 'c2', key: 'c2/db-0' }, { ...one, namespace: 'bank', key: 'c1/b' }];
  expect(groupFailures(rows, columns)).toHaveLength(3);
});
