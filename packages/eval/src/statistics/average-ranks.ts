/** Ranks with ties shared, as the rank tests need them. */

export interface AverageRanks {
  /** Parallel to the input, from 1; tied values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** Σ (t³ − t) over groups of t tied values: what ties take from the variance. */
  readonly tieTerm: number;
}

export function averageRanks(values: ArrayLike<number>): AverageRanks {
  const n = values.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  let tieTerm = 0;
  for (let first = 0, end = 0; first < n; first = end) {
    while (end < n && values[order[end]!] === values[order[first]!]) end++;
    const size = end - first;
    tieTerm += size ** 3 - size;
    for (let at = first; at < end; at++) ranks[order[at]!] = (first + 1 + end) / 2;
  }
  return { ranks, tieTerm };
}
