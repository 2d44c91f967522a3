import { definition as fairness } from '../../predictions/protocols/fairness.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'equalised_odds_gap',
  title: 'Equalised odds gap',
  field: 'fairness',
  keys: [
    { pattern: 'equalised_odds_gap', meaning: 'between the compared groups' },
    { pattern: 'equalised_odds_gap_all_groups', meaning: 'over every group' },
  ],
  summary: 'The larger of the gaps between groups in false-positive and in true-positive rate.',
  definition:
    'Equalised odds asks that decisions depend on the label alone and not on the group. On COMPAS the plain key compares African-American and Caucasian defendants.',
  formula: String.raw`\max_{y \in \{0, 1\}}\left(\max_g P(\hat y = 1 \mid y, g) - \min_g P(\hat y = 1 \mid y, g)\right)`,
  resampled: 'Rows; a difference of shares, so intervals need a bootstrap.',
  ties: 'A probability of exactly .5, and a decile of exactly 5, decide positive.',
  edges: ['Absent, with a warning, with fewer than two groups or where a group has only positives or only negatives.'],
  oracle: { tool: 'propublica/compas-analysis (rates)', version: 'bafff5d' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure: 'the decile score: .2139 between the two groups and .5767 over all, to 14 decimals',
    },
  ],
  disagreements: [
    'Fairlearn’s `equalized_odds_difference` is the gap over *all* groups.',
    'Some average the two gaps; equal opportunity takes the true-positive rate alone.',
  ],
  sources: [
    {
      title: 'Hardt, Price and Srebro 2016, Equality of opportunity in supervised learning',
      url: 'https://arxiv.org/abs/1610.02413',
    },
  ],
  example: {
    given: 'Group a: labels 0, 0, 1 and decisions 1, 0, 1. Group b: labels 0, 1, 1 and decisions 0, 1, 0.',
    working:
      'False-positive rates 1/2 and 0, true-positive rates 1 and 1/2: both gaps are ½, and so is the larger, 0.5.',
    results: { equalised_odds_gap: 0.5 },
    compute: () =>
      scoreFiles(
        fairness,
        { 'p.csv': 'prediction\n1\n0\n1\n0\n1\n0\n' },
        { 'labels.csv': 'label,group\n0,a\n0,a\n1,a\n0,b\n1,b\n1,b\n' },
      ),
  },
};
