/** Rates of decisions by group. */

/** Group of each example as a position among the names, which ascend. */
export interface Grouped {
  readonly names: readonly string[];
  readonly of: Int32Array;
}

export function grouped(groups: readonly string[]): Grouped {
  const names = [...new Set(groups)].sort();
  const positions = new Map(names.map((name, i) => [name, i]));
  return { names, of: Int32Array.from(groups, (group) => positions.get(group)!) };
}

export interface GroupRates {
  readonly group: string;
  readonly n: number;
  /** Share decided positive. */
  readonly selection: number;
  /** Of the negatives, the share decided positive; absent without negatives. */
  readonly falsePositive?: number;
  /** Of the positives, the share decided negative; absent without positives. */
  readonly falseNegative?: number;
  readonly accuracy: number;
}

/**
 * Groups in ascending order of their names, those of no weight left out. `decisions` and `labels` are 0 or 1; with `weights` each
 * example counts so many times.
 */
export function groupRates(
  decisions: ArrayLike<number>,
  labels: ArrayLike<number>,
  groups: Grouped,
  weights: Uint8Array | null = null,
): GroupRates[] {
  const counts = new Float64Array(4 * groups.names.length);
  groups.of.forEach((group, i) => {
    counts[4 * group + 2 * labels[i]! + decisions[i]!]! += weights ? weights[i]! : 1;
  });
  return groups.names.flatMap((group, g) => {
    const [tn, fp, fn, tp] = counts.subarray(4 * g, 4 * g + 4) as unknown as [number, number, number, number];
    const n = tn + fp + fn + tp;
    if (n === 0) return [];
    return {
      group,
      n,
      selection: (fp + tp) / n,
      ...(tn + fp > 0 ? { falsePositive: fp / (tn + fp) } : {}),
      ...(fn + tp > 0 ? { falseNegative: fn / (fn + tp) } : {}),
      accuracy: (tn + tp) / n,
    };
  });
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/** Largest minus smallest selection rate; absent below two groups. */
export const parityGap = (rates: readonly GroupRates[]): number | undefined =>
  rates.length < 2 ? undefined : spread(rates.map(({ selection }) => selection));

/**
 * The larger of the spreads of false-positive and of true-positive rates over the groups; absent below two groups and where
 * a group has only positives or only negatives.
 */
export function oddsGap(rates: readonly GroupRates[]): number | undefined {
  const positive = rates.flatMap(({ falsePositive }) => falsePositive ?? []);
  const negative = rates.flatMap(({ falseNegative }) => falseNegative ?? []);
  if (rates.length < 2 || positive.length < rates.length || negative.length < rates.length) return undefined;
  return Math.max(spread(positive), spread(negative));
}
