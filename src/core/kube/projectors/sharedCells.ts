import type { BatchBuilder } from '../columns/batchBuilder.ts';
import { ByteCache } from './byteCache.ts';
import { CellSet, type Cells } from './cellSet.ts';
import { Extractor, type Keep } from './extract.ts';
import { readSeconds } from './read.ts';

export interface CellPart<T extends object> {
  write(object: T, cells: Cells): void;
}

/**
 * How a kind's protobuf is read without decoding what is known already: pods of one ReplicaSet say the same in most of
 * their fields, so these are gathered into parts, and the cells that a part makes are found again by its bytes. `row`
 * stays the definition; the parts are its pieces, and must together write what it writes.
 */
export interface SharedCells<T extends object> {
  /** Of the object's message; the metadata is not among them. */
  fields: Readonly<Record<number, Keep>>;
  /** Each sees an object of which only the fields of its own part are set. */
  parts: readonly CellPart<T>[];
  /** Cells that differ from object to object, by the index of their `place`. */
  places: readonly { type: 'text' | 'name' | 'time'; column: number }[];
}

/** A part longer than this is decoded each time. */
const longestPart = 16 * 1024;

/** Writes a row's own cells; false, and nothing written, where the object has to be decoded as a whole. */
export type SharedReader = (bytes: Uint8Array, start: number, end: number, cells: BatchBuilder) => boolean;

export function createSharedReader<T extends object>(
  shared: SharedCells<T>,
  decode: (bytes: Uint8Array, at: number, end: number) => T,
): SharedReader {
  const { places } = shared;
  const extractor = new Extractor(shared.fields, shared.parts.length, places.length);
  const caches = shared.parts.map(
    (part) =>
      new ByteCache<CellSet>(
        (bytes, start, end) => {
          const cells = new CellSet();
          part.write(decode(bytes, start, end), cells);
          return cells;
        },
        8 * 1024 * 1024,
        longestPart,
      ),
  );
  return (bytes, start, end, cells) => {
    if (!extractor.extract(bytes, start, end)) return false;
    for (let part = 0; part < caches.length; part++) {
      const cache = caches[part] as ByteCache<CellSet>;
      cells.write(cache.get(extractor.parts[part] as Uint8Array, 0, extractor.lengths[part] as number));
    }
    for (let index = 0; index < places.length; index++) {
      const from = extractor.places[index * 2] as number;
      const to = extractor.places[index * 2 + 1] as number;
      if (from === to) continue;
      const { type, column } = places[index] as SharedCells<T>['places'][number];
      if (type === 'text') cells.textBytes(column, bytes, from, to);
      else if (type === 'name') cells.nameBytes(column, bytes, from, to);
      else cells.time(column, readSeconds(bytes, from, to));
    }
    return true;
  };
}
