import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';
import { cellText, findAll, parseJsonPath } from '../../kube/projectors/index.ts';
import type { UserColumn } from '../../platform/settings/contract.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ClusterIndex } from './chosenClusters.ts';
import type { Cell } from './contract.ts';
import { objectPath } from './objectPath.ts';

/** Rows whose values are kept. A window has at most 1,000. */
const most = 5000;
/** Requests under way per moment, over all clusters. */
const parallel = 6;
/** After a failure, the object is not asked for again so soon. */
const retryMs = 30_000;

interface Known {
  version: number;
  values: Map<string, Cell>;
  /** Milliseconds; set after a failure. */
  failedAt?: number;
}

interface Wanted {
  key: string;
  cluster: string;
  path: string;
  version: number;
  columns: readonly UserColumn[];
}

/**
 * Values of the users' own columns that the tables do not hold: annotations and JSONPaths. The objects of the visible
 * window are read one by one and only the values are kept, so that such a column can be shown, but not sorted by.
 * Secrets are not read for it.
 */
export class UserValues implements Disposable {
  readonly #fleet: OpenClusters;
  readonly #clusters: ClusterIndex;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #changed = new Emitter<void>();
  #queue: Wanted[] = [];
  #running = 0;
  #revision = 0;

  constructor(fleet: OpenClusters, clusters: ClusterIndex, clock: Clock) {
    this.#fleet = fleet;
    this.#clusters = clusters;
    this.#clock = clock;
  }

  /** Grows whenever a value came in. */
  get revision(): number {
    return this.#revision;
  }

  get onChange() {
    return this.#changed.event;
  }

  /** Null while it is not known. */
  value(table: Table, row: number, column: UserColumn): Cell {
    const known = this.#known.get(rowKey(table, row));
    return known?.values.get(`${column.from}:${column.path}`) ?? null;
  }

  /** Reads the objects of these rows, unless their values are known in the rows' versions. Replaces what was wanted before. */
  want(table: Table, rows: Uint32Array, columns: readonly UserColumn[]): void {
    const fetched = columns.filter((column) => column.from !== 'label');
    if (fetched.length === 0 || table.schema.id === 'secrets') return;
    this.#queue = [];
    for (const row of rows) {
      const key = rowKey(table, row);
      const version = table.versions[row] as number;
      const known = this.#known.get(key);
      const isComplete = fetched.every((column) => known?.values.has(`${column.from}:${column.path}`));
      if (known !== undefined && Object.is(known.version, version) && isComplete) continue;
      if (known?.failedAt !== undefined && this.#clock.now() - known.failedAt < retryMs) continue;
      const { namespace, name } = { namespace: table.text(row, meta.namespace), name: table.text(row, meta.name) };
      const cluster = this.#clusters.id(table.clusters[row] as number);
      this.#queue.push({ key, cluster, path: objectPath(table.schema, namespace, name), version, columns: fetched });
    }
    this.#work();
  }

  /** Memory is short. What is on screen is read again with the next window. */
  forget(): void {
    this.#known.clear();
  }

  dispose(): void {
    this.#queue = [];
    this.#known.clear();
    this.#changed.dispose();
  }

  #work(): void {
    while (this.#running < parallel) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#running++;
      void this.#read(next).then((known) => {
        this.#running--;
        this.#keep(next.key, known);
        this.#work();
      });
    }
  }

  async #read(wanted: Wanted): Promise<Known> {
    const values = new Map<string, Cell>();
    try {
      const response = await this.#fleet.request(wanted.cluster, { path: wanted.path });
      const object: unknown = JSON.parse(new TextDecoder().decode(response.body));
      for (const column of wanted.columns) {
        const id = `${column.from}:${column.path}`;
        values.set(
          id,
          column.from === 'annotation' ? readAnnotation(object, column.path) : readJsonPath(object, column.path),
        );
      }
      return { version: wanted.version, values };
    } catch (error) {
      // The object went, or the cluster can't be reached: the cell stays empty, and the list's state says why.
      if (!(error instanceof KubeSageError || error instanceof SyntaxError)) throw error;
      return { version: wanted.version, values, failedAt: this.#clock.now() };
    }
  }

  #keep(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > most) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#revision++;
    this.#changed.fire();
  }
}

function rowKey(table: Table, row: number): string {
  return `${table.schema.id} ${table.clusters[row]} ${table.uid(row)}`;
}

/** Several values are joined by commas, as kubectl does. A path that can't be read shows nothing. */
function readJsonPath(object: unknown, path: string): Cell {
  const found = findAll(parseJsonPath(path), object);
  return found.length === 1 && typeof found[0] === 'number' ? found[0] : found.map(cellText).join(',');
}

function readAnnotation(object: unknown, key: string): Cell {
  const annotations = (object as { metadata?: { annotations?: Record<string, string> } }).metadata?.annotations;
  return annotations?.[key] ?? '';
}
