import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeClock } from '../../core/kernel/clock.ts';
import { channels, Gate } from './channels.ts';

const runs = Number(process.env.KUBESAGE_FUZZ ?? 20_000);

it('S4 admits nothing but what a channel names, whatever is sent', () => {
  const themes = new Set(['system', 'light', 'dark']);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.anything(), fc.constantFrom('dark', 'file', 'system')), { maxLength: 3 }),
      (values) => {
        const admitted = new Gate(channels.theme).admit(values);
        const fits = values.length === 1 && typeof values[0] === 'string' && themes.has(values[0]);
        expect(admitted).toEqual(fits ? values : undefined);
        expect(new Gate(channels.connect).admit(values)).toEqual(values.length === 0 ? [] : undefined);
      },
    ),
    { numRuns: runs },
  );
});

it('S4 drops what comes too often, and goes on when it has become quiet', async () => {
  const clock = new FakeClock();
  const gate = new Gate(channels.chooseKubeconfig, clock);
  const admitted = Array.from({ length: 200 }, () => gate.admit(['file'])).filter((values) => values !== undefined);
  expect(admitted).toHaveLength(60);
  await clock.advance(1_000);
  expect(gate.admit(['folder'])).toEqual(['folder']);
  expect(gate.admit(['folder'])).toBeUndefined();
});

it('S4 counts messages that do not fit, too', () => {
  const gate = new Gate(channels.connect, new FakeClock());
  for (let turn = 0; turn < 120; turn++) gate.admit(['junk']);
  expect(gate.admit([])).toBeUndefined();
});
