import { definition as topK } from '../../metrics/top-k.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'top_k_accuracy',
  title: 'Top-k accuracy',
  field: 'classification',
  keys: [{ pattern: 'top_{k}_accuracy', meaning: 'share of labels among the k most probable classes' }],
  summary: 'Share of examples whose label is among the k most probable classes; k is 5 here.',
  definition:
    'Classes are ranked by their score for each example. The example counts if its label stands at rank k or better. Exactly k classes are looked at, whatever ties there are.',
  formula: String.raw`\mathrm{top}_k = \frac{1}{n}\sum_{i=1}^{n} \mathbf{1}\!\left[\operatorname{rank}_i(y_i) \le k\right]`,
  resampled: 'Images; the score is their mean.',
  ties: 'Equally probable classes stand in the order of the classes, so one tied with the label but before it takes its place.',
  edges: [
    'With k classes or fewer every example is right and the value is 1.',
    'Absent where predicted classes are handed in without scores.',
  ],
  oracle: { tool: 'scikit-learn top_k_accuracy_score', version: '1.2.1 (predictions), 1.9.1 (training)' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals on 70 examples of twelve classes',
    },
    { path: 'packages/eval/src/metrics/classification.test.ts', figure: 'equal on 40 examples of 8 classes (.65)' },
  ],
  disagreements: [
    'At a tie on the border scikit-learn sorts stably and takes the *last* classes; PyTorch’s `topk` promises no order. Both differ from this rule only where scores are equal.',
    'Counting the label as found whenever its score reaches the k-th largest (“optimistic” ties) gives a constant prediction 100 %.',
  ],
  sources: [
    { title: 'Russakovsky et al. 2015, ImageNet challenge (top-5 error)', url: 'https://arxiv.org/abs/1409.0575' },
  ],
  example: {
    given:
      'Three examples of six classes, all with the probabilities .3, .14, .14, .14, .14, .14. Their labels are classes 0, 4 and 5.',
    working:
      'Classes 1 to 5 tie for ranks 2 to 6 and stand in order, so class 4 has rank 5 and class 5 rank 6. Two of three labels are among the first five: $2/3 \\approx 0.6667$.',
    results: { top_5_accuracy: 2 / 3 },
    compute: () =>
      topK.compute({
        probabilities: Float64Array.from({ length: 18 }, (_, i) => (i % 6 === 0 ? 0.3 : 0.14)),
        labels: Int32Array.of(0, 4, 5),
        n: 3,
        width: 6,
      }).scores,
  },
};
