import { definition as regression } from '../../predictions/protocols/regression.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'coverage',
  title: 'Coverage of predicted intervals',
  field: 'regression',
  keys: [{ pattern: 'coverage_at_{level}', meaning: 'share of targets inside the central interval of that level' }],
  summary: 'Share of targets inside the central 95 % interval of the predicted normal distribution.',
  definition:
    'The interval is mean ± 1.95996 standard deviations. Good is .95: less means intervals that are too narrow, and more means too wide. Boards order by more being better, so read it beside [sharpness](/metrics/sharpness).',
  formula: String.raw`\frac{1}{n}\sum_{i=1}^{n}\mathbf{1}\!\left[\lvert y_i - \mu_i\rvert \le \Phi^{-1}\!\left(\tfrac{1 + \ell}{2}\right)\sigma_i\right],\qquad \ell = 0.95`,
  resampled: 'Examples on `regression`, of which it is the mean; the 20 splits on the UCI boards.',
  ties: 'Both ends belong to the interval.',
  edges: ['Absent, with a warning, without standard deviations.'],
  oracle: { tool: 'SciPy norm.ppf', version: '1.10.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/regression/regression.test.ts',
      figure: 'equal on 12 examples; the ends tried at 1 ± 10⁻⁵ deviations',
    },
  ],
  disagreements: [
    '“±2 standard deviations” covers 95.45 %.',
    'Intervals from quantile regression need not be central.',
  ],
  sources: [
    {
      title: 'Gneiting, Balabdaoui and Raftery 2007, Probabilistic forecasts, calibration and sharpness',
      url: 'https://doi.org/10.1111/j.1467-9868.2007.00587.x',
    },
  ],
  example: {
    given: 'Four examples with mean 0 and deviation 1; the targets are 0, 1.9, −1.9 and 2.',
    working: 'The interval is ±1.96; three of four lie inside: 0.75.',
    results: { 'coverage_at_0.95': 3 / 4 },
    compute: () => scoreFiles(regression, { 'p.csv': '0,1\n0,1\n0,1\n0,1\n' }, { 'targets.txt': '0\n1.9\n-1.9\n2\n' }),
  },
};
