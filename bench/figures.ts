import type { Figure } from './figure.ts';
import { run as ingest } from './fleet/ingest.ts';
import { run as pixel } from './fleet/pixel.ts';
import { run as query } from './fleet/query.ts';
import { run as logMemory } from './operate/logMemory.ts';
import { run as logs } from './operate/logs.ts';
import { run as terminal } from './operate/terminal.ts';
import { run as topology } from './operate/topology.ts';
import { run as topologyFrames } from './operate/topologyFrames.ts';
import { run as desktop } from './scale/desktop.ts';
import { run as headlamp } from './scale/headlamp.ts';
import { run as history } from './scale/history.ts';
import { run as idle } from './scale/idle.ts';
import { run as kind } from './scale/kind.ts';
import { run as list100k } from './scale/list100k.ts';
import { run as scalePixel } from './scale/pixel.ts';
import { run as screens } from './scale/screens.ts';
import { run as served } from './scale/served.ts';
import { run as slow } from './scale/slow.ts';
import { run as soak } from './scale/soak.ts';
import { run as start } from './scale/start.ts';
import { run as wire } from './scale/wire.ts';
import { run as weather } from './weather/weather.ts';

/** Everything that `npm run bench` can measure. One run gives all figures of its ids. */
export const figures: readonly { ids: readonly string[]; what: string; run: () => Promise<Figure[]> }[] = [
  {
    ids: ['fleet.list10k', 'fleet.list10k.informer', 'fleet.cpu'],
    what: '10,000 pods of a real API server, from a cold process to the complete live list (needs KUBESAGE_KUBE)',
    run: ingest,
  },
  {
    ids: [
      'fleet.memory',
      'fleet.query.filter',
      'fleet.query.sort',
      'fleet.query.sort.cold',
      'fleet.query.group',
      'fleet.query.search',
    ],
    what: '100,000 rows in the store: bytes a pod, and questions',
    run: query,
  },
  {
    ids: ['fleet.pixel'],
    what: 'an event of a real API server to its painted row, under 1,000 events a second (needs KUBESAGE_KUBE, Chromium)',
    run: pixel,
  },
  {
    ids: [
      'scale.list100k',
      'scale.list100k.kubectl',
      'scale.list100k.informer',
      'scale.memory.tables',
      'scale.longtask.tables',
    ],
    what: '100,000 pods of 20 clusters, from a cold process to the complete live list (needs KUBESAGE_KUBE once)',
    run: list100k,
  },
  {
    ids: ['scale.memory', 'scale.longtask', 'scale.longtask.engine', 'scale.snapshot'],
    what: '100,000 pods in the engine as it ships and in Chromium, and its next start without any API server (as above)',
    run: served,
  },
  {
    ids: ['scale.longtask.main'],
    what: "Electron's main process while 20 clusters with 100,000 pods are opened (as above, Electron; Xvfb without a display)",
    run: desktop,
  },
  {
    ids: ['scale.slow', 'scale.slow.kubectl'],
    what: '10,000 pods over 20 Mbit/s and 80 ms, from a cold process (as above)',
    run: slow,
  },
  {
    ids: ['scale.pixel', 'scale.pixel.20000'],
    what: 'an event to its painted row among 100,000, under 1,000 and 20,000 events a second (as above, Chromium)',
    run: scalePixel,
  },
  {
    ids: ['scale.idle'],
    what: '240 quiet watches of 20 clusters for a minute (as above)',
    run: idle,
  },
  {
    ids: ['scale.wire'],
    what: '100,000 rows over a MessagePort into the store, against structured clone of objects',
    run: wire,
  },
  {
    ids: ['scale.kind'],
    what: "a real API server's CPU for one client's live table of 10,000 pods (needs KUBESAGE_KUBE; Go for client-go)",
    run: kind,
  },
  {
    ids: ['scale.headlamp'],
    what: 'the complete table of 10,000 pods, against Headlamp in the same Chromium (needs KUBESAGE_KUBE, KUBESAGE_HEADLAMP)',
    run: headlamp,
  },
  {
    ids: ['scale.screens.answer', 'scale.screens.page', 'scale.screens.engine', 'scale.screens.load'],
    what: '100 simulated clusters of 5,000 pods, and every screen in Chromium (needs Chromium only)',
    run: screens,
  },
  {
    ids: ['scale.start'],
    what: 'the packaged app from its start to its first screen (needs an Electron, a display or Xvfb)',
    run: start,
  },
  {
    ids: ['scale.history'],
    what: "versions that the history's own writer commits a second, against DuckDB's bare appender",
    run: history,
  },
  {
    ids: ['scale.soak'],
    what: 'a day of two clusters in virtual time, with forgotten versions and restarts: what the heap grows an hour',
    run: soak,
  },
  {
    ids: ['scale.weather.recovered', 'scale.weather.unmarked', 'scale.weather.tested'],
    what: "faults over this program, client-node's informer and kubectl: writes docs/faults.md (needs KUBESAGE_KUBE)",
    run: weather,
  },
  {
    ids: ['operate.topology.first5k', 'operate.topology.first100k', 'operate.topology.aggregates'],
    what: 'from the question to a laid-out picture of 5,000 and of 100,000 objects, in one process, and what it leaves out',
    run: topology,
  },
  {
    ids: ['operate.topology.frames5k', 'operate.topology.frames100k'],
    what: 'frames while the picture of 5,000 and of 100,000 objects is dragged (needs Chromium only)',
    run: topologyFrames,
  },
  {
    ids: ['operate.logs'],
    what: "a container's log read into DuckDB, over kubectl logs > /dev/null (needs KUBESAGE_KUBE and a build)",
    run: logs,
  },
  {
    ids: ['operate.logs.memory'],
    what: "hours of log churn, compressed: what the engine's memory grows an hour",
    run: logMemory,
  },
  {
    ids: ['operate.terminal'],
    what: 'Ctrl-C to the prompt under a flood, in a container of a real node (needs KUBESAGE_KUBE, Chromium)',
    run: terminal,
  },
];
