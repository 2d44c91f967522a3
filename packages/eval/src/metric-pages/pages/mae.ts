import { definition as regression } from '../../predictions/protocols/regression.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'mae',
  title: 'Mean absolute error',
  field: 'regression',
  keys: [{ pattern: 'mae', meaning: 'mean absolute error' }],
  summary: 'Mean distance between prediction and target, in the unit of the target.',
  definition:
    'Least for predictions of the median, and less moved by single large errors than [RMSE](/metrics/rmse), which it never exceeds.',
  formula: String.raw`\mathrm{MAE} = \frac{1}{n}\sum_{i=1}^{n}\lvert\mu_i - y_i\rvert`,
  resampled: 'Examples on `regression`, of which it is the mean; the 20 splits on the UCI boards.',
  ties: 'None.',
  edges: ['Values that are not finite are refused.'],
  oracle: { tool: 'scikit-learn mean_absolute_error', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/regression/regression.test.ts',
      figure: 'equal to 14 decimals on 12 examples (0.5745)',
    },
  ],
  disagreements: ['On standardised targets it is in standard deviations.'],
  sources: [
    {
      title: 'Willmott and Matsuura 2005, Advantages of the mean absolute error',
      url: 'https://doi.org/10.3354/cr030079',
    },
  ],
  example: {
    given: 'Two examples with predictions 1 and 5 and targets 1 and 1.',
    working: '$(0 + 4)/2 = 2$.',
    results: { mae: 2 },
    compute: () => scoreFiles(regression, { 'p.txt': '1\n5\n' }, { 'targets.txt': '1\n1\n' }),
  },
};
