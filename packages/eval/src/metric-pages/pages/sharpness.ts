import { definition as regression } from '../../predictions/protocols/regression.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'sharpness',
  title: 'Sharpness',
  field: 'regression',
  keys: [{ pattern: 'sharpness', meaning: 'root of the mean predicted variance' }],
  summary: 'Root of the mean predicted variance: how narrow the predictions are, right or not.',
  definition:
    'It does not look at the targets. Small is good among predictions that are calibrated; a model may reach any sharpness by claiming certainty.',
  formula: String.raw`\mathrm{sharpness} = \sqrt{\frac{1}{n}\sum_{i=1}^{n}\sigma_i^2}`,
  resampled: 'Examples on `regression`; it is no mean over them. The 20 splits on the UCI boards.',
  ties: 'None.',
  edges: ['Absent, with a warning, without standard deviations.'],
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/regression/regression.test.ts',
      figure: 'equal to 14 decimals on 12 examples (0.8182100891580353)',
    },
  ],
  disagreements: [
    'Others take the mean standard deviation, or the mean width of an interval, which is 3.92 times a standard deviation at 95 %.',
  ],
  sources: [
    { title: 'Gneiting, Balabdaoui and Raftery 2007', url: 'https://doi.org/10.1111/j.1467-9868.2007.00587.x' },
    {
      title: 'Kuleshov, Fenner and Ermon 2018, Accurate uncertainties for deep learning',
      url: 'https://arxiv.org/abs/1807.00263',
    },
  ],
  example: {
    given: 'Two examples with predicted standard deviations 1 and 7.',
    working: '$\\sqrt{(1 + 49)/2} = \\sqrt{25} = 5$.',
    results: { sharpness: 5 },
    compute: () => scoreFiles(regression, { 'p.csv': '0,1\n0,7\n' }, { 'targets.txt': '0\n0\n' }),
  },
};
