const binary: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const decimal: Readonly<Record<string, number>> = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** A fleet has few different quantities, and computes with them all the time. */
const known = new Map<string, number>();

/** A quantity such as `500m` or `2Gi` in its base unit (cores, bytes); 0 when absent. */
export function quantity(text: string | undefined): number {
  if (text === undefined) return 0;
  let value = known.get(text);
  if (value === undefined) {
    value = parseQuantity(text);
    if (known.size < 10_000) known.set(text, value);
  }
  return value;
}

function parseQuantity(text: string): number {
  const parts = /^([0-9.]+)([A-Za-z]*)$/.exec(text);
  if (parts === null) return 0;
  const suffix = parts[2] ?? '';
  return Number(parts[1]) * (binary[suffix] ?? decimal[suffix] ?? 1);
}

export const millicores = (text: string | undefined) => Math.round(quantity(text) * 1000);
