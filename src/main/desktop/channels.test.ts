import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channels, Gate } from './channels.ts';

const runs = Number(process.env.KUBESAGE_FUZZ ?? 20_000);

it('S4 admits nothing but what a channel names, whatever is sent', () => {
  const themes = new Set(['system', 'light', 'dark']);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.anything(), fc.constantFrom('dark', 'file', 'system')), { maxLength: 3 }),
      (values) => {
        const admitted = new Gate(channels.theme).admit(values, 0);
        const fits = values.length === 1 && typeof values[0] === 'string' && themes.has(values[0]);
        expect(admitted).toEqual(fits ? values : undefined);
        expect(new Gate(channels.connect).admit(values, 0)).toEqual(values.length === 0 ? [] : undefined);
      },
    ),
    { numRuns: runs },
  );
});

it('S4 drops what comes too often, until the next minute', () => {
  const gate = new Gate(channels.chooseKubeconfig);
  const admitted = Array.from({ length: 200 }, () => gate.admit(['file'], 1_000)).filter(
    (value) => value !== undefined,
  );
  expect(admitted).toHaveLength(60);
  expect(gate.admit(['folder'], 61_000)).toEqual(['folder']);
});

it('S4 counts messages that do not fit, too', () => {
  const gate = new Gate(channels.connect);
  for (let index = 0; index < 120; index++) gate.admit(['junk'], 0);
  expect(gate.admit([], 0)).toBeUndefined();
});
