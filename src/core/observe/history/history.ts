import type { ObjectRef } from '../../cluster/resources/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { uidWords } from '../../kube/columns/batchBuilder.ts';
import { tones } from '../../kube/columns/schema.ts';
import { uidText } from '../../kube/columns/uid.ts';
import type { Store, StoreRow } from '../../platform/store/index.ts';
import type { ObjectVersion } from './contract.ts';
import { changedCells, type VersionCells } from './model.ts';
import type { ReadPast } from './past.ts';
import { readCells } from './readCells.ts';
import { Recorder } from './recorder.ts';
import { changes } from './tables.ts';

export interface HistoryDeps {
  store: Store;
  clock: Clock;
  /** Told why nothing is written, and null when it is again. */
  onProblem(message: string | null): void;
  /** Days that ended versions and events are kept. */
  keepDays?: number;
}

export interface ObjectChange {
  at: number;
  object: ObjectRef;
  change: (typeof changes)[number];
  tone: (typeof tones)[number];
  status: string;
}

export interface History extends Disposable {
  readonly recorder: Recorder;
  object(object: ObjectRef, limit: number): Promise<{ versions: ObjectVersion[]; truncated: boolean }>;
  changes(range: ChangeRange): Promise<{ changes: ObjectChange[]; truncated: boolean }>;
  status(): Promise<HistoryStatus>;
  /**
   * Takes in what happened in a cluster before anybody watched it, unless it has a history already. Until `read` settles
   * nothing else of the cluster is recorded; then the present goes on where the past ends. Rejects as `read` does, and
   * then keeps nothing.
   */
  importPast(cluster: string, read: ReadPast): Promise<void>;
  /** Forgets what is older than is kept. */
  retain(): Promise<void>;
}

export interface ChangeRange {
  from: number;
  to: number;
  clusters?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  limit: number;
}

export interface HistoryStatus {
  path: string | null;
  rows: number;
  bytes: number;
  oldest: number | null;
  newest: number | null;
  problem: string | null;
}

const dayMs = 86_400_000;

export function createHistory({ store, clock, onProblem, keepDays = 90 }: HistoryDeps): History {
  let problem: string | null = store.problem;
  const recorder = new Recorder(store, {
    clock,
    onProblem(message) {
      problem = message;
      onProblem(message);
    },
  });
  const retention = clock.every(dayMs, () => {
    retain().catch((error: unknown) => onProblem(`Old history was not removed: ${String(error)}`));
  });

  async function retain(): Promise<void> {
    const before = BigInt(clock.now() - keepDays * dayMs);
    await store.run(
      `DELETE FROM versions WHERE rowid IN (
         SELECT row FROM (
           SELECT rowid AS row, valid_from, change,
                  lead(valid_from) OVER (PARTITION BY place, uid ORDER BY valid_from, change) AS valid_to
           FROM versions)
         WHERE valid_to < $1 OR (change = 2 AND valid_from < $1))`,
      [before],
    );
    await store.run('DELETE FROM cell_pages WHERE id NOT IN (SELECT page FROM versions)');
    await store.run('DELETE FROM events WHERE seen_at < $1', [before]);
  }

  return {
    recorder,
    retain,
    importPast: (cluster, read) => recorder.importPast(cluster, read),
    async object({ cluster, kind, namespace, name, uid }, limit) {
      await recorder.flush();
      const rows = await store.query(
        `SELECT valid_from::DOUBLE AS valid_from, valid_to::DOUBLE AS valid_to, change, tone, namespace, name, status, page, position
         FROM object_history
         WHERE cluster = $1 AND kind = $2 AND namespace = $3 AND name = $4 AND ($5 IS NULL OR uid = $5::UUID)
         ORDER BY valid_from DESC, change DESC LIMIT $6`,
        [cluster, kind, namespace, name, uid === undefined ? null : canonicalUid(uid), limit + 1],
      );
      const cells = await readCells(store, rows);
      return { versions: toVersions(rows, cells, limit), truncated: rows.length > limit };
    },
    async changes({ from, to, clusters, kinds, limit }) {
      await recorder.flush();
      const rows = await store.query(
        `SELECT cluster, kind, namespace, name, uid, valid_from::DOUBLE AS seen_at, change, tone, status
         FROM object_versions
         WHERE valid_from BETWEEN $1 AND $2
           AND ($3 = 'null' OR cluster IN (SELECT unnest(from_json($3, '["VARCHAR"]'))))
           AND ($4 = 'null' OR kind IN (SELECT unnest(from_json($4, '["VARCHAR"]'))))
         ORDER BY valid_from DESC LIMIT $5`,
        [BigInt(Math.trunc(from)), BigInt(Math.trunc(to)), json(clusters), json(kinds), limit + 1],
      );
      return { changes: rows.slice(0, limit).map(toChange), truncated: rows.length > limit };
    },
    async status() {
      const [row] = await store.query(
        'SELECT count(*)::INTEGER AS rows, min(valid_from)::DOUBLE AS oldest, max(valid_from)::DOUBLE AS newest FROM versions',
      );
      return {
        path: store.path ?? null,
        rows: Number(row?.rows ?? 0),
        bytes: store.bytes(),
        oldest: toNumber(row?.oldest),
        newest: toNumber(row?.newest),
        problem,
      };
    },
    dispose() {
      retention.dispose();
      recorder.dispose();
    },
  };
}

/** Rows come newest first and one more than wanted, so that the last one too has a version to be compared with. */
function toVersions(rows: readonly StoreRow[], cells: readonly VersionCells[], limit: number): ObjectVersion[] {
  return rows.slice(0, limit).map((row, index) => {
    const change = changes[Number(row.change)] ?? 'modified';
    const before = cells[index + 1];
    return {
      validFrom: Number(row.valid_from),
      validTo: toNumber(row.valid_to),
      change,
      tone: tones[Number(row.tone)] ?? 'unknown',
      status: String(row.status),
      changed: change === 'modified' && before !== undefined ? changedCells(before, cells[index] ?? {}) : [],
    };
  });
}

function toChange(row: StoreRow): ObjectChange {
  const text = (key: string) => String(row[key] ?? '');
  return {
    at: Number(row.seen_at),
    object: {
      cluster: text('cluster'),
      kind: text('kind'),
      namespace: text('namespace'),
      name: text('name'),
      uid: text('uid'),
    },
    change: changes[Number(row.change)] ?? 'modified',
    tone: tones[Number(row.tone)] ?? 'unknown',
    status: text('status'),
  };
}

/** As the tables have it, also of an object whose uid is no UUID. */
function canonicalUid(uid: string): string {
  const words = new Uint32Array(4);
  uidWords(uid, words, 0);
  return uidText(words, 0);
}

const json = (values: readonly string[] | undefined): string => JSON.stringify(values ?? null);

function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
