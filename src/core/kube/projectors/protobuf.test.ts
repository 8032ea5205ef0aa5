import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCache } from './byteCache.ts';
import { encodeEnvelope } from './generic/encode.ts';
import {
  cursor,
  MalformedMessage,
  readEnvelope,
  readInt32,
  readInt64,
  readLength,
  readText,
  readVarint,
  skipField,
} from './protobuf.ts';

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

describe('numbers', () => {
  it('reads every unsigned number that a float holds, and stands behind it', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = varint(BigInt(value));
        expect(readVarint(bytes, 0, bytes.length)).toBe(value);
        expect(cursor.at).toBe(bytes.length);
      }),
    );
  });

  it('reads signed numbers of 32 and 64 bits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer(), (long, short) => {
        const longBytes = varint(BigInt(long));
        expect(readInt64(longBytes, 0, longBytes.length)).toBe(long);
        const shortBytes = varint(BigInt(short));
        expect(readInt32(shortBytes, 0, shortBytes.length)).toBe(short);
        expect(cursor.at).toBe(shortBytes.length);
      }),
    );
  });

  it('throws at the end of the bytes and after ten of them', () => {
    expect(() => readVarint(Uint8Array.of(0x80), 0, 1)).toThrow(MalformedMessage);
    expect(() => readInt64(new Uint8Array(11).fill(0xff), 0, 11)).toThrow('longer than ten bytes');
    expect(() => readLength(Uint8Array.of(5, 1, 2), 0, 3)).toThrow('ends in the middle');
  });
});

describe('skipField', () => {
  it('goes behind each wire type and refuses groups, field 0 and torn values', () => {
    const bytes = Uint8Array.of(0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(skipField(bytes, 0, 10, 8)).toBe(2);
    expect(skipField(bytes, 2, 10, 9)).toBe(10);
    expect(skipField(bytes, 2, 10, 13)).toBe(6);
    expect(skipField(Uint8Array.of(2, 0, 0), 0, 3, 10)).toBe(3);
    expect(() => skipField(bytes, 0, 10, 11)).toThrow('Wire type 3');
    expect(() => skipField(bytes, 0, 10, 2)).toThrow('no field 0');
    expect(() => skipField(bytes, 4, 10, 9)).toThrow(MalformedMessage);
  });
});

describe('readEnvelope', () => {
  it('finds the object and what it is', () => {
    const bytes = encodeEnvelope('apps/v1', 'Deployment', Uint8Array.of(1, 2, 3));
    const envelope = readEnvelope(bytes, 0, bytes.length);
    expect(envelope).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', contentType: '' });
    expect([...bytes.subarray(envelope.start, envelope.end)]).toEqual([1, 2, 3]);
    expect(() => readEnvelope(Buffer.from('{"kind":"Status"}'), 0, 17)).toThrow('no Kubernetes protobuf');
  });
});

describe('ByteCache', () => {
  it('gives what would be made, however many keys there are and whenever it forgets', () => {
    const cache = new ByteCache(readText, 2000);
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), (keys) => {
        for (const key of keys) {
          const bytes = Buffer.from(`<${key}>`);
          expect(cache.get(bytes, 1, bytes.length - 1)).toBe(bytes.toString().slice(1, -1));
        }
      }),
    );
  });

  it('makes a value once', () => {
    let made = 0;
    const cache = new ByteCache(() => ({ made: ++made }));
    const bytes = Buffer.from('labels labels');
    expect(cache.get(bytes, 0, 6)).toBe(cache.get(bytes, 7, 13));
    expect(made).toBe(1);
  });
});
