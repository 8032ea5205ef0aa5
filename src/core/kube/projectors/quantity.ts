const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The few hundred different quantities of a fleet, each read once. */
const known = new Map<string, number>();

/** A Kubernetes quantity (`500m`, `1.5Gi`, `1e3`) as a float; NaN for '' and for what is none. */
export function quantity(text: string): number {
  if (text === '') return Number.NaN;
  let value = known.get(text);
  if (value === undefined) {
    value = parse(text);
    if (known.size > 20_000) known.clear();
    known.set(text, value);
  }
  return value;
}

/** The same in thousandths, without the error that a product of floats brings (`0.1` is 100). */
export function milli(text: string): number {
  const value = quantity(text);
  return Math.round(value * 1e9) / 1e6;
}

function parse(text: string): number {
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, amount = '', suffix = ''] = parts;
  const scale = suffixes[suffix];
  return scale === undefined ? Number(amount + suffix) : Number(amount) * scale;
}
