/** Rates of decisions by group. */

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

/** Groups in ascending order of their names. `decisions` and `labels` are 0 or 1. */
export function groupRates(
  decisions: ArrayLike<number>,
  labels: ArrayLike<number>,
  groups: readonly string[],
): GroupRates[] {
  const counts = new Map<string, [tn: number, fp: number, fn: number, tp: number]>();
  groups.forEach((group, i) => {
    const cells = counts.get(group) ?? [0, 0, 0, 0];
    cells[2 * labels[i]! + decisions[i]!]!++;
    counts.set(group, cells);
  });
  return [...counts.keys()].sort().map((group) => {
    const [tn, fp, fn, tp] = counts.get(group)!;
    const n = tn + fp + fn + tp;
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
