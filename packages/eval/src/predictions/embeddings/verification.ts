/** Verification of pairs by a similarity: same where it is at least a threshold. */

/** Pairs counted at one threshold. */
export interface OperatingPoint {
  /** Accepted are similarities at least this. */
  readonly threshold: number;
  /** Accepted pairs of the same, and of different identities. */
  readonly trueAccepts: number;
  readonly falseAccepts: number;
}

/** Every operating point that differs, from rejecting all (threshold Infinity) to accepting all; equal values move together. */
export function operatingPoints(similarities: ArrayLike<number>, same: ArrayLike<number>): OperatingPoint[] {
  const order = Array.from(similarities, (_, i) => i).sort((a, b) => similarities[b]! - similarities[a]!);
  const points: OperatingPoint[] = [{ threshold: Infinity, trueAccepts: 0, falseAccepts: 0 }];
  let [trueAccepts, falseAccepts] = [0, 0];
  order.forEach((pair, place) => {
    if (same[pair]) trueAccepts++;
    else falseAccepts++;
    const threshold = similarities[pair]!;
    const next = order[place + 1];
    if (next === undefined || similarities[next] !== threshold) points.push({ threshold, trueAccepts, falseAccepts });
  });
  return points;
}

/** Greatest share of same pairs accepted at a false-accept rate of at most `rate`. */
export function trueAcceptRate(points: readonly OperatingPoint[], rate: number): number {
  const { trueAccepts: positives, falseAccepts: negatives } = points.at(-1)!;
  // A count of at most rate·negatives, and 1e-3 of 3,000 is 3 whatever its binary form is.
  const most = Math.floor(rate * negatives * (1 + 1e-12));
  return points.findLast(({ falseAccepts }) => falseAccepts <= most)!.trueAccepts / positives;
}

/** Rate at which false accepts and false rejects are equal, on the ROC with straight lines between its points. */
export function equalErrorRate(points: readonly OperatingPoint[]): number {
  const { trueAccepts: positives, falseAccepts: negatives } = points.at(-1)!;
  const rates = points.map(({ trueAccepts, falseAccepts }) => ({
    accept: falseAccepts / negatives,
    reject: 1 - trueAccepts / positives,
  }));
  const at = rates.findIndex(({ accept, reject }) => accept >= reject);
  const [before, after] = [rates[at - 1]!, rates[at]!];
  const [gap, next] = [before.reject - before.accept, after.reject - after.accept];
  return before.accept + (gap / (gap - next)) * (after.accept - before.accept);
}

/** Chance that a same pair is more similar than a different one, equal ones counting half. */
export function areaUnderRoc(points: readonly OperatingPoint[]): number {
  const { trueAccepts: positives, falseAccepts: negatives } = points.at(-1)!;
  let doubled = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    doubled += (b.falseAccepts - a.falseAccepts) * (a.trueAccepts + b.trueAccepts);
  }
  return doubled / (2 * positives * negatives);
}

/**
 * Threshold with the most right answers: half-way between neighbouring values, or beyond either end by 1; of equally
 * good ones the greatest, which accepts least.
 */
export function bestThreshold(points: readonly OperatingPoint[]): number {
  const negatives = points.at(-1)!.falseAccepts;
  const right = ({ trueAccepts, falseAccepts }: OperatingPoint): number => trueAccepts + negatives - falseAccepts;
  let best = 0;
  for (let i = 1; i < points.length; i++) if (right(points[i]!) > right(points[best]!)) best = i;
  if (best === 0) return points[1]!.threshold + 1;
  const [here, next] = [points[best]!.threshold, points[best + 1]?.threshold];
  if (next === undefined) return here - 1;
  const middle = next + (here - next) / 2;
  // Neighbours so close that nothing lies between them: the upper one itself accepts the same.
  return middle > next ? middle : here;
}

export interface FoldAccuracy {
  readonly threshold: number;
  readonly accuracy: number;
}

/** Per fold: the threshold chosen on all other folds, and the accuracy with it; and whether each pair came out right. */
export function crossValidate(
  similarities: Float64Array,
  same: Uint8Array,
  fold: Int32Array,
  folds: number,
): { readonly folds: readonly FoldAccuracy[]; readonly right: Float64Array } {
  const right = new Float64Array(similarities.length);
  const results = Array.from({ length: folds }, (_, f) => {
    const others = (_: number, i: number): boolean => fold[i] !== f;
    const threshold = bestThreshold(operatingPoints(similarities.filter(others), same.filter(others)));
    let [hits, count] = [0, 0];
    similarities.forEach((value, i) => {
      if (fold[i] !== f) return;
      right[i] = Number((value >= threshold ? 1 : 0) === same[i]);
      hits += right[i]!;
      count++;
    });
    return { threshold, accuracy: hits / count };
  });
  return { folds: results, right };
}
