import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { openStore, type Store } from '../../platform/store/index.ts';
import { createHistory } from './history.ts';
import { historyMigrations } from './tables.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'history.duckdb');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = new FakeClock(5_000_000);
function open(versions: number): Promise<Store> {
  const migrations = historyMigrations.slice(0, versions);
  const onNotice = (message: string) => expect.unreachable(message);
  return openStore({ path, migrations, clock, onNotice });
}

const uid = (n: number) => `0000000${n}-7f3a-4c1e-9b2d-0123456789ab`;
const insert = 'INSERT INTO object_versions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)';

it('what was recorded before versions had pages is still there, and goes on', async () => {
  const old = await open(2);
  const cells = (restarts: number, status: string) =>
    JSON.stringify({ name: 'web-0', namespace: 'shop', status, labels: 'app=web\ntier="x"', restarts });
  const pod = (at: number, change: number, status: string, print: number, json: string) =>
    old.run(insert, ['prod', 'pods', uid(1), 'shop', 'web-0', BigInt(at), change, 0, status, print, json]);
  await pod(1_000, 0, 'Pending', 11, cells(0, 'Pending'));
  await pod(2_000, 1, 'Running', 12, cells(1, 'Running'));
  await old.run(insert, [
    'prod',
    'nodes',
    uid(2),
    '',
    'n1',
    3_000n,
    0,
    0,
    'Ready',
    13,
    '{"name":"n1","status":"Ready"}',
  ]);
  await old.run(insert, ['prod', 'nodes', uid(2), '', 'n1', 4_000n, 2, 0, 'Ready', 0, '{}']);
  await old.run(insert, ['prod', 'widgets.example', 'no-uuid', '', 'w', 3_500n, 0, 5, '', 14, '{"name":"w"}']);
  // A row in the middle is gone, as after the oldest were forgotten.
  await old.run("DELETE FROM object_versions WHERE kind = 'nodes' AND change = 0");
  await old.run(
    "INSERT INTO events VALUES ('prod', 'e1', 'shop', 9, 'Warning', 'BackOff', 'Pod/web-0', 'u', 'm', 's', 2)",
  );
  old.close();

  const store = await open(historyMigrations.length);
  const problems: string[] = [];
  const onProblem = (problem: string | null) => void (problem !== null && problems.push(problem));
  const history = createHistory({ store, clock, onProblem });
  const web = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web-0', uid: uid(1) };
  const { versions } = await history.object(web, 10);
  expect(versions).toEqual([
    {
      validFrom: 2_000,
      validTo: null,
      change: 'modified',
      tone: 'healthy',
      status: 'Running',
      changed: [
        { column: 'restarts', before: '0', after: '1' },
        { column: 'status', before: 'Pending', after: 'Running' },
      ],
    },
    { validFrom: 1_000, validTo: 2_000, change: 'added', tone: 'healthy', status: 'Pending', changed: [] },
  ]);
  const { changes } = await history.changes({ from: 0, to: clock.now(), limit: 10 });
  expect(changes.map(({ at, object, change }) => [at, object.kind, object.name, change])).toEqual([
    [4_000, 'nodes', 'n1', 'deleted'],
    [3_500, 'widgets.example', 'w', 'added'],
    [2_000, 'pods', 'web-0', 'modified'],
    [1_000, 'pods', 'web-0', 'added'],
  ]);
  expect((await store.query('SELECT object, count FROM events'))[0]).toEqual({ object: 'Pod/web-0', count: 2 });

  // The list after the update does not have the pod any more: what was recorded before is what it is compared with.
  history.recorder.listed('prod', 'pods');
  await history.recorder.flush();
  expect((await history.object(web, 10)).versions.map(({ change }) => change)).toEqual([
    'deleted',
    'modified',
    'added',
  ]);
  expect((await history.status()).rows).toBe(5);
  expect(problems).toEqual([]);
  history.dispose();
  store.close();
});

it('takes in many old versions within the memory that the history has', async () => {
  const old = await open(2);
  await old.run(`
    INSERT INTO object_versions
    SELECT 'c' || (i % 20), 'pods', md5(i::VARCHAR)::UUID::VARCHAR, 'team-' || (i % 40), 'web-' || i, 1000 + i, 0, 0,
           'Running', i, '{"name":"web-' || i || '","labels":"' || repeat(md5(i::VARCHAR), 8) || '"}'
    FROM range(200000) rows(i)`);
  old.close();
  const store = await open(historyMigrations.length);
  const [row] = await store.query(
    `SELECT count(*)::INTEGER AS rows, count(DISTINCT page)::INTEGER AS pages, sum(fingerprint) AS prints FROM object_versions`,
  );
  expect(row).toEqual({ rows: 200_000, pages: 200_000, prints: (200_000 * 199_999) / 2 });
  expect(await store.query("SELECT name, namespace FROM object_versions WHERE name = 'web-123456'")).toEqual([
    { name: 'web-123456', namespace: 'team-16' },
  ]);
  store.close();
}, 60_000);
