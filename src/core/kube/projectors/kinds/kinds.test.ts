import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../generic/decode.ts';
import { encodeMessage } from '../generic/encode.ts';
import { builtInSchemas, createProjector, messageTypeOf } from '../index.ts';
import { MalformedMessage } from '../protobuf.ts';
import { filled, fixtureOf, jsonBytesRow, jsonRow, protobufRow } from '../testing.ts';

describe.each(builtInSchemas.map((schema) => ({ id: schema.id, schema })))('$id', ({ id, schema }) => {
  const { object, row } = fixtureOf(id);
  const type = messageTypeOf(schema.group, schema.version, schema.kind) ?? '';
  const projector = createProjector(schema);
  const { apiVersion: _apiVersion, kind: _kind, ...message } = object;

  it('makes the row of its fixture from JSON, from JSON text and from protobuf', () => {
    const bytes = encodeMessage(type, object);
    expect(filled(schema, jsonRow(projector, object))).toEqual(row);
    expect(filled(schema, jsonBytesRow(projector, object))).toEqual(row);
    expect(filled(schema, protobufRow(projector, bytes))).toEqual(row);
  });

  it('comes back whole from protobuf', () => {
    // Fields that Go leaves out when zero are left out on the way back, so the second round is compared.
    const once = decodeMessage(type, encodeMessage(type, object));
    expect(decodeMessage(type, encodeMessage(type, once))).toEqual(once);
    expect(once).toMatchObject(withoutZeros(message) as Record<string, unknown>);
  });

  it('S14 answers torn and altered bytes with a row or with MalformedMessage', () => {
    const bytes = encodeMessage(type, object);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const altered = bytes.slice(0, changes.length === 0 ? length : bytes.length);
          for (const [at, value] of changes) altered[at] = value;
          const projected = outcome(() => protobufRow(projector, altered));
          // A partial decoder skips what it does not read; where the whole message decodes, both must agree.
          const decoded = outcome(() => decodeMessage(type, altered));
          if (decoded.failed || projected.failed) return;
          expect(projected.value).toEqual(jsonRow(projector, decoded.value));
        },
      ),
      { numRuns: Number(process.env.KUBESAGE_FUZZ ?? 40), seed: 4711 },
    );
  });
});

function outcome<T>(make: () => T): { failed: true; value?: undefined } | { failed: false; value: T } {
  try {
    return { failed: false, value: make() };
  } catch (error) {
    if (error instanceof MalformedMessage) return { failed: true };
    throw error;
  }
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeros);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== '' && entry !== 0 && entry !== false);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutZeros(entry)]));
}
