import { describe, expect, it } from 'vitest';
import { failureOfAnswer } from './failures.ts';
import { readProtobufStatus } from './statusProtobuf.ts';

const field = (number: number, bytes: readonly number[]) => [number * 8 + 2, bytes.length, ...bytes];
const text = (number: number, value: string) => field(number, [...Buffer.from(value)]);
const varint = (value: number) => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);

const message = 'nodes is forbidden: User "demo" cannot list resource "nodes"';
const status = [
  ...field(1, []),
  ...text(2, 'Failure'),
  ...text(3, message),
  ...text(4, 'Forbidden'),
  ...field(5, [...text(3, 'nodes'), 5 * 8, 7]),
  6 * 8,
  ...varint(403),
];
const body = (kind: string) =>
  Uint8Array.from([0x6b, 0x38, 0x73, 0, ...field(1, [...text(1, 'v1'), ...text(2, kind)]), ...field(2, status)]);

describe('a Status in protobuf', () => {
  it('is read', () => {
    expect(readProtobufStatus(body('Status'))).toEqual({
      message,
      reason: 'Forbidden',
      code: 403,
      retryAfterSeconds: 7,
    });
  });

  it('is what the failure says', () => {
    const failure = failureOfAnswer(403, { 'content-type': 'application/vnd.kubernetes.protobuf' }, body('Status'));
    expect(failure.message).toBe(message);
    expect(failure.code).toBe('forbidden');
  });

  it('is nothing else: another kind, text, a torn body', () => {
    expect(readProtobufStatus(body('PodList'))).toBeUndefined();
    expect(readProtobufStatus(new TextEncoder().encode('upstream timed out'))).toBeUndefined();
    for (let length = 0; length < body('Status').length - 1; length++) {
      expect(() => readProtobufStatus(body('Status').subarray(0, length))).not.toThrow();
    }
  });
});
