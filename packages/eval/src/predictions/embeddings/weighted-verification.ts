/** Verification of pairs that count several times or not at all. */
import type { WeightedScores } from '../reweighing.js';
import type { OperatingPoint } from './verification.js';
import { areaUnderRoc, equalErrorRate, trueAcceptRate } from './verification.js';

/** `eer`, `auc` and `tar_at_far_1e-k` for each of the exponents k; none without a pair of either kind. */
export function weightedVerification(
  similarities: Float64Array,
  same: Uint8Array,
  exponents: readonly number[],
): WeightedScores {
  const order = Int32Array.from(similarities, (_, i) => i).sort((a, b) => similarities[b]! - similarities[a]!);
  return (weights) => {
    const points: OperatingPoint[] = [{ threshold: Infinity, trueAccepts: 0, falseAccepts: 0 }];
    let [trueAccepts, falseAccepts] = [0, 0];
    order.forEach((pair, place) => {
      if (same[pair]) trueAccepts += weights[pair]!;
      else falseAccepts += weights[pair]!;
      const threshold = similarities[pair]!;
      const next = order[place + 1];
      if (next === undefined || similarities[next] !== threshold) points.push({ threshold, trueAccepts, falseAccepts });
    });
    if (trueAccepts === 0 || falseAccepts === 0) return {};
    const rates = exponents.map((k) => [`tar_at_far_1e-${k}`, trueAcceptRate(points, 10 ** -k)]);
    return {
      ...(Object.fromEntries(rates) as Record<string, number>),
      eer: equalErrorRate(points),
      auc: areaUnderRoc(points),
    };
  };
}
