import { definition as fairness } from '../../predictions/protocols/fairness.js';
import { RATES_GIVEN, RATES_LABELS, RATES_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'demographic_parity_gap',
  title: 'Demographic parity gap',
  field: 'fairness',
  keys: [
    { pattern: 'demographic_parity_gap', meaning: 'between the compared groups' },
    { pattern: 'demographic_parity_gap_all_groups', meaning: 'over every group' },
  ],
  summary: 'Largest minus smallest share of positive decisions among groups; the labels do not enter.',
  definition:
    'On COMPAS the plain key compares African-American and Caucasian defendants, as ProPublica did; `…_all_groups` takes all six races, of which two have fewer than 40 rows. With labels of one’s own every group is compared.',
  formula: String.raw`\max_g P(\hat y = 1 \mid g) - \min_g P(\hat y = 1 \mid g)`,
  resampled: 'Rows; a difference of shares, so intervals need a bootstrap.',
  ties: 'A probability of exactly .5, and a decile of exactly 5, decide positive.',
  edges: ['Absent with fewer than two groups.', 'A gap is never negative, so its estimate is biased upwards by noise.'],
  oracle: { tool: 'propublica/compas-analysis (rates)', version: 'bafff5d' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure: 'the decile score: .2402 between the two groups and .4571 over all, to 14 decimals',
    },
  ],
  disagreements: [
    'Fairlearn’s `demographic_parity_difference` is the gap over *all* groups.',
    'The *ratio* of the rates (the four-fifths rule) is another measure.',
  ],
  sources: [{ title: 'Dwork et al. 2012, Fairness through awareness', url: 'https://arxiv.org/abs/1104.3913' }],
  example: {
    given: RATES_GIVEN,
    working: 'Selected are 1/2 of group a and 2/3 of group b: $1/6 \\approx 0.1667$.',
    results: { demographic_parity_gap: 1 / 6 },
    compute: () => scoreFiles(fairness, RATES_PREDICTIONS, RATES_LABELS),
  },
};
