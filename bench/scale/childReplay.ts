import { writeFileSync } from 'node:fs';
import { everything } from '../../src/core/simulator/api/access.ts';
import { createCertificate } from '../../src/core/simulator/certificate.ts';
import { kubeconfigOf } from '../../src/core/simulator/kubeconfig.ts';
import { bookmarksOf } from './bookmarks.ts';
import { PodEvents } from './podEvents.ts';
import { readRecording } from './recording.ts';
import type { ReplayOrder, ReplayReport } from './replay.ts';
import { Replayed } from './replayed.ts';
import { ReplayedServer } from './replayedServer.ts';

/** The process of the replayed clusters: see replay.ts. Arguments: recording, clusters, where the kubeconfig is written. */
const [folder = '', count = '', kubeconfigPath = ''] = process.argv.slice(2);
const recording = readRecording(folder);
const replayed = new Replayed(recording);
const day = 86_400_000;
const { key, certificate } = createCertificate('kubesage-bench', { fromMs: Date.now() - day, toMs: Date.now() + day });

const bookmarkOf = bookmarksOf(replayed, () => recording.resourceVersion);
const servers = Array.from(
  { length: Number(count) },
  (_, cluster) => new ReplayedServer({ replayed, cluster, key, certificate, bookmarkOf }),
);
const clusters = await Promise.all(
  servers.map(async (server, index) => ({
    name: `replay-${String(index).padStart(2, '0')}`,
    server: `https://127.0.0.1:${await server.listen()}`,
    authority: certificate,
    user: { name: 'bench', groups: [], token: `bench-${index}`, rules: everything },
  })),
);
writeFileSync(kubeconfigPath, kubeconfigOf(clusters), { mode: 0o600 });
// Read before anybody waits for them: what the compared clients ask for.
for (const answer of recording.answers) {
  if (answer.path === '/api/v1/pods' && (answer.gzip || answer.form.startsWith('protobuf'))) replayed.body(answer);
}

let events: PodEvents | undefined;
const report = (message: ReplayReport) => process.send?.(message);
process.on('disconnect', () => process.exit());
process.on('message', (order: ReplayOrder) => {
  switch (order.type) {
    case 'count': {
      const total = { requests: 0, lists: 0, watches: 0, bytesSent: 0, openWatches: 0, unknown: [] as string[] };
      for (const { counts, watches } of servers) {
        total.requests += counts.requests;
        total.lists += counts.lists;
        total.watches += counts.watches;
        total.bytesSent += counts.bytesSent;
        total.openWatches += watches.size;
        total.unknown = [...new Set([...total.unknown, ...counts.unknown])];
      }
      const { user, system } = process.cpuUsage();
      report({ type: 'counts', counts: { ...total, cpuSeconds: (user + system) / 1e6 } });
      break;
    }
    case 'prepare':
      events = new PodEvents(replayed, servers);
      report({ type: 'prepared' });
      break;
    case 'send':
      void events?.send(order).then((sent) => report({ type: 'sent', events: sent }));
  }
});
report({ type: 'ready' });
