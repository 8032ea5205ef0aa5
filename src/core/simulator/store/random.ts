/** Random numbers that a seed decides, so that a run can be repeated. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [from, to]. */
  integer(from: number, to: number): number;
  pick<T>(values: readonly T[]): T;
  chance(probability: number): boolean;
  /** An independent stream: drawing from it does not move this one. */
  fork(name: string): Random;
  uid(): string;
  /** Kubernetes' generated suffix: no vowels, no look-alikes. */
  suffix(length: number): string;
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

export function createRandom(seed: string): Random {
  let state = hash(seed);
  // splitmix32: 32 bits of state pass the usual statistical batteries, and one draw is a few integer operations.
  const draw = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const hex = () => draw().toString(16).padStart(8, '0');
  const random: Random = {
    next: () => draw() / 4294967296,
    integer: (from, to) => from + Math.floor((draw() / 4294967296) * (to - from + 1)),
    pick(values) {
      const value = values[Math.floor((draw() / 4294967296) * values.length)];
      if (value === undefined) throw new RangeError('Nothing to pick from');
      return value;
    },
    chance: (probability) => draw() / 4294967296 < probability,
    fork: (name) => createRandom(`${seed}/${name}`),
    uid() {
      const [a, b, c, d] = [hex(), hex(), hex(), hex()];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
    suffix(length) {
      let text = '';
      for (let index = 0; index < length; index++) text += suffixLetters[draw() % suffixLetters.length];
      return text;
    },
  };
  return random;
}

/** FNV-1a over UTF-16 units. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
