/** One measured figure, as printed: design.md calls these lines the product's promises. */
export interface Figure {
  id: string;
  value: number;
  unit: string;
  /** What it is compared with, in the same run. */
  against: string;
  goal: string;
  holds: boolean;
  n: number;
  /** Smallest and largest of the n values. */
  spread: [number, number];
}

/** The median of an odd or even number of values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) throw new Error('No values, so no median');
  const upper = sorted[Math.floor(middle)] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** A figure out of its values: the median, held against a bound. */
export function toFigure(
  values: readonly number[],
  figure: { id: string; unit: string; against: string; atMost?: number; atLeast?: number },
): Figure {
  const value = median(values);
  const { atMost, atLeast, ...rest } = figure;
  const goal = atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  const holds = atMost === undefined ? value >= (atLeast as number) : value <= atMost;
  return {
    ...rest,
    value: round(value),
    goal,
    holds,
    n: values.length,
    spread: [round(Math.min(...values)), round(Math.max(...values))],
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
