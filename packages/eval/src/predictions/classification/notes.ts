/** What the classification benchmarks accept, in the words of `score --formats`. */
import type { FileNote } from '../types.js';

export const predictionNotes = (rows: string, classes: string): readonly FileNote[] => [
  {
    name: 'probabilities or logits',
    formats: ['.npy', '.csv', '.tsv', 'plain text'],
    contents: `Numbers [${rows}, ${classes}]. Rows that all sum to 1 ± 1e-3 within [0, 1] are probabilities, anything else logits. A header and a column id may stand in a text; one column of fractions is the probability of class 1.`,
    example: 'id,cat,dog,bird\n17,0.7,0.2,0.1\n18,0.05,0.9,0.05',
  },
  {
    name: 'named arrays',
    formats: ['.npz'],
    contents: `probabilities or logits [${rows}, ${classes}], and labels [${rows}] if wanted; the name decides what they are.`,
    example: 'np.savez("predictions.npz", logits=z, labels=y)',
  },
  {
    name: 'predicted classes',
    formats: ['.npy', '.csv', 'plain text'],
    contents: `Whole numbers [${rows}] from 0, or a column called prediction; scores that need probabilities are then absent.`,
    example: 'id,prediction\n17,0\n18,1',
    optional: true,
  },
];

export const pageOfRules = `## Rules

- The predicted class is the one with the largest score, of equal ones the first; top-5 takes equal scores in class order.
- Logits go through a softmax in float64. Their \`nll\` is the log-softmax, unbounded; of probabilities p is at least 2⁻⁵².
- \`brier\` sums over all classes (0 to 2). \`ece\`: 15 equal bins (lo, hi] of the largest probability. \`adaptive_ece\`: 15 bins
  of equal counts (sizes differ by one at most), equal confidences sharing their hits.
- \`aurc\`, \`e_aurc\`: mean error rate over all coverages by descending confidence, and its excess over a perfect ranking;
  equal confidences count by their expectation.
- \`f1_macro\` is over the classes that occur among labels or predictions, \`balanced_accuracy\` over those among the labels.
- \`mcc\` is the multi-class R_K: 0 for constant predictions, absent where all labels are of one class.
- \`roc_auc\` and \`pr_auc\` are those of class 1 of two; for more, the mean over classes against the rest, classes without a
  label left out with a warning. Equal scores count a half; \`pr_auc\` is average precision (step-wise, no interpolation).
- Intervals draw examples. Calibration errors and areas are computed anew from every drawing; the areas under curves of more than
  8,388,608 probabilities have no interval, since a thousand rankings of them would take minutes.

## Known disagreements

scikit-learn's \`log_loss\` clips float32 probabilities at 1.2e-7 and rescales rows; its \`matthews_corrcoef\` gives 0 for
constant labels, and \`roc_auc_score\` refuses a class without labels. A trapezoid under the precision-recall curve is larger
than average precision. The adaptive error of the focal-calibration code interpolates its edges and drops the least
confident example. The binary Brier score of scikit-learn is half of this one. \`e_aurc\` subtracts the area of the perfect
ranking of these very examples; papers that take its limit r + (1 − r) ln(1 − r) for the error rate r differ by about 1/n.
`;
