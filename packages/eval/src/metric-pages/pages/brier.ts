import { definition as classification } from '../../predictions/protocols/classification.js';
import { FOUR_GIVEN, FOUR_LABELS, FOUR_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'brier',
  title: 'Brier score',
  field: 'calibration',
  keys: [{ pattern: 'brier', meaning: 'mean squared error of the probabilities, summed over classes' }],
  summary: 'Mean over examples of the squared difference between probabilities and label, summed over all classes.',
  definition:
    'A strictly proper score between 0 (certain and right) and 2 (certain and wrong). This is Brier’s own form with the sum over *all* classes.',
  formula: String.raw`\mathrm{BS} = \frac{1}{n}\sum_{i=1}^{n}\sum_{c=1}^{C}\left(p_{ic} - \mathbf{1}[y_i = c]\right)^2`,
  resampled: 'Images; the score is their mean.',
  ties: 'None: equal probabilities need no order.',
  edges: [
    'With a single class the value is 0.',
    'Absent where predicted classes are handed in without scores.',
    'Logits go through a softmax in float64 first.',
  ],
  oracle: {
    tool: 'scikit-learn brier_score_loss(scale_by_half=False), for two classes twice brier_score_loss',
    version: '1.9.1 (training), 1.2.1 (predictions)',
  },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases',
    },
    {
      path: 'packages/eval/src/metrics/classification.test.ts',
      figure: 'equal to 13 decimals on 40 examples (0.8891454663974347)',
    },
  ],
  disagreements: [
    'scikit-learn’s binary `brier_score_loss` squares the positive class alone and is *half* of this.',
    'Some papers divide by the number of classes as well.',
  ],
  sources: [
    {
      title: 'Brier 1950, Verification of forecasts expressed in terms of probability',
      url: 'https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2',
    },
  ],
  example: {
    given: FOUR_GIVEN,
    working: 'Example a: $(.7-1)^2 + .2^2 + .1^2 = .14$. The others: .26, .74 and .875. Mean: $2.015/4 = 0.50375$.',
    results: { brier: 2.015 / 4 },
    compute: () => scoreFiles(classification, FOUR_PREDICTIONS, FOUR_LABELS),
  },
};
