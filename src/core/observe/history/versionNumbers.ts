import { bytesOf, type ColumnData, type Store } from '../../platform/store/index.ts';
import type { Place } from './versionBatch.ts';

interface NewRows {
  table: string;
  columns: ColumnData[];
  count: number;
}

/** The numbers by which versions name their places, statuses and pages on the disk. Numbers are given out once. */
export class VersionNumbers {
  readonly #places = new Map<string, number>();
  readonly #statuses = new Map<string, number>();
  #nextPlace: number;
  #nextStatus: number;
  #nextPage: number;
  /** Not committed yet: written again with each attempt. */
  readonly #newPlaces: [number, Place][] = [];
  readonly #newStatuses: [number, string][] = [];

  private constructor(next: { place: number; status: number; page: number }) {
    this.#nextPlace = next.place;
    this.#nextStatus = next.status;
    this.#nextPage = next.page;
  }

  static async read(store: Store): Promise<VersionNumbers> {
    const next = async (table: string) => {
      const [row] = await store.query(`SELECT coalesce(max(id)::BIGINT + 1, 0)::DOUBLE AS next FROM ${table}`);
      return Number(row?.next ?? 0);
    };
    const numbers = new VersionNumbers({
      place: await next('places'),
      status: await next('statuses'),
      page: await next('cell_pages'),
    });
    for (const { id, cluster, kind, namespace } of await store.query('SELECT * FROM places')) {
      const place = { cluster: String(cluster), kind: String(kind), namespace: String(namespace) };
      numbers.#places.set(keyOf(place), Number(id));
    }
    for (const { id, status } of await store.query('SELECT * FROM statuses')) {
      numbers.#statuses.set(String(status), Number(id));
    }
    return numbers;
  }

  place(place: Place): number {
    const key = keyOf(place);
    let number = this.#places.get(key);
    if (number === undefined) {
      number = this.#nextPlace++;
      this.#places.set(key, number);
      this.#newPlaces.push([number, place]);
    }
    return number;
  }

  status(status: string): number {
    let number = this.#statuses.get(status);
    if (number === undefined) {
      number = this.#nextStatus++;
      this.#statuses.set(status, number);
      this.#newStatuses.push([number, status]);
    }
    return number;
  }

  /** @returns the first of that many page numbers. */
  takePages(count: number): number {
    const first = this.#nextPage;
    this.#nextPage += count;
    return first;
  }

  /** What has to be written with the versions that use it. */
  news(): NewRows[] {
    const places = this.#newPlaces.map(([, place]) => place);
    return [
      {
        table: 'places',
        count: places.length,
        columns: [
          ids(this.#newPlaces),
          { type: 'varchar', texts: places.map(({ cluster }) => cluster) },
          { type: 'varchar', texts: places.map(({ kind }) => kind) },
          { type: 'varchar', texts: places.map(({ namespace }) => namespace) },
        ],
      },
      {
        table: 'statuses',
        count: this.#newStatuses.length,
        columns: [ids(this.#newStatuses), { type: 'varchar', texts: this.#newStatuses.map(([, status]) => status) }],
      },
    ];
  }

  /** What was new is on the disk. */
  commit(): void {
    this.#newPlaces.length = 0;
    this.#newStatuses.length = 0;
  }
}

function ids(numbered: readonly (readonly [number, unknown])[]): ColumnData {
  return { type: 'uinteger', bytes: bytesOf(Uint32Array.from(numbered, ([id]) => id)) };
}

function keyOf({ cluster, kind, namespace }: Place): string {
  return `${cluster}\n${kind}\n${namespace}`;
}
