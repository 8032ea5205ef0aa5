import type { Unit } from '../../../kube/columns/schema.ts';

/**
 * Suffixes of Kubernetes quantities (apimachinery's resource.Quantity): decimal ones are powers of ten, binary ones
 * powers of 1024. `K` is not among them, but meant often enough.
 */
const decimal: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};
const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const durations: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

const number = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z%]*)$/;

/**
 * Reads an operand in the unit of its column: `500m` and `2` for cores, `1Gi` for bytes, `90s` and `1h30m` for seconds.
 * @returns the value as the column holds it, or what would have been understood
 */
export function readOperand(text: string, unit: Unit | undefined): number | { expected: string } {
  switch (unit) {
    case 'seconds':
      return readDuration(text) ?? { expected: 'a duration such as 90s, 5m, 2h or 3d' };
    case 'millicores': {
      const cores = readQuantity(text);
      return cores === undefined ? { expected: 'an amount of CPU such as 500m or 2' } : cores * 1000;
    }
    case 'bytes':
      return (
        readQuantity(text.replace(/(?<=[KMGTPEi])B$/, '')) ?? {
          expected: 'an amount of bytes such as 512Mi, 1Gi or 2G',
        }
      );
    case 'percent': {
      const percent = plainNumber(text.endsWith('%') ? text.slice(0, -1) : text);
      return percent ?? { expected: 'a percentage such as 80 or 80%' };
    }
    case 'flag': {
      const word = text.toLowerCase();
      if (['true', 'yes', 'on', '1'].includes(word)) return 1;
      if (['false', 'no', 'off', '0'].includes(word)) return 0;
      return { expected: 'true or false' };
    }
    case 'count':
    case undefined:
      return readQuantity(text) ?? { expected: 'a number' };
  }
}

export function readQuantity(text: string): number | undefined {
  const found = number.exec(text);
  if (found === null) return undefined;
  const [, digits, suffix] = found;
  const factor = suffix === '' ? 1 : (decimal[suffix as string] ?? binary[suffix as string]);
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Seconds of `90s`, `1h30m`, `2d`; a bare number is seconds. */
export function readDuration(text: string): number | undefined {
  const bare = plainNumber(text);
  if (bare !== undefined) return bare;
  if (!/^(?:\d+(?:\.\d+)?[smhdwy])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, digits, suffix] of text.matchAll(/(\d+(?:\.\d+)?)([smhdwy])/g)) {
    seconds += Number(digits) * (durations[suffix as string] as number);
  }
  return seconds;
}

/** Seconds since the epoch of `2026-11-23` or `2026-11-23T10:00Z`. */
export function readInstant(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant / 1000;
}

function plainNumber(text: string): number | undefined {
  const found = number.exec(text);
  return found === null || found[2] !== '' ? undefined : Number(found[1]);
}
