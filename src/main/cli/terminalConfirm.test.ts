import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../core/kernel/clock.ts';
import { createTerminalConfirm } from './terminalConfirm.ts';

const question = { message: 'Allow this program to run?', detail: '/usr/bin/aws eks get-token', hashes: ['abc'] };

function terminal(isTTY: boolean, approved: readonly string[] = []) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const clock = new FakeClock();
  const said = () => String(output.read() ?? '');
  return { input, said, clock, confirm: createTerminalConfirm({ input, output, approved, clock }) };
}

describe('S5, S11: what only the user may decide is asked in the terminal that started the server', () => {
  it('shows the words and the hash, and takes nothing but yes', async () => {
    for (const [typed, allowed] of [
      ['yes', true],
      [' YES ', true],
      ['y', false],
      ['', false],
      ['no', false],
    ] as const) {
      const { input, said, confirm } = terminal(true);
      const answer = confirm(question);
      expect(said()).toContain('/usr/bin/aws eks get-token\n\nhash abc');
      input.write(`${typed}\n`);
      expect(await answer).toBe(allowed);
    }
  });

  it('is a no when nobody answers or the terminal is closed', async () => {
    const silent = terminal(true);
    const late = silent.confirm(question);
    await silent.clock.advance(120_000);
    expect(await late).toBe(false);
    const closed = terminal(true);
    const gone = closed.confirm(question);
    closed.input.end();
    expect(await gone).toBe(false);
  });

  it('asks one at a time, and can ask again', async () => {
    const { input, confirm } = terminal(true);
    const first = confirm(question);
    await expect(confirm(question)).rejects.toMatchObject({ code: 'cancelled' });
    input.write('yes\n');
    expect(await first).toBe(true);
    const second = confirm(question);
    input.write('no\n');
    expect(await second).toBe(false);
  });

  it('without a terminal allows only what was approved at the start, all of it', async () => {
    const { confirm, said } = terminal(false, ['abc', 'def']);
    expect(await confirm(question)).toBe(true);
    expect(await confirm({ ...question, hashes: ['abc', 'def'] })).toBe(true);
    await expect(confirm({ ...question, hashes: ['abc', 'ghi'] })).rejects.toMatchObject({
      code: 'cancelled',
      hint: expect.stringContaining('--approve ghi'),
    });
    expect(said()).toContain('hash ghi');
    await expect(confirm({ ...question, hashes: [] })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
