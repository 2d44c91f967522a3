/** Calibration error over bins that hold equally many examples. */

/**
 * Σ_b (n_b / n) |accuracy_b − mean confidence_b| over `bins` bins in ascending confidence whose sizes differ by one at most,
 * the first n mod bins being the larger ones. Where an edge falls among equal confidences, these share their hits evenly, so
 * that the order of the examples does not matter. In [0, 1]. Source: Nguyen and O'Connor 2015; Nixon et al. 2019.
 */
export function adaptiveCalibrationError(confidences: Float64Array, correct: ArrayLike<number>, bins: number): number {
  const n = confidences.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => confidences[a]! - confidences[b]! || a - b);
  // The expected hit of each position: the mean over its group of equal confidences.
  const hits = new Float64Array(n);
  for (let start = 0; start < n;) {
    let [end, sum] = [start, 0];
    while (end < n && confidences[order[end]!] === confidences[order[start]!]) sum += correct[order[end++]!]!;
    hits.fill(sum / (end - start), start, end);
    start = end;
  }
  let total = 0;
  for (let bin = 0, from = 0; bin < bins; bin++) {
    const to = from + Math.floor(n / bins) + (bin < n % bins ? 1 : 0);
    let gap = 0;
    for (let at = from; at < to; at++) gap += hits[at]! - confidences[order[at]!]!;
    total += Math.abs(gap);
    from = to;
  }
  return total / n;
}
