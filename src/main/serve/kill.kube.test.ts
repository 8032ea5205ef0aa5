import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../core/cluster/fleet/contract.ts';
import type { ListHead, Row } from '../../core/cluster/resources/contract.ts';
import { systemClock } from '../../core/kernel/clock.ts';
import { describeSnapshot } from '../../core/kube/columns/snapshot.ts';
import { historyMigrations, readCells } from '../../core/observe/history/index.ts';
import { openStore } from '../../core/platform/store/index.ts';
import { bundleServe } from './testing/bundle.ts';
import { Churn, changeIn } from './testing/churn.ts';
import { type Served, startServed } from './testing/served.ts';

/** `kubesage serve` on a real cluster that changes all the time, killed again and again. */
const tool = process.env.KUBESAGE_KUBE;
if (tool === undefined) {
  process.stderr.write('Skipped: the killed engine. KUBESAGE_KUBE does not name the tool for test clusters\n');
}
const name = `kill-${process.pid}`;
const podCount = 300;

/** How a process ends; when exactly is random. */
type End = 'kill' | 'kill while it ends' | 'kill while it starts';
const ends: readonly End[] = [
  'kill',
  'kill while it ends',
  'kill while it starts',
  'kill',
  'kill while it ends',
  'kill',
];

describe.skipIf(tool === undefined)('with a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubesage-kill-'));
  const data = join(folder, 'data');
  let kubeconfig = '';
  let kubectl = '';
  let program = '';
  let churn: Churn;
  let served: Served | undefined;

  const run = (...args: string[]) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const start = (onSpawn?: Parameters<typeof startServed>[3]) =>
    startServed(
      program,
      ['--data', data],
      { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig, KUBERC: 'off' },
      onSpawn,
    );
  const list = (from: Served) =>
    from.get<{ head: ListHead; rows: Row[] }>('resources/list', {
      kind: 'pods',
      namespaces: 'default',
      columns: 'labels',
      limit: '1000',
    });
  const changesIn = (rows: readonly Row[]) => rows.map((row) => [row.name, changeIn(row.cells[0])] as const);
  const fresh = () =>
    (
      JSON.parse(run('get', 'pods', '-n', 'default', '-o', 'json')) as {
        items: { metadata: { name: string; uid: string; labels?: Record<string, string> } }[];
      }
    ).items
      .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${Number(metadata.labels?.change ?? 0)}`)
      .sort();
  const shown = async (from: Served) =>
    (await list(from)).rows.map((row) => `${row.name} ${row.uid} ${changeIn(row.cells[0])}`).sort();

  beforeAll(async () => {
    if (tool === undefined) return;
    const last = (text: string) => text.trim().split('\n').at(-1) ?? '';
    kubectl = join(last(execFileSync(tool, ['assets'], { encoding: 'utf8' })), 'kubectl');
    kubeconfig = last(execFileSync(tool, ['up', name, '--nodes', '20'], { encoding: 'utf8' }));
    run('create', 'deployment', 'web', '--image=web', `--replicas=${podCount}`);
    program = await bundleServe(join(folder, 'program'));
    run('wait', '--for=condition=Available', 'deployment/web', '--timeout=150s');
    const pods = run('get', 'pods', '-n', 'default', '-o', 'name').trim().split('\n');
    churn = new Churn(
      kubeconfig,
      pods.map((pod) => pod.replace('pod/', '')),
    );
  }, 300_000);

  afterAll(async () => {
    churn?.dispose();
    await served?.end('SIGKILL');
    if (tool !== undefined && kubeconfig !== '') execFileSync(tool, ['down', name]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** What is on the disk now, read from a copy as a program would that starts on it: by pod, every change recorded. */
  async function onDisk(): Promise<Map<string, Set<number>>> {
    const copy = mkdtempSync(join(folder, 'copy-'));
    for (const file of ['history.duckdb', 'history.duckdb.wal']) {
      if (existsSync(join(data, file))) cpSync(join(data, file), join(copy, file));
    }
    const notices: string[] = [];
    const store = await openStore({
      path: join(copy, 'history.duckdb'),
      migrations: historyMigrations,
      clock: systemClock,
      onNotice: (message) => notices.push(message),
    });
    const rows = await store.query(
      `SELECT name, namespace, status, page, position FROM object_versions WHERE kind = 'pods'`,
    );
    const cells = await readCells(store, rows);
    store.close();
    rmSync(copy, { recursive: true });
    expect(notices).toEqual([]);
    const changes = new Map<string, Set<number>>();
    for (const { name, labels } of cells) {
      const seen = changes.get(String(name)) ?? new Set();
      seen.add(changeIn(labels === undefined ? undefined : String(labels)));
      changes.set(String(name), seen);
    }
    return changes;
  }

  test('F19 an engine killed at any moment loses at most the last second, starts at once and shows what is there', {
    timeout: 240_000,
  }, async () => {
    /** Milliseconds before the end of the oldest change that a reader had seen and that was not recorded. */
    let worstLossMs = 0;
    let worstStartMs = 0;
    for (const end of ends) {
      served = await start();
      worstStartMs = Math.max(worstStartMs, served.cpuMs);
      // The last known state is there before anything is asked, but for the first run, and nothing was set aside.
      const [cluster] = (await served.get<{ rows: Cluster[] }>('fleet/clusters', {})).rows;
      const notices = await served.get<{ rows: { message: string }[] }>('system/notices', {});
      expect(notices.rows).toEqual([]);
      await served.post('fleet/open', { clusters: [cluster?.key] });
      await converged(served);

      churn.start();
      /** When a reader of the table saw each change first. */
      const seen = new Map<string, number>();
      /** What the history has told: it is on the disk. */
      let told: (readonly [string, number])[] = [];
      const watched = served;
      const reading = (async () => {
        for (let round = 0; ; round++) {
          const { rows } = await list(watched);
          const now = performance.now();
          for (const [pod, change] of changesIn(rows)) {
            if (change > 0 && !seen.has(`${pod} ${change}`)) seen.set(`${pod} ${change}`, now);
          }
          if (round % 10 === 9) {
            await watched.get('history/changes', { from: '0', to: String(Date.now()), limit: '1' });
            told = changesIn(rows).filter(([, change]) => change > 0);
          }
          await pause(25);
        }
      })().catch(() => undefined);
      await pause(1_500 + Math.random() * 2_000);
      if (end === 'kill while it ends') {
        served.process.kill('SIGTERM');
        await pause(Math.random() * 150);
      }
      const killed = performance.now();
      await served.end('SIGKILL');
      await reading;
      await churn.stop();

      const disk = await onDisk();
      for (const [pod, change] of told) expect([...(disk.get(pod) ?? [])]).toContain(change);
      const lost = [...seen].filter(([key]) => {
        const [pod = '', change] = key.split(' ');
        return disk.get(pod)?.has(Number(change)) !== true;
      });
      for (const [, at] of lost) worstLossMs = Math.max(worstLossMs, killed - at);
      snapshotsAreWhole();
      if (end === 'kill while it starts') {
        const starting = start((child) => setTimeout(() => child.kill('SIGKILL'), Math.random() * 600));
        await starting.then(
          (early) => early.end('SIGKILL'),
          () => undefined,
        );
        await onDisk();
      }
    }
    served = await start();
    worstStartMs = Math.max(worstStartMs, served.cpuMs);
    const [cluster] = (await served.get<{ rows: Cluster[] }>('fleet/clusters', {})).rows;
    await served.post('fleet/open', { clusters: [cluster?.key] });
    await converged(served);
    // All that is there now is recorded, although many changes came while nobody looked.
    await served.get('history/changes', { from: '0', to: String(Date.now()), limit: '1' });
    await served.end('SIGTERM');
    const disk = await onDisk();
    for (const [pod, change] of churn.acknowledged) expect([...(disk.get(pod) ?? [])]).toContain(change);
    process.stderr.write(
      `killed ${ends.length} times: lost at most ${Math.round(worstLossMs)} ms, ready after ${worstStartMs} ms of processor\n`,
    );
    expect(worstLossMs).toBeLessThanOrEqual(1_000);
    expect(worstStartMs).toBeLessThanOrEqual(2_000);
  });

  /** Until the table equals a fresh list and says that it is live. Nothing changes meanwhile. */
  async function converged(from: Served): Promise<void> {
    const expected = fresh();
    expect(expected).toHaveLength(podCount);
    for (let tries = 0; ; tries++) {
      const { head } = await list(from);
      const rows = await shown(from);
      if (head.scopes[0]?.state === 'live' && JSON.stringify(rows) === JSON.stringify(expected)) return;
      if (tries === 600) {
        expect(rows).toEqual(expected);
        throw new Error(`It never was live: ${JSON.stringify(head.scopes)}`);
      }
      await pause(50);
    }
  }

  function snapshotsAreWhole(): void {
    const snapshots = join(data, 'snapshots');
    const names = existsSync(snapshots) ? readdirSync(snapshots).filter((file) => file.endsWith('.snapshot')) : [];
    for (const file of names)
      expect(describeSnapshot(readFileSync(join(snapshots, file)))).not.toHaveProperty('problem');
  }
});
