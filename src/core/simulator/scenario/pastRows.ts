import { BatchBuilder } from '../../kube/columns/batchBuilder.ts';
import type { KindSchema, Tone } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { builtInSchema, createProjector, type Projector } from '../../kube/projectors/index.ts';
import { clusterPlans } from './clusters.ts';
import { type PastOptions, pastSteps } from './past.ts';

/** A version of an object as a list would have shown it then. */
export interface PastRow {
  /** Name of the cluster, which is also its context. */
  cluster: string;
  kind: string;
  uid: string;
  /** Milliseconds. */
  at: number;
  change: 'added' | 'modified' | 'deleted';
  /** Cells in the order of the kind's own columns. */
  values: (string | number | null)[];
}

/** The kinds whose past is looked at. */
const kinds = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'nodes', 'jobs.batch', 'pods'] as const;

/**
 * The past of a demo fleet as its lists would have shown it: versions in which no cell differs are left out, and of
 * pods only those that failed or are alive at the end, since thousands came and went and nothing happened to them.
 * Limited to what the demo's user may see. Yields what some minutes brought, which may be nothing.
 */
export function* pastRows(options: Omit<PastOptions, 'types'>): Generator<readonly PastRow[]> {
  for (const { name, namespaces } of clusterPlans) {
    if (options.clusters !== undefined && !options.clusters.includes(name)) continue;
    yield* rowsOf({ ...options, clusters: [name], types: kinds }, namespaces);
  }
}

function* rowsOf(options: PastOptions, namespaces: readonly string[] | undefined): Generator<readonly PastRow[]> {
  const readers = new Map<string, RowReader>();
  const pods = new Map<string, { rows: PastRow[]; failed: boolean }>();
  for (const step of pastSteps(options)) {
    const ready: PastRow[] = [];
    for (const { cluster, at, change, type, object } of step) {
      const { uid, namespace } = object.metadata;
      if (namespaces !== undefined && !namespaces.includes(namespace ?? '')) continue;
      let reader = readers.get(type);
      if (reader === undefined) {
        reader = new RowReader(type);
        readers.set(type, reader);
      }
      const read = reader.read(uid, change, object);
      if (read === undefined) continue;
      const row: PastRow = { cluster, kind: type, uid, at, change: read.change, values: read.values };
      if (type === 'pods') ready.push(...podRows(pods, row, read.tone));
      else ready.push(row);
    }
    yield ready;
  }
  yield [...pods.values()].flatMap(({ rows }) => rows);
}

/** What may be told now: nothing of a pod before it fails, and everything from then on. */
function podRows(
  pods: Map<string, { rows: PastRow[]; failed: boolean }>,
  row: PastRow,
  tone: Tone,
): readonly PastRow[] {
  let pod = pods.get(row.uid);
  if (pod === undefined) {
    pod = { rows: [], failed: false };
    pods.set(row.uid, pod);
  }
  pod.rows.push(row);
  if (tone === 'failed') pod.failed = true;
  if (row.change === 'deleted') pods.delete(row.uid);
  if (!pod.failed) return [];
  const { rows } = pod;
  pod.rows = [];
  return rows;
}

/** Reads objects of one kind as a table holds them, by way of a table: so that the cells are those of a live list. */
class RowReader {
  readonly #schema: KindSchema;
  readonly #projector: Projector;
  readonly #builder: BatchBuilder;
  readonly #table: Table;
  readonly #tables = createTables();
  /** Cells of the last version of every object that lives, as text. */
  readonly #last = new Map<string, string>();

  constructor(kind: string) {
    const schema = builtInSchema(kind);
    if (schema === undefined) throw new TypeError(`${kind} is not built in`);
    this.#schema = schema;
    this.#projector = createProjector(schema);
    this.#builder = new BatchBuilder(schema);
    this.#table = this.#tables.table(schema, 0);
  }

  /** Undefined when no cell is another than before. */
  read(
    uid: string,
    change: PastRow['change'],
    object: unknown,
  ): { change: PastRow['change']; values: PastRow['values']; tone: Tone } | undefined {
    this.#projector.fromJson(object, this.#builder, 0);
    this.#tables.apply({ type: 'rows', batch: this.#builder.take(0), scope: '' });
    const row = this.#table.find(0, uid);
    const values = this.#schema.columns.map((_, column) => this.#table.cell(row, column));
    const tone = this.#table.tone(row);
    const text = JSON.stringify(values);
    const before = this.#last.get(uid);
    if (change === 'deleted') {
      this.#last.delete(uid);
      this.#projector.fromJson(object, this.#builder, 1);
      this.#tables.apply({ type: 'rows', batch: this.#builder.take(0), scope: '' });
      return { change, values, tone };
    }
    if (before === text) return undefined;
    this.#last.set(uid, text);
    return { change: before === undefined ? 'added' : 'modified', values, tone };
  }
}
