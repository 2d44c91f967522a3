import { definition as classification } from '../../predictions/protocols/classification.js';
import { FOUR_GIVEN, FOUR_LABELS, FOUR_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'accuracy',
  title: 'Accuracy',
  field: 'classification',
  keys: [{ pattern: 'accuracy', meaning: 'share of right predictions' }],
  except: ['face-verification'],
  summary: 'Share of examples whose most probable class is their label.',
  definition:
    'The predicted class is the one with the largest probability, logit or decision. Accuracy is the share of examples on which it equals the label. Every example counts the same, so on unbalanced data a constant prediction may score high.',
  formula: String.raw`\mathrm{accuracy} = \frac{1}{n}\sum_{i=1}^{n} \mathbf{1}\!\left[\arg\max_c p_{ic} = y_i\right]`,
  resampled: 'Images (rows); the score is their mean, so intervals come from one 0 or 1 an image.',
  ties: 'Of equally probable classes the one that stands first is predicted.',
  edges: [
    'An empty input and values that are not finite are refused.',
    'With a single class the accuracy is 1.',
    'On CIFAR-10N and CIFAR-100N the labels are the clean ones; on CIFAR-10H the key is absent unless labels are handed in.',
  ],
  oracle: { tool: 'scikit-learn accuracy_score', version: '1.2.1 (predictions), 1.9.1 (training)' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals on 220 examples in three cases, ties included',
    },
    { path: 'packages/eval/src/metrics/classification.test.ts', figure: 'equal on 40 examples of 8 classes (.25)' },
  ],
  disagreements: [
    'Counting an example as right when its label *ties* for the top score gives constant predictions 100 %. NumPy and PyTorch take the first of equal values, as here.',
    'Rounding scores to float16 or to a few printed digits makes ties that full precision does not have.',
    'Face verification calls a cross-validated share of pairs accuracy: see [verification accuracy](/metrics/verification_accuracy).',
  ],
  sources: [
    {
      title: 'scikit-learn user guide: accuracy score',
      url: 'https://scikit-learn.org/stable/modules/model_evaluation.html#accuracy-score',
    },
  ],
  example: {
    given: FOUR_GIVEN,
    working: 'The predicted classes are 0, 1, 2, 0. The first two are right: $2/4 = 0.5$.',
    results: { accuracy: 2 / 4 },
    compute: () => scoreFiles(classification, FOUR_PREDICTIONS, FOUR_LABELS),
  },
};
