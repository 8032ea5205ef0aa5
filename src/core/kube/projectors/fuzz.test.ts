// Gate S14, for what the other tests of this folder do not change at random: JSON text and the frames of a watch.
import { env } from 'node:process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameSplitter, LineSplitter, type Splitter } from '../reflector/frames.ts';
import { walkJson, wanted, wantPath } from './jsonWalk.ts';
import { MalformedMessage } from './protobuf.ts';
import { isRecord } from './read.ts';
import { fixtureOf } from './testing.ts';

/** KUBESAGE_FUZZ=10000000 for the long run. */
const numRuns = Number(env.KUBESAGE_FUZZ ?? 3_000);
const long = 24 * 3_600_000;

const pod = JSON.stringify(fixtureOf('pods').object);
const token = fc.constantFrom(
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  'null',
  '1e9',
  '-',
  '\\ud800',
  '\u0000',
  '"a":',
  'é',
);
const edits = fc.array(fc.tuple(fc.nat(pod.length), fc.nat(3), fc.oneof(token, fc.string({ maxLength: 3 }))), {
  minLength: 1,
  maxLength: 4,
});

it(
  'S14 changed JSON text is refused, or means what JSON.parse says',
  () => {
    let agreed = 0;
    let refused = 0;
    fc.assert(
      fc.property(edits, (changes) => {
        let text = pod;
        for (const [at, remove, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + remove);
        const bytes = Buffer.from(text);
        const root = wanted();
        for (const path of [
          ['metadata', 'name'],
          ['metadata', 'labels'],
          ['spec', 'nodeName'],
          ['status', 'phase'],
        ]) {
          wantPath(root, path);
        }
        let walked: Record<string, unknown>;
        try {
          walked = walkJson(root, bytes, 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
          refused++;
          return;
        }
        let parsed: unknown;
        try {
          parsed = JSON.parse(bytes.toString());
        } catch {
          // What it does not read it does not check: such text may pass, and gives plain values only.
          expect(JSON.parse(JSON.stringify(walked))).toEqual(walked);
          return;
        }
        if (!isRecord(parsed)) return;
        const { metadata, spec, status } = parsed as Record<string, Record<string, unknown> | undefined>;
        const of = (part: unknown, key: string) => (isRecord(part) ? part[key] : undefined);
        const read = (part: string, key: string) => of(walked[part], key);
        expect(read('metadata', 'name')).toEqual(of(metadata, 'name'));
        expect(read('metadata', 'labels')).toEqual(of(metadata, 'labels'));
        expect(read('spec', 'nodeName')).toEqual(of(spec, 'nodeName'));
        expect(read('status', 'phase')).toEqual(of(status, 'phase'));
        agreed++;
      }),
      { numRuns },
    );
    expect(agreed).toBeGreaterThan(numRuns * 0.02);
    expect(refused).toBeGreaterThan(numRuns * 0.05);
  },
  long,
);

it.each([
  {
    name: 'length-prefixed frames',
    create: (heard: (frame: string) => void): Splitter =>
      new FrameSplitter((bytes, from, to) => heard(hex(bytes, from, to))),
    write: (frame: Uint8Array) => Buffer.concat([Buffer.from([0, 0, frame.length >> 8, frame.length & 255]), frame]),
  },
  {
    name: 'lines',
    create: (heard: (frame: string) => void): Splitter =>
      new LineSplitter((bytes, from, to) => heard(hex(bytes, from, to))),
    write: (frame: Uint8Array) => Buffer.concat([frame, Buffer.from('\n')]),
  },
])(
  'S14 $name are the same however they are cut',
  ({ create, write }) => {
    const frame = fc
      .uint8Array({ minLength: 1, maxLength: 700 })
      .map((bytes) => bytes.map((byte) => (byte === 10 ? 11 : byte)));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(4_000), { maxLength: 12 }), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(write));
        const heard: string[] = [];
        const splitter = create((each) => heard.push(each));
        let from = 0;
        for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
          // A copy that is spoiled afterwards: ranges are valid during the call only.
          const part = Uint8Array.from(bytes.subarray(from, cut));
          splitter.push(part, 0, part.length);
          part.fill(0xee);
          from = cut;
        }
        expect(heard).toEqual(frames.map((each) => hex(each, 0, each.length)));
        expect(splitter.empty).toBe(true);
      }),
      { numRuns: Math.ceil(numRuns / 10) },
    );
  },
  long,
);

it(
  'S14 any bytes give frames or MalformedMessage',
  () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const splitter of [new FrameSplitter(() => {}), new LineSplitter(() => {})]) {
          try {
            splitter.push(bytes, 0, bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        }
      }),
      { numRuns },
    );
  },
  long,
);

function hex(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('hex');
}
