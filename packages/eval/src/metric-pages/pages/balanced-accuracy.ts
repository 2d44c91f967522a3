import { definition as classification } from '../../predictions/protocols/classification.js';
import { FIVE_GIVEN, FIVE_LABELS, FIVE_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'balanced_accuracy',
  title: 'Balanced accuracy',
  field: 'classification',
  keys: [{ pattern: 'balanced_accuracy', meaning: 'mean recall of the classes' }],
  summary: 'Mean over the classes that occur of the share of their examples that is found.',
  definition:
    'The recall of every class among the labels, averaged with equal weights. A constant prediction scores one over the number of classes, however unbalanced the data are.',
  formula: String.raw`\mathrm{BA} = \frac{1}{|C|}\sum_{c \in C}\frac{\mathrm{TP}_c}{\mathrm{TP}_c + \mathrm{FN}_c}`,
  resampled: 'Images; no mean over them, so intervals need a bootstrap that counts again.',
  ties: 'Those of the predicted class: of equal scores the first class.',
  edges: ['Classes without a label are left out.', 'With a single class among the labels it is the accuracy.'],
  oracle: { tool: 'scikit-learn balanced_accuracy_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases',
    },
  ],
  disagreements: [
    'With `adjusted=True` scikit-learn rescales so that chance is 0; that is Youden’s J for two classes.',
    'For two classes some print the mean of *sensitivity and specificity* under this name, which is the same number.',
  ],
  sources: [
    {
      title: 'Brodersen et al. 2010, The balanced accuracy and its posterior distribution',
      url: 'https://doi.org/10.1109/ICPR.2010.764',
    },
  ],
  example: {
    given: FIVE_GIVEN,
    working: 'Recalls 2/3 and 1/2; their mean is $7/12 \\approx 0.5833$.',
    results: { balanced_accuracy: 7 / 12 },
    compute: () => scoreFiles(classification, FIVE_PREDICTIONS, FIVE_LABELS),
  },
};
