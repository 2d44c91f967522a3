/** Scores of rankings by one class's score: areas under the ROC and the precision-recall curve. */

export interface RankingAreas {
  /** Absent without a positive or without a negative. */
  readonly roc?: number;
  /** Absent without a positive. */
  readonly precisionRecall?: number;
}

/**
 * Of the scores of positives and of negatives, both sorted here in place. ROC: the share of pairs in which the positive
 * stands higher, equal scores counting a half. Precision-recall: average precision, Σ (R_k − R_(k−1)) P_k over the distinct
 * scores in descending order, so that equal scores enter together. Time O(n log n).
 */
export function rankingAreas(positives: Float64Array, negatives: Float64Array): RankingAreas {
  positives.sort();
  negatives.sort();
  const [m, n] = [positives.length, negatives.length];
  if (m === 0) return {};
  let [i, j] = [m - 1, n - 1];
  let [pairs, average] = [0, 0];
  while (i >= 0) {
    const score = positives[i]!;
    while (j >= 0 && negatives[j]! > score) j--;
    let [equalPositives, equalNegatives] = [0, 0];
    for (; i >= 0 && positives[i] === score; i--) equalPositives++;
    for (; j >= 0 && negatives[j] === score; j--) equalNegatives++;
    // j + 1 negatives stand lower than this score.
    pairs += equalPositives * (j + 1 + equalNegatives / 2);
    const [hits, misses] = [m - 1 - i, n - 1 - j];
    average += (equalPositives * hits) / (hits + misses);
  }
  return { ...(n > 0 ? { roc: pairs / m / n } : {}), precisionRecall: average / m };
}

export interface MeanAreas extends RankingAreas {
  /** Number of classes that the means are over. */
  readonly counted: number;
}

/**
 * For two classes the areas of class 1; for more the mean over the classes that occur among the labels, each against the
 * rest. `probabilities` is row-major [n, classes].
 */
export function classAreas(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  progress: (done: number) => void = () => undefined,
): MeanAreas {
  const n = labels.length;
  const occurrences = new Int32Array(classes);
  for (let i = 0; i < n; i++) occurrences[labels[i]!]!++;
  let [roc, rocCounted, average, counted] = [0, 0, 0, 0];
  for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
    const m = occurrences[c]!;
    progress(c);
    if (m === 0) continue;
    const [positives, negatives] = [new Float64Array(m), new Float64Array(n - m)];
    let [p, q] = [0, 0];
    for (let i = 0; i < n; i++) {
      const score = probabilities[i * classes + c]!;
      if (labels[i] === c) positives[p++] = score;
      else negatives[q++] = score;
    }
    const areas = rankingAreas(positives, negatives);
    if (areas.roc !== undefined) {
      roc += areas.roc;
      rocCounted++;
    }
    average += areas.precisionRecall!;
    counted++;
  }
  return {
    counted,
    ...(rocCounted > 0 ? { roc: roc / rocCounted } : {}),
    ...(counted > 0 ? { precisionRecall: average / counted } : {}),
  };
}
