import { definition as classification } from '../../predictions/protocols/classification.js';
import { FIVE_GIVEN, FIVE_LABELS, FIVE_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'mcc',
  title: 'Matthews correlation',
  field: 'classification',
  keys: [{ pattern: 'mcc', meaning: 'correlation of labels and predictions' }],
  summary: 'Correlation of predicted and true classes; 0 for predictions that know nothing, 1 for perfect ones.',
  definition:
    'For two classes the Pearson correlation of two columns of 0 and 1; for more, Gorodkin’s R_K. With s right of n examples, $t_c$ labels and $p_c$ predictions of class c:',
  formula: String.raw`R_K = \frac{s\,n - \sum_c t_c p_c}{\sqrt{n^2 - \sum_c p_c^2}\,\sqrt{n^2 - \sum_c t_c^2}}`,
  resampled: 'Images; no mean over them, so intervals need a bootstrap that counts again.',
  ties: 'Those of the predicted class: of equal scores the first class.',
  edges: [
    'Constant predictions have 0, the limit of small changes.',
    'Absent, with a warning, where every label is of one class: no correlation exists.',
  ],
  oracle: { tool: 'scikit-learn matthews_corrcoef', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases of two, five and twelve classes',
    },
  ],
  disagreements: [
    'scikit-learn gives 0 for constant *labels* too; here the score is absent, since nothing was measured.',
  ],
  sources: [
    { title: 'Matthews 1975', url: 'https://doi.org/10.1016/0005-2795(75)90109-9' },
    {
      title: 'Gorodkin 2004, Comparing two K-category assignments',
      url: 'https://doi.org/10.1016/j.compbiolchem.2004.09.006',
    },
  ],
  example: {
    given: FIVE_GIVEN,
    working:
      '$s = 3$, $n = 5$; labels 3 and 2, predictions 3 and 2: $(15 - 13)/\\sqrt{(25 - 13)(25 - 13)} = 2/12 \\approx 0.1667$.',
    results: { mcc: 1 / 6 },
    compute: () => scoreFiles(classification, FIVE_PREDICTIONS, FIVE_LABELS),
  },
};
