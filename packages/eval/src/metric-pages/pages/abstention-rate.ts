import { definition as certified } from '../../predictions/protocols/certified-accuracy.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'abstention_rate',
  title: 'Abstention rate',
  field: 'certified robustness',
  keys: [{ pattern: 'abstention_rate', meaning: 'share of examples without a prediction' }],
  summary: 'Share of examples on which the smoothed classifier could not name a class with confidence.',
  definition:
    'The certifier abstains where the lower bound of the leading class is not above ½ (predict = −1 in logs). More samples or a less careful α abstain less; compare rates only at equal ones.',
  formula: String.raw`\frac{1}{n}\sum_{i=1}^{n}\mathbf{1}\!\left[\underline{p}_A(x_i) \le \tfrac12\right]`,
  resampled: 'Images; the score is their mean.',
  ties: 'A bound of exactly ½ abstains.',
  edges: ['Abstained examples count as wrong in certified accuracy and 0 in the average radius.'],
  oracle: { tool: 'locuslab/smoothing', version: '78a4d94' },
  parity: [
    {
      path: 'packages/eval/src/predictions/certification/randomised-smoothing.test.ts',
      figure: 'counts at the border (505 of 1,000 at α = .001) abstain; bounds within 1e-12 of SciPy',
    },
  ],
  disagreements: [
    'The published analyze.py does not print it; papers count abstentions of *prediction*, which uses a two-sided test, or of *certification*, as here.',
  ],
  sources: [{ title: 'Cohen, Rosenfeld and Kolter 2019', url: 'https://arxiv.org/abs/1902.02918' }],
  example: {
    given: 'Four examples of a log, one of them with predict = −1.',
    working: '$1/4 = 0.25$.',
    results: { abstention_rate: 1 / 4 },
    compute: () =>
      scoreFiles(certified, {
        log: 'idx\tlabel\tpredict\tradius\tcorrect\n0\t3\t3\t0.25\t1\n1\t2\t-1\t0\t0\n2\t2\t1\t0.9\t0\n3\t1\t1\t0.1\t1\n',
      }),
  },
};
