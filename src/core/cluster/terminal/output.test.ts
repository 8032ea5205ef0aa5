import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { Output } from './output.ts';

function setUp() {
  const clock = new FakeClock();
  const seen = { text: '', messages: 0, skipped: 0, held: false };
  const output = new Output({
    clock,
    send(_, text) {
      seen.text += text;
      seen.messages++;
    },
    skipped: (count) => {
      seen.skipped += count;
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

  test('a source is held back until the screen has taken half', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    expect(seen.held).toBe(true);
    output.taken(200_000);
    expect(seen.held).toBe(true);
    output.taken(100_000);
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
        while (!seen.held) {
          write(line.repeat(50));
          await clock.advance(0);
        }
        output.finish();
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

  test('a program that goes on after the interrupt is shown, and held back, again', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    output.interrupt();
    for (let at = 0; at < 250; at++) {
      write(flood.slice(0, 20_000));
      await clock.advance(20);
    }
    expect(seen.skipped).toBeGreaterThan(0);
    expect(seen.held).toBe(true);
  });

  test('a pause in what is left out does not bring the flood back, but a new command does', async () => {
    const { clock, seen, output, write } = setUp();
    write(flood);
    await clock.advance(8);
    output.interrupt();
    write(flood);
    await clock.advance(30);
    write(flood);
    expect(seen.held).toBe(false);
    write('^C\n$ ');
    expect(seen.text.endsWith('^C\n$ ')).toBe(true);
    output.taken(seen.text.length);
    output.command();
    write(flood);
    await clock.advance(8);
    expect(seen.held).toBe(true);
  });
});
