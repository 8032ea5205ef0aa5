import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encodeSnapshot } from '../../kube/columns/snapshot.ts';
import type { Watchers } from '../../kube/reflector/watchers.ts';
import { createHistory, historyMigrations, observeTables } from '../../observe/history/index.ts';
import { openStore } from '../../platform/store/index.ts';
import { usualFlavour } from './apiServer.ts';
import { servedKind, servedKinds } from './servedKinds.ts';
import { Watchdog } from './watchdog.ts';
import { type ModelCluster, World } from './world.ts';

/** What was measured at the end of one hour, when nothing changed any more. */
export interface Checkpoint {
  /** After a collection of garbage, bytes. */
  heap: number;
  snapshot: number;
  history: number;
  versions: number;
}

export interface Soak {
  checkpoints: Checkpoint[];
  changes: number;
  /** Times that versions were forgotten, and servers restarted. */
  expired: number;
  restarts: number;
}

const hourMs = 3_600_000;
const changeMs = 15_000;
const objects = 200;
const namespaces = ['a', 'b', 'c'];
const pods = servedKind('pods');

/**
 * Hours of two clusters in virtual time: changes, versions that are forgotten (410) on one cluster after the other, servers
 * that restart. Rejects when at the end of an hour the tables are not equal to fresh lists.
 * @param path where the history is written.
 */
export async function soak(hours: number, path: string): Promise<Soak> {
  const world = await World.create({ flavours: [usualFlavour, { ...usualFlavour, minor: 37 }], seed: 7, workers: 2 });
  const { clock, clusters } = world;
  const dog = new Watchdog(world);
  const store = await openStore({
    path,
    migrations: historyMigrations,
    clock,
    onNotice: (message) => {
      throw new Error(message);
    },
  });
  const problems: string[] = [];
  const onProblem = (message: string | null) => void (message !== null && problems.push(message));
  const history = createHistory({ store, clock, onProblem });
  // Deletions are told by the tables; what was recorded by an earlier run is none here.
  const watchers = { onMessage: () => ({ dispose: () => undefined }) } as unknown as Watchers;
  const observing = observeTables({ tables: world.tables, watchers, fleet: world.fleet, history });
  const result: Soak = { checkpoints: [], changes: 0, expired: 0, restarts: 0 };
  try {
    for (const { etcd } of clusters) {
      for (const kind of servedKinds) etcd.put(kind, `${kind.resource}-0`, 'a', 1);
      for (let n = 0; n < objects; n++) etcd.put(pods, `pods-${n}`, namespaces[n % 3] as string, n);
    }
    for (let hour = 0; hour < hours; hour++) {
      for (let at = 0; at < hourMs; at += changeMs) {
        result.changes++;
        change(clusters[result.changes % 2] as ModelCluster, result.changes);
        const troubled = clusters[(result.expired + result.restarts) % 2] as ModelCluster;
        if (at % (10 * 60_000) === 5 * 60_000) {
          result.expired++;
          troubled.server.expire();
          troubled.network.resetAll();
        } else if (at % (30 * 60_000) === 20 * 60_000) {
          result.restarts++;
          restart(troubled, (run) => clock.after(20_000, run));
        }
        await clock.pass(changeMs);
      }
      if (!(await clock.pass(10 * 60_000, () => dog.isConverged()))) {
        throw new Error(`After hour ${hour + 1} the tables are not equal: ${dog.difference()}`);
      }
      dog.assert();
      await history.recorder.flush();
      if (problems.length > 0) throw new Error(problems.join('\n'));
      // What the model itself remembers is no part of what is measured.
      for (const { etcd } of clusters) etcd.log = [];
      const named = clusters.map(({ index, id }) => ({ index, id, uid: id }));
      const snapshot = encodeSnapshot(world.tables, { writtenAt: clock.now(), clusters: named });
      const { rows, bytes } = await history.status();
      result.checkpoints.push({
        heap: collectedHeap(),
        snapshot: snapshot.reduce((sum, part) => sum + part.byteLength, 0),
        history: bytes,
        versions: rows,
      });
    }
    return result;
  } finally {
    observing.dispose();
    history.dispose();
    world.dispose();
    store.close();
  }
}

/** Mostly a change, at times an object that goes and one that comes. */
function change({ etcd }: ModelCluster, round: number): void {
  const number = (round * 7_919) % objects;
  const [name, namespace] = [`pods-${number}`, namespaces[number % 3] as string];
  if (round % 10 === 0 && etcd.remove('pods', name, namespace) !== undefined) return;
  etcd.put(pods, name, namespace, round);
}

function restart({ network, server }: ModelCluster, later: (run: () => void) => unknown): void {
  network.resetAll();
  network.link.refused = true;
  later(() => {
    server.coldStart();
    network.link.refused = false;
  });
}

let collect: (() => void) | undefined;

function collectedHeap(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed;
}
