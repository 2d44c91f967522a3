/** Scores of predicted classes: F1, balanced accuracy and the Matthews correlation from the counts of each class. */

interface Margins {
  readonly hits: Float64Array;
  readonly actual: Float64Array;
  readonly chosen: Float64Array;
  readonly n: number;
}

function marginsOf(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights: Uint8Array | null,
): Margins {
  const [hits, actual, chosen] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  let n = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights ? weights[i]! : 1;
    n += weight;
    actual[labels[i]!]! += weight;
    chosen[predicted[i]!]! += weight;
    if (labels[i] === predicted[i]) hits[labels[i]!]! += weight;
  }
  return { hits, actual, chosen, n };
}

export interface ClassScores {
  readonly f1Macro: number;
  readonly f1Micro: number;
  readonly balancedAccuracy: number;
  /** Absent where every label is of one class. */
  readonly mcc?: number;
}

/**
 * F1 of a class is 2·hits / (true + predicted); macro is the mean over the classes that occur among labels or predictions,
 * micro that of the totals, which for one label an example is the accuracy. Balanced accuracy is the mean recall of the
 * classes that occur among the labels. The Matthews correlation is Gorodkin's R_K (2004), 0 for constant predictions (the
 * limit of small perturbations) and absent for constant labels. In [0, 1], the correlation in [−1, 1]. With `weights` each example
 * counts so many times.
 */
export function classScores(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights: Uint8Array | null = null,
): ClassScores {
  const { hits, actual, chosen, n } = marginsOf(labels, predicted, classes, weights);
  let [f1, occurring, recall, present, right] = [0, 0, 0, 0, 0];
  let [cross, squaresActual, squaresChosen] = [0, 0, 0];
  for (let c = 0; c < classes; c++) {
    if (actual[c]! + chosen[c]! > 0) {
      f1 += (2 * hits[c]!) / (actual[c]! + chosen[c]!);
      occurring++;
    }
    if (actual[c]! > 0) {
      recall += hits[c]! / actual[c]!;
      present++;
    }
    right += hits[c]!;
    cross += actual[c]! * chosen[c]!;
    squaresActual += actual[c]! ** 2;
    squaresChosen += chosen[c]! ** 2;
  }
  const scores = { f1Macro: f1 / occurring, f1Micro: right / n, balancedAccuracy: recall / present };
  if (present < 2) return scores;
  const spread = Math.sqrt(n * n - squaresActual) * Math.sqrt(n * n - squaresChosen);
  return { ...scores, mcc: spread === 0 ? 0 : (right * n - cross) / spread };
}
