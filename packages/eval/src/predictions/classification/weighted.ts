/** Calibration, selective risk and areas under curves of examples that count several times or not at all. */
import { smallestArea } from '../../metrics/aurc.js';
import { binOf } from '../../metrics/ece.js';
import type { WeightedScores } from '../reweighing.js';

/** Positions by descending value; the last of each run of equal values is stored as its complement, below 0. */
function ranking(values: Float64Array): Int32Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[b]! - values[a]! || a - b,
  );
  return order.map((item, at) => (values[order[at + 1] ?? -1] === values[item] ? item : ~item));
}

/**
 * `ece`, `adaptive_ece`, `aurc` and `e_aurc`, as if each example were there as often as its weight says.
 * `confidences` and `errors` (0 or 1) are [n].
 */
export function weightedRisks(confidences: Float64Array, errors: Uint8Array, bins: number): WeightedScores {
  const binned = Uint8Array.from(confidences, (confidence) => binOf(confidence, bins));
  const order = ranking(confidences);
  const groups = order.reduce((count, item) => count + Number(item < 0), 0);
  const [size, wrong, values] = [new Float64Array(groups), new Float64Array(groups), new Float64Array(groups)];
  let group = 0;
  for (const item of order) if (item < 0) values[group++] = confidences[~item]!;

  return (weights) => {
    const gaps = new Float64Array(bins);
    let [at, inGroup, wrongInGroup, n, mistakes] = [0, 0, 0, 0, 0];
    for (let place = 0; place < order.length; place++) {
      const code = order[place]!;
      const item = code < 0 ? ~code : code;
      const weight = weights[item]!;
      gaps[binned[item]!]! += weight * (1 - errors[item]! - confidences[item]!);
      inGroup += weight;
      wrongInGroup += weight * errors[item]!;
      if (code >= 0) continue;
      n += inGroup;
      mistakes += wrongInGroup;
      size[at] = inGroup;
      wrong[at++] = wrongInGroup;
      [inGroup, wrongInGroup] = [0, 0];
    }
    if (n === 0) return {};
    const aurc = riskCoverage(size, wrong) / n;
    return {
      ece: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / n,
      adaptive_ece: evenBins(size, wrong, values, n, bins) / n,
      aurc,
      e_aurc: Math.max(0, aurc - smallestArea(n, mistakes)),
    };
  };
}

/** Σ over the examples, most confident first, of the share of errors so far; equal ones in every order. */
function riskCoverage(size: Float64Array, wrong: Float64Array): number {
  let [area, before, seen] = [0, 0, 0];
  for (let g = 0; g < size.length; g++) {
    for (let t = 1; t <= size[g]!; t++) area += (before + (wrong[g]! * t) / size[g]!) / (seen + t);
    before += wrong[g]!;
    seen += size[g]!;
  }
  return area;
}

/** Σ over bins of equal counts, least confident first, of |hits − confidences|; equal ones share their hits. */
function evenBins(size: Float64Array, wrong: Float64Array, values: Float64Array, n: number, bins: number): number {
  let [group, left, total] = [size.length - 1, size.at(-1)!, 0];
  for (let bin = 0; bin < bins; bin++) {
    let room = Math.floor(n / bins) + (bin < n % bins ? 1 : 0);
    let gap = 0;
    while (room > 0) {
      if (left === 0) {
        left = size[--group]!;
        continue;
      }
      const taken = Math.min(room, left);
      gap += taken * (1 - wrong[group]! / size[group]! - values[group]!);
      room -= taken;
      left -= taken;
    }
    total += Math.abs(gap);
  }
  return total;
}

/**
 * `roc_auc` and `pr_auc`: of class 1 of two, else the mean over the classes with a weight among the labels, each against the
 * rest. `probabilities` is row-major [n, classes]. One call takes time O(n · classes).
 */
export function weightedAreas(probabilities: Float64Array, labels: Int32Array, classes: number): WeightedScores {
  const n = labels.length;
  const wanted = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  const rankings = wanted
    .filter((c) => labels.includes(c))
    .map((c) => {
      const order = ranking(Float64Array.from({ length: n }, (_, i) => probabilities[i * classes + c]!));
      // The lowest bit says whether the example is of the class.
      const coded = (item: number): number => 2 * item + Number(labels[item] === c);
      return { c, order: order.map((item) => (item < 0 ? ~coded(~item) : coded(item))) };
    });

  return (weights) => {
    const byClass = new Float64Array(classes);
    let total = 0;
    for (let i = 0; i < n; i++) {
      byClass[labels[i]!]! += weights[i]!;
      total += weights[i]!;
    }
    let [roc, rocCounted, average, counted] = [0, 0, 0, 0];
    for (const { c, order } of rankings) {
      const positives = byClass[c]!;
      const negatives = total - positives;
      if (positives === 0) continue;
      let [hits, misses, equalHits, equalMisses, pairs, precision] = [0, 0, 0, 0, 0, 0];
      for (let at = 0; at < n; at++) {
        const code = order[at]!;
        const item = code < 0 ? ~code : code;
        const weight = weights[item >> 1]!;
        if (item & 1) equalHits += weight;
        else equalMisses += weight;
        if (code >= 0) continue;
        hits += equalHits;
        misses += equalMisses;
        if (equalHits > 0) {
          pairs += equalHits * (negatives - misses + equalMisses / 2);
          precision += (equalHits * hits) / (hits + misses);
        }
        [equalHits, equalMisses] = [0, 0];
      }
      if (negatives > 0) {
        roc += pairs / positives / negatives;
        rocCounted++;
      }
      average += precision / positives;
      counted++;
    }
    return { roc_auc: roc / rocCounted, pr_auc: average / counted };
  };
}
