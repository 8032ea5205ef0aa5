import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { FrameSplitter, LineSplitter, type Splitter } from './frames.ts';

const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });

function framed(all: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    all.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(frame.length);
      return [length, frame];
    }),
  );
}

/** Feeds bytes in the pieces that the cuts make, out of one buffer that is overwritten each time, as the socket's is. */
function feed(bytes: Uint8Array, cuts: readonly number[], splitter: Splitter): void {
  const shared = new Uint8Array(bytes.length + 8);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    shared.fill(0xee);
    shared.set(bytes.subarray(from, to), 3);
    splitter.push(shared, 3, 3 + to - from);
    from = to;
  }
}

const sortedCuts = (length: number) =>
  fc.array(fc.nat({ max: length }), { maxLength: 12 }).map((cuts) => cuts.sort((a, b) => a - b));

describe('FrameSplitter', () => {
  test('R10 finds the same frames at every way of cutting the stream', () => {
    const cutStream = frames.chain((all) => fc.tuple(fc.constant(all), sortedCuts(framed(all).length)));
    fc.assert(
      fc.property(cutStream, ([all, cuts]) => {
        const found: Uint8Array[] = [];
        const splitter = new FrameSplitter((bytes, start, end) => found.push(bytes.slice(start, end)));
        feed(framed(all), cuts, splitter);
        expect(found).toEqual(all.map((frame) => new Uint8Array(frame)));
        expect(splitter.empty).toBe(true);
      }),
    );
  });

  test('R10 holds at all 2^13 cuts of a small stream', () => {
    const all = [Uint8Array.of(1, 2, 3), Uint8Array.of(), Uint8Array.of(9, 9)].map((frame) => frame.slice());
    const bytes = framed(all.slice(0, 2).concat(Uint8Array.of(9, 9, 9).slice(0, 2))).slice(0, 14);
    const gaps = bytes.length - 1;
    for (let mask = 0; mask < 2 ** gaps; mask++) {
      const cuts = Array.from({ length: gaps }, (_, index) => index + 1).filter((at) => mask & (1 << (at - 1)));
      const found: number[][] = [];
      feed(bytes, cuts, new FrameSplitter((part, start, end) => found.push([...part.subarray(start, end)])));
      if (JSON.stringify(found) !== '[[1,2,3],[]]') expect(found).toEqual([[1, 2, 3], []]);
    }
  });

  test('R11 a part of a frame is held, and says so', () => {
    const splitter = new FrameSplitter(() => undefined);
    splitter.push(Uint8Array.of(0, 0, 0, 2, 7), 0, 5);
    expect(splitter.empty).toBe(false);
  });

  test('F14 a length that no object has is refused at once', () => {
    const splitter = new FrameSplitter(() => undefined);
    expect(() => splitter.push(Uint8Array.of(0xff, 0xff, 0xff, 0xff), 0, 4)).toThrow(MalformedMessage);
  });
});

describe('LineSplitter', () => {
  test('R10 finds the same lines at every way of cutting the stream', () => {
    const lines = fc.array(fc.string().filter((line) => line !== '' && !line.includes('\n')));
    const cutStream = lines.chain((all) => {
      const bytes = Buffer.from(all.map((line) => `${line}\n`).join(''));
      return fc.tuple(fc.constant(all), fc.constant(bytes), sortedCuts(bytes.length));
    });
    fc.assert(
      fc.property(cutStream, ([all, bytes, cuts]) => {
        const found: string[] = [];
        const splitter = new LineSplitter((part, start, end) =>
          found.push(Buffer.from(part.slice(start, end)).toString()),
        );
        feed(bytes, cuts, splitter);
        expect(found).toEqual(all.map((line) => Buffer.from(line).toString()));
        expect(splitter.empty).toBe(true);
      }),
    );
  });
});
