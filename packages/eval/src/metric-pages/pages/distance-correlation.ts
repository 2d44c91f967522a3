import { dcorU, scalars } from '../../predictions/fairness/distance-covariance.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'distance_correlation',
  title: 'Distance correlation with protected attributes',
  field: 'fairness',
  keys: [{ pattern: 'distance_correlation', meaning: 'bias-corrected squared distance correlation' }],
  summary:
    'How much scores depend, in any way, on the protected attributes together; 0 in expectation where they do not.',
  definition:
    'Distances between all pairs of scores and between all pairs of attribute vectors are U-centred; their mean product is the squared distance covariance, and this divided by the geometric mean of the two variances is the correlation. It is a *squared*, bias-corrected measure and sees more than linear dependence. On COMPAS the attributes are race one-hot, sex 0 or 1, and age over its standard deviation.',
  formula: String.raw`\mathrm{dCor}_U = \frac{\mathrm{dCov}^2_U(x, z)}{\sqrt{\mathrm{dCov}^2_U(x, x)\,\mathrm{dCov}^2_U(z, z)}},\qquad \mathrm{dCov}^2_U = \frac{\sum_{i \ne j} U^x_{ij} U^z_{ij}}{n(n - 3)}`,
  resampled: 'Rows; a mean over pairs of rows, so intervals need a bootstrap.',
  ties: 'None: equal scores have distance 0.',
  edges: [
    'Near independence it may be negative.',
    'Absent for constant scores or attributes, below 4 examples and above 20,000.',
  ],
  oracle: { tool: 'NumPy, whole distance matrices', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure: 'equal to 14 decimals on eight examples, and to 10 on all 7,214 defendants (.16189067695)',
    },
  ],
  disagreements: [
    'The classical distance correlation (V-statistic, with a square root) is larger and never negative.',
    'Packages differ in whether the root is taken: `energy::bcdcor` does not take it, as here.',
    'Another scaling of the attributes gives another value: age in years would drown the rest.',
  ],
  sources: [
    {
      title: 'Székely and Rizzo 2014, Partial distance correlation with methods for dissimilarities',
      url: 'https://arxiv.org/abs/1310.2926',
    },
  ],
  example: {
    given: 'Scores 0, 1, 2, 3 and an attribute 0, 1, 1, 0.',
    working:
      'U of the scores, for the pairs 01, 02, 03, 12, 13, 23: $\\frac23, -\\frac13, -\\frac13, -\\frac13, -\\frac13, \\frac23$; of the attribute: $-\\frac13, -\\frac13, \\frac23, \\frac23, -\\frac13, -\\frac13$. Products add to $-\\frac23$, squares to $\\frac43$ each: $-\\frac23 / \\frac43 = -\\frac12$, that is −0.5.',
    results: { distance_correlation: -0.5 },
    compute: () => ({ distance_correlation: dcorU(scalars([0, 1, 2, 3]), scalars([0, 1, 1, 0]))! }),
  },
};
