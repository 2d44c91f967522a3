import { ccdcov2U, jdcov2U, scalars } from '../../predictions/fairness/distance-covariance.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'jdcov2',
  title: 'Joint and concatenated distance covariance',
  field: 'fairness',
  keys: [
    { pattern: 'ccdcov2', meaning: 'CCdCov²: scores against all attributes as one vector' },
    { pattern: 'jdcov2', meaning: 'JdCov²: scores and every attribute jointly, c = 1' },
  ],
  summary: 'Squared distance covariance of scores with several protected attributes, as one vector or all jointly.',
  definition:
    'CCdCov² is the U-centred distance covariance of the scores and the concatenated attributes. JdCov² takes all variables together and includes the dependence of the attributes among themselves, so compare it between predictions of the same rows only. Both grow with the scale of the scores; scores are in [0, 1] (a decile over 10).',
  formula: String.raw`\mathrm{JdCov}^2 = \frac{1}{n(n-3)}\sum_{i \ne j}\left(\prod_{v}\bigl(U^v_{ij} + c\bigr) - c^{m+1}\right)`,
  resampled: 'Rows; means over pairs of rows, so intervals need a bootstrap.',
  ties: 'None: equal scores have distance 0.',
  edges: [
    'U-centred and unbiased, so values near independence may be negative.',
    'Constant scores have CCdCov² 0.',
    'Absent below 4 examples and above 20,000.',
  ],
  oracle: { tool: 'NumPy, whole distance matrices', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure:
        'equal to 14 decimals on eight examples, and to 11 on all 7,214 defendants (.021514603872, .047763864180)',
    },
  ],
  disagreements: [
    'Another c weighs higher-order dependence differently: c = .5 gives less than half on the test’s example.',
    'V-statistics, without U-centring, are larger and never negative.',
  ],
  sources: [
    {
      title: 'Chakraborty and Zhang 2019, Distance metrics for measuring joint dependence',
      url: 'https://doi.org/10.1080/01621459.2018.1513364',
    },
    { title: 'Székely and Rizzo 2014', url: 'https://arxiv.org/abs/1310.2926' },
  ],
  example: {
    given: 'Scores 0, 1, 2, 3 and one attribute 0, 1, 1, 0.',
    working:
      'The U-centred products of the six pairs add to $-\\frac23$ (see [distance correlation](/metrics/distance_correlation)); every pair counts twice, over $n(n-3) = 4$: $-\\frac43/4 = -\\frac13$, that is −0.3333. With a single attribute the joint form is the same, since U sums to 0.',
    results: { ccdcov2: -1 / 3, jdcov2: -1 / 3 },
    compute() {
      const [scores, attribute] = [scalars([0, 1, 2, 3]), scalars([0, 1, 1, 0])];
      return { ccdcov2: ccdcov2U(scores, [attribute]), jdcov2: jdcov2U(scores, [attribute]) };
    },
  },
};
