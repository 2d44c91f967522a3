import { uf } from '../../predictions/fairness/distance-covariance.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'uf',
  title: 'Variance of group means',
  field: 'fairness',
  keys: [{ pattern: 'uf', meaning: 'variance of the groups’ mean scores over the variance of the scores' }],
  summary: 'How far the mean scores of groups lie apart, beside the spread of all scores.',
  definition:
    'Each group’s mean score counts once, whatever its size; variances have n − 1. 0 means equal mean scores, which demographic parity of the scores asks for.',
  formula: String.raw`\mathrm{UF} = \frac{\operatorname{Var}_g\!\left(\mathbb{E}[\hat s \mid g]\right)}{\operatorname{Var}(\hat s)}`,
  resampled: 'Rows; a ratio of variances, so intervals need a bootstrap.',
  ties: 'None.',
  edges: [
    'Absent with a single group or constant scores.',
    'It may exceed 1, as groups are not weighted by size and both variances have n − 1.',
  ],
  oracle: { tool: 'NumPy var, ddof = 1', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure: 'equal to 14 decimals on eight examples, and to 12 on all 7,214 defendants (.22292986552)',
    },
  ],
  disagreements: [
    'With variances over n (ddof = 0) it is smaller: .197 in place of .345 on the test’s example.',
    'Weighted by group size it is the correlation ratio η² of the analysis of variance, at most 1.',
  ],
  sources: [
    {
      title: 'Fisher 1925, Statistical methods for research workers (correlation ratio)',
      url: 'https://psychclassics.yorku.ca/Fisher/Methods/',
    },
  ],
  example: {
    given: 'Scores .2, .4 in group a and .6, .8 in group b.',
    working: 'Means .3 and .7 have variance $.08$; the scores have $.2/3 = .0667$. The ratio is 1.2.',
    results: { uf: 1.2 },
    compute: () => ({ uf: uf([0.2, 0.4, 0.6, 0.8], ['a', 'a', 'b', 'b'])! }),
  },
};
