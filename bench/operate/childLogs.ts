import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { CaptureLimits } from '../../src/core/cluster/logs/capture/contract.ts';
import { LogQuery } from '../../src/core/cluster/logs/contract.ts';
import { Captures, captureMigrations } from '../../src/core/cluster/logs/index.ts';
import { LogTail } from '../../src/core/cluster/logs/logTail.ts';
import { discovered, FakeFleet } from '../../src/core/cluster/resources/fakeFleet.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { sampleBatches, samplePods, sampleUid } from '../../src/core/kube/columns/rowBatches.ts';
import { createTables } from '../../src/core/kube/columns/tables.ts';
import type { StreamRequest } from '../../src/core/kube/transport/index.ts';
import { openStore } from '../../src/core/platform/store/index.ts';

/**
 * Churn of logs in one process, as fast as it goes: a workload whose pods write their lines, end, are deleted and replaced,
 * while a tab follows it, another one does not read what it is sent, and a capture keeps its newest lines. Prints the
 * memory in use at each step, after a collection.
 */
const [hours = 3, linesAnHour = 1_800_000, linesOfAPod = 30_000, stepsAnHour = 6] = process.argv.slice(2).map(Number);
const MiB = 1024 * 1024;
const atOnce = 3;
const chunkLines = 500;

const schema = samplePods();
const tables = createTables();
tables.table(schema);
const make = sampleBatches(schema);
let sent = 0;
const encoder = new TextEncoder();

async function write(name: string, { onHead, onData, signal, path }: StreamRequest): Promise<void> {
  onHead?.({ status: 200, headers: {} } as never);
  // One that ended is read again to see that nothing came since.
  if (path.includes('sinceTime')) return;
  const begin = Date.now() - linesOfAPod;
  for (let line = 0; line < linesOfAPod; line += chunkLines) {
    let text = '';
    for (let at = line; at < line + chunkLines; at++) {
      text += `${new Date(begin + at).toISOString()} level=info msg="order placed" pod=${name} order=${at} path=/cart/checkout ms=${at % 997}\n`;
    }
    signal?.throwIfAborted();
    const bytes = encoder.encode(text);
    onData(bytes, 0, bytes.length);
    await wait(0);
  }
}

const ended = new Set<string>();
const fleet = Object.assign(new FakeFleet(), {
  stream: async (_cluster: string, request: StreamRequest) => {
    const [, pod = ''] = /pods\/([^/]+)\/log/.exec(request.path) ?? [];
    await write(pod, request);
    ended.add(pod);
  },
  upgrade: () => Promise.reject(new Error('Not here')),
});
fleet.setClusters([{ id: 'prod', index: 0, kinds: [discovered(schema, {})] }]);
fleet.setScope('pods', { cluster: 'prod', state: 'live' });

let number = 0;
function add(): { name: string; uid: string } {
  const name = `web-${++number}`;
  const uid = sampleUid(number);
  tables.apply({
    type: 'rows',
    scope: '',
    batch: make(0, [{ uid, name, namespace: 'shop', version: String(number), labels: { app: 'web' } }]),
  });
  fleet.objects.set(`/api/v1/namespaces/shop/pods/${name}`, {
    metadata: { uid },
    spec: { nodeName: 'n1', restartPolicy: 'Never', containers: [{ name: 'main' }] },
    status: {
      phase: 'Succeeded',
      containerStatuses: [{ name: 'main', containerID: 'x', state: { terminated: { exitCode: 0 } } }],
    },
  });
  return { name, uid };
}

const folder = await mkdtemp(join(tmpdir(), 'kubesage-log-churn-'));
const fail = (message: string | null) => {
  if (message !== null) throw new Error(message);
};
const captures = new Captures({
  fleet,
  tables,
  clock: systemClock,
  hasFile: false,
  onProblem: fail,
  openStore: () =>
    openStore({ path: join(folder, 'logs.duckdb'), migrations: captureMigrations, clock: systemClock, onNotice: fail }),
});
const query = LogQuery.parse({ labels: [{ cluster: 'prod', namespace: '', selector: 'app=web' }] });
const { objects, labels, types, maxSources } = query;
await captures.start({
  name: 'churn',
  query: { objects, labels, types, maxSources },
  limits: CaptureLimits.parse({ maxBytes: 64 * MiB }),
  past: true,
});
const read = new LogTail({ fleet, tables, clock: systemClock }, { ...query, follow: true });
/** Its lines are never taken: they are let go of, and counted. */
const unread = new LogTail({ fleet, tables, clock: systemClock }, { ...query, follow: true });
let missing = 0;
void (async () => {
  let next = 0;
  for await (const item of read.items) {
    if (item.type !== 'lines') continue;
    missing += item.first - next;
    next = item.first + item.lines.at.length;
    sent += item.lines.at.length;
  }
})();

const started = performance.now();
let pods = Array.from({ length: atOnce }, add);
for (let step = 0; step <= hours * stepsAnHour; step++) {
  while (sent + missing < (step * linesAnHour) / stepsAnHour) {
    await wait(20);
    const over = pods.filter(({ name }) => ended.has(name));
    for (const { name, uid } of over) {
      const gone = { uid, name, namespace: 'shop', version: String(number), deleted: true };
      tables.apply({ type: 'rows', scope: '', batch: make(0, [gone]) });
      fleet.objects.delete(`/api/v1/namespaces/shop/pods/${name}`);
      ended.delete(name);
    }
    pods = [...pods.filter((pod) => !over.includes(pod)), ...over.map(add)];
  }
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const [capture] = captures.rows();
  const seconds = (performance.now() - started) / 1000;
  const kept = capture?.lines ?? 0;
  const letGo = capture?.letGo ?? 0;
  process.stdout.write(
    `${JSON.stringify({ step, sent, missing, kept, letGo, number, rss, heap: heapUsed + external, seconds })}\n`,
  );
}
read.dispose();
unread.dispose();
await captures.close();
captures.dispose();
await rm(folder, { recursive: true, force: true });
