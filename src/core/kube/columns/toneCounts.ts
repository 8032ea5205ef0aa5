import { tones } from './schema.ts';

/** Index in `tones`; what is none of them is `unknown`. */
export function toneIndex(value: number): number {
  return value >= 0 && value < tones.length ? value : tones.indexOf('unknown');
}

/** Rows by cluster and tone. */
export class ToneCounts {
  readonly #byCluster = new Map<number, Float64Array>();

  /** Counts a row in (1) or out (-1). `tone` is the cell. */
  count(cluster: number, tone: number, sign: 1 | -1): void {
    let counts = this.#byCluster.get(cluster);
    if (counts === undefined) {
      counts = new Float64Array(tones.length);
      this.#byCluster.set(cluster, counts);
    }
    const index = toneIndex(tone);
    counts[index] = (counts[index] as number) + sign;
  }

  /** In the order of `tones`. */
  of(cluster: number): readonly number[] {
    return [...(this.#byCluster.get(cluster) ?? new Float64Array(tones.length))];
  }

  total(cluster: number): number {
    let sum = 0;
    for (const count of this.#byCluster.get(cluster) ?? []) sum += count;
    return sum;
  }

  forget(cluster: number): void {
    this.#byCluster.delete(cluster);
  }
}
