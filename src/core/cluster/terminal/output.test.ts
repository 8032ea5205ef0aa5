import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { Output } from './output.ts';

function setUp() {
  const clock = new FakeClock();
  const seen = { text: '', messages: 0, skipped: 0, why: new Set<string>(), held: false };
  const output = new Output({
    clock,
    send(_, text) {
      seen.text += text;
      seen.messages++;
    },
    skipped: (count, why) => {
      seen.skipped += count;
      seen.why.add(why);
    },
    hold: (held) => {
      seen.held = held;
    },
  });
  const write = (text: string) => output.receive('out', new TextEncoder().encode(text));
  return { clock, seen, output, write };
}

const line = '0123456789\n';
const flood = line.repeat(30_000);

describe('output', () => {
  test('the first goes at once, what follows is gathered', async () => {
    const { clock, seen, write } = setUp();
    write('a');
    expect(seen.text).toBe('a');
    for (const letter of 'bcdef') write(letter);
    expect(seen.text).toBe('a');
    await clock.advance(8);
    expect(seen).toMatchObject({ text: 'abcdef', messages: 2 });
  });

  test('characters that come in pieces are whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 7 }), (text, size) => {
        const { seen, output } = setUp();
        const bytes = new TextEncoder().encode(text);
        for (let at = 0; at < bytes.length; at += size) output.receive('out', bytes.subarray(at, at + size));
        output.finish();
        expect(seen.text).toBe(new TextDecoder().decode(bytes));
      }),
    );
  });

  test('what the screen has not taken waits, and goes on when half of it is taken', async () => {
    const { clock, seen, output, write } = setUp();
    for (let count = 0; count < 700; count++) write(line.repeat(20));
    await clock.advance(8);
    const before = seen.text.length;
    expect(before).toBeLessThan(80_000);
    output.taken(10_000);
    await clock.advance(8);
    expect(seen.text.length).toBe(before);
    for (let taken = 10_000; taken < 220_000; taken += 10_000) {
      output.taken(10_000);
      await clock.advance(8);
    }
    expect(seen).toMatchObject({ text: line.repeat(14_000), skipped: 0, held: false });
  });

  test('of what the screen would not keep the end stays, from the beginning of a line on, and the rest is counted', async () => {
    const { clock, seen, output, write } = setUp();
    const numbered = (from: number) => Array.from({ length: 100 }, (_, at) => `grün ${from + at}\n`).join('');
    let written = 0;
    for (let from = 0; from < 200_000; from += 100) {
      write(numbered(from));
      written += Buffer.byteLength(numbered(from));
    }
    output.finish();
    await clock.advance(8);
    expect([...seen.why]).toEqual(['flood']);
    expect(Buffer.byteLength(seen.text) + seen.skipped).toBe(written);
    const numbers = [...seen.text.matchAll(/^grün (\d+)$/gm)].map(([, number]) => Number(number));
    expect(numbers.length).toBe(seen.text.split('\n').length - 1);
    expect(numbers.slice(-10_000)).toEqual(Array.from({ length: 10_000 }, (_, at) => 190_000 + at));
  });

  test('a source that is faster than is sensible is held back for a moment', async () => {
    const { clock, seen, write } = setUp();
    for (let count = 0; count < 30; count++) write(flood);
    expect(seen.held).toBe(true);
    await clock.advance(250);
    expect(seen.held).toBe(false);
  });

  test('a slow screen gets less at once, a fast one more', async () => {
    for (const [tookMs, grows] of [
      [100, false],
      [5, true],
    ] as const) {
      const { clock, seen, output, write } = setUp();
      let shown = 0;
      const rounds: number[] = [];
      for (let round = 0; round < 12; round++) {
        const before = seen.text.length;
        for (let more = 0; more < 1000; more++) write(line.repeat(50));
        await clock.advance(8);
        rounds.push(seen.text.length - before);
        await clock.advance(tookMs);
        output.taken(seen.text.length - shown);
        shown = seen.text.length;
      }
      expect((rounds.at(-1) ?? 0) > (rounds[0] ?? 0)).toBe(grows);
      expect(rounds.at(-1)).toBeLessThan(300_000);
    }
  });

  test('an interrupt lets the source go and leaves out all but the end', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    const before = seen.text.length;
    output.interrupt();
    expect(seen.held).toBe(false);
    for (let more = 0; more < 10; more++) write(flood);
    expect(seen.text.length).toBe(before);
    // The mark of the interrupt ends it, with whatever comes after.
    write('^C\n$ ');
    expect(seen.text.endsWith('0123456789\n^C\n$ ')).toBe(true);
    expect(seen.text.length - before).toBeLessThan(64 * 1024);
    expect([...seen.why]).toEqual(['interrupt']);
    // Nothing is lost without being counted, and nothing begins within a line.
    expect(before + seen.skipped + (seen.text.length - before)).toBe(11 * flood.length + 5);
    expect(seen.text.slice(before).startsWith('0123456789\n')).toBe(true);
  });

  test('an interrupt leaves nothing out while nothing waits', async () => {
    const { clock, seen, output, write } = setUp();
    write('sleeping');
    output.interrupt();
    write('^C\n$ ');
    await clock.advance(1000);
    expect(seen).toMatchObject({ text: 'sleeping^C\n$ ', skipped: 0 });
  });

  test('a program that goes on after the interrupt is shown again', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    output.interrupt();
    for (let at = 0; at < 250; at++) {
      write(flood.slice(0, 20_000));
      await clock.advance(20);
    }
    expect(seen.skipped).toBeGreaterThan(0);
    const before = seen.text.length;
    output.taken(before);
    await clock.advance(8);
    expect(seen.text.length).toBeGreaterThan(before);
  });

  test('a pause in what is left out does not bring the flood back, but a new command does', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    output.interrupt();
    write(flood);
    await clock.advance(30);
    write(flood);
    write('^C\n$ ');
    expect(seen.text.endsWith('^C\n$ ')).toBe(true);
    output.taken(seen.text.length);
    output.command();
    const before = seen.text.length;
    write(flood);
    await clock.advance(8);
    expect(seen.text.slice(before)).toBe(flood);
  });
});
