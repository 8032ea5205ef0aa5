import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BatchBuilder, batchRows } from '../columns/batchBuilder.ts';
import type { KindSchema } from '../columns/schema.ts';
import type { Projector } from './projector.ts';

/** Help for the tests of this folder. */
export interface Fixture {
  object: Record<string, unknown>;
  /** Every cell of the row that is not empty, by column id. */
  row: Record<string, string | number>;
}

export function fixtureOf(id: string): Fixture {
  return parse(readFileSync(join(import.meta.dirname, 'kinds/fixtures', `${id}.yaml`), 'utf8')) as Fixture;
}

/** The rows that `write` makes, whole. */
export function rowsOf(schema: KindSchema, write: (builder: BatchBuilder) => void): Record<string, string | number>[] {
  const builder = new BatchBuilder(schema);
  write(builder);
  return batchRows(schema, [builder.take(0)]);
}

export function protobufRow(projector: Projector, bytes: Uint8Array): Record<string, string | number> | undefined {
  return rowsOf(projector.schema, (builder) => projector.fromProtobuf(bytes, 0, bytes.length, builder, 0))[0];
}

export function jsonRow(projector: Projector, object: unknown): Record<string, string | number> | undefined {
  return rowsOf(projector.schema, (builder) => projector.fromJson(object, builder, 0))[0];
}

export function jsonBytesRow(projector: Projector, object: unknown): Record<string, string | number> | undefined {
  const bytes = Buffer.from(JSON.stringify(object));
  return rowsOf(projector.schema, (builder) => projector.fromJsonBytes(bytes, 0, bytes.length, builder, 0))[0];
}

/** A row without its empty cells ('', NaN, and 0 for an instant). */
export function filled(
  schema: KindSchema,
  row: Record<string, string | number> | undefined,
): Record<string, string | number> {
  const cells: Record<string, string | number> = {};
  for (const { id, type } of schema.columns) {
    const cell = row?.[id];
    if (cell === undefined || cell === '' || Number.isNaN(cell) || (cell === 0 && type === 'time')) continue;
    cells[id] = cell;
  }
  return cells;
}
