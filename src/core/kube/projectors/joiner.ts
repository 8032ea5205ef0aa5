/**
 * Joins two texts, giving the same string object for the same two: a fresh concatenation has to be flattened and hashed
 * before a dictionary can find it, which costs more than everything else about a cell. For texts from small sets.
 */
export function createJoiner(separator: string, limit = 50_000): (a: string, b: string) => string {
  const joined = new Map<string, Map<string, string>>();
  let size = 0;
  return (a, b) => {
    let after = joined.get(a);
    if (after === undefined) {
      after = new Map();
      joined.set(a, after);
    }
    let text = after.get(b);
    if (text === undefined) {
      text = a + separator + b;
      if (size++ > limit) {
        joined.clear();
        size = 0;
      } else after.set(b, text);
    }
    return text;
  };
}

const ratios: (string | undefined)[] = [];

/** `2/3` */
export function ratio(part: number, whole: number): string {
  if (part < 0 || part > 63 || whole < 0 || whole > 63) return `${part}/${whole}`;
  const key = part * 64 + whole;
  let text = ratios[key];
  if (text === undefined) {
    text = `${part}/${whole}`;
    ratios[key] = text;
  }
  return text;
}
