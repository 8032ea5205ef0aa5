import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/core/kernel/clock.ts';
import type { RowObserver } from '../../src/core/kube/columns/observer.ts';
import { createHistory, historyMigrations, observeTables } from '../../src/core/observe/history/index.ts';
import { openStore } from '../../src/core/platform/store/index.ts';
import { clusterCount, podTable } from './recordedPods.ts';

/**
 * What the history's baseline costs the engine's thread after 20 clusters were listed: the recorder is told of every row
 * of a table and left to itself until all of them are on the disk. Prints CPU time of this thread and of the process.
 */
const pods = Number(process.argv[2] ?? 100_000);
const table = podTable(pods);
const folder = await mkdtemp(join(tmpdir(), 'kubesage-recording-'));
const fail = (message: string | null) => {
  if (message !== null) throw new Error(message);
};
const store = await openStore({
  path: join(folder, 'history.duckdb'),
  migrations: historyMigrations,
  clock: systemClock,
  onNotice: fail,
});
const history = createHistory({ store, clock: systemClock, onProblem: fail });
let observer: RowObserver | undefined;
const nothing = { dispose: () => undefined };
observeTables({
  tables: {
    observe(given: RowObserver) {
      observer = given;
      return nothing;
    },
  },
  watchers: { onMessage: () => nothing },
  fleet: { all: () => Array.from({ length: clusterCount }, (_, index) => ({ index, id: `production-${index}` })) },
  history,
} as unknown as Parameters<typeof observeTables>[0]);

(globalThis as { gc?: () => void }).gc?.();
const start = performance.now();
const before = { thread: process.threadCpuUsage(), all: process.cpuUsage() };
for (const row of table.rows()) observer?.added?.(table, row, 'list');
let recorded = 0;
while (recorded < pods) {
  await wait(200);
  recorded = (await history.status()).rows;
}
const thread = process.threadCpuUsage(before.thread);
const all = process.cpuUsage(before.all);
const report = {
  rows: recorded,
  seconds: (performance.now() - start) / 1_000,
  threadMicrosPerRow: (thread.user + thread.system) / pods,
  processMicrosPerRow: (all.user + all.system) / pods,
  rssBytes: process.memoryUsage().rss,
};
await store.run('CHECKPOINT');
process.stdout.write(JSON.stringify({ ...report, fileBytes: store.bytes() }));
history.dispose();
store.close();
await rm(folder, { recursive: true, force: true });
