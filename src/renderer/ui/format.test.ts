import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMillicores,
  formatMoment,
  formatPercent,
  formatTime,
  splitName,
} from './format.ts';

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1023, '1 Ki'],
    [1.5 * 2 ** 30, '1.5 Gi'],
    [300 * 2 ** 20, '300 Mi'],
    [1000 * 2 ** 20, '0.98 Gi'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('bytes %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0'],
    [250, '250m'],
    [0.5, '0.5m'],
    [1500, '1.5'],
    [64_000, '64'],
    [271_300, '271'],
    [151_200_000, '151,200'],
    [undefined, '–'],
  ])('millicores %s', (millicores, text) => expect(formatMillicores(millicores)).toBe(text));

  it('counts and shares', () => {
    expect(formatCount(48_210)).toBe('48,210');
    expect(formatPercent(0.004)).toBe('<1 %');
    expect(formatPercent(0.425)).toBe('43 %');
    expect(formatPercent(0)).toBe('0 %');
  });

  it('never take more than seven characters up to 10 Ei', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10 * 2 ** 60, noNaN: true }), (bytes) => {
        expect(formatBytes(bytes).length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('times', () => {
  const minute = 60_000;
  it.each([
    [45_000, '45s'],
    [119_000, '119s'],
    [8 * minute + 12_000, '8m12s'],
    [42 * minute, '42m'],
    [185 * minute, '3h5m'],
    [12 * 60 * minute, '12h'],
    [76 * 60 * minute, '3d4h'],
    [120 * 24 * 60 * minute, '120d'],
    [770 * 24 * 60 * minute, '2y40d'],
    [-5, '0s'],
  ])('an age of %s ms', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text));

  it('are written in a zone, and in UTC when the zone is unknown', () => {
    const at = Date.UTC(2026, 10, 23, 14, 2, 11);
    expect(formatTime(at, 'UTC')).toBe('2026-11-23 14:02:11');
    expect(formatTime(at, 'Asia/Tokyo')).toBe('2026-11-23 23:02:11');
    expect(formatTime(at, 'Mars/Base')).toBe('2026-11-23 14:02:11 UTC');
  });

  it('leave out the day of today', () => {
    const at = Date.UTC(2026, 10, 23, 14, 2, 11);
    expect(formatMoment(at, 'UTC', at + minute)).toBe('14:02:11');
    expect(formatMoment(at, 'UTC', at + 24 * 60 * minute)).toBe('2026-11-23 14:02');
  });
});

describe('generated endings of names', () => {
  it.each([
    ['web-7d9c5b8f4-x2x9k', ['web', '-7d9c5b8f4-x2x9k']],
    ['node-exporter-q7w4z', ['node-exporter', '-q7w4z']],
    ['postgres-0', ['postgres-0', '']],
    ['kube-apiserver-node-1', ['kube-apiserver-node-1', '']],
  ])('of %s', (name, parts) => expect(splitName(name)).toEqual(parts));

  it('lose nothing', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(splitName(name).join('')).toBe(name);
      }),
    );
  });
});
