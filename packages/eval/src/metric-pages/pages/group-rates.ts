import { definition as fairness } from '../../predictions/protocols/fairness.js';
import { RATES_GIVEN, RATES_LABELS, RATES_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'group_rates',
  title: 'Error and selection rates by group',
  field: 'fairness',
  keys: [
    { pattern: 'fpr_{group}', meaning: 'of the negatives of a group, the share decided positive' },
    { pattern: 'fnr_{group}', meaning: 'of its positives, the share decided negative' },
    { pattern: 'selection_rate_{group}', meaning: 'share decided positive' },
    { pattern: 'accuracy_{group}', meaning: 'share decided rightly' },
  ],
  boards: ['fairness', 'compas', 'compas-filtered'],
  summary: 'False-positive, false-negative and selection rate and accuracy of binary decisions, group by group.',
  definition:
    'On COMPAS a positive is “will offend again within two years” and groups are ProPublica’s races. A decile score decides positive from 5 on. Rates are plain shares; small groups have wide errors.',
  formula: String.raw`\mathrm{FPR}_g = \frac{\mathrm{FP}_g}{\mathrm{FP}_g + \mathrm{TN}_g},\qquad \mathrm{FNR}_g = \frac{\mathrm{FN}_g}{\mathrm{FN}_g + \mathrm{TP}_g}`,
  resampled: 'Rows; each rate is a ratio within its group.',
  ties: 'A probability of exactly .5, and a decile of exactly 5, decide positive.',
  edges: [
    'Absent, with a warning, for a group without negatives (fpr) or without positives (fnr).',
    'Boards order lower rates first; which error is worse is not for a metric to say.',
  ],
  oracle: { tool: 'propublica/compas-analysis', version: 'bafff5d' },
  parity: [
    {
      path: 'packages/eval/src/predictions/fairness/fairness.test.ts',
      data: 'compas',
      figure:
        'the decile score: false positives .4485 (African-American) and .2345 (Caucasian), false negatives .2799 and .4772, to 14 decimals',
    },
  ],
  disagreements: [
    'A threshold “above 5” instead of “from 5 on” moves every COMPAS rate.',
    'The 6,172 rows of ProPublica’s regression filter give .4234 and .2201: see the board `compas-filtered`.',
  ],
  sources: [
    {
      title: 'Larson et al. 2016, How we analyzed the COMPAS recidivism algorithm',
      url: 'https://www.propublica.org/article/how-we-analyzed-the-compas-recidivism-algorithm',
    },
  ],
  example: {
    given: RATES_GIVEN,
    working:
      'Group b: one of two negatives decided positive, 0.5; no positive missed, 0; two of three selected, 0.6667. Group a: one of two positives missed, 0.5. Group a has no negatives, so `fpr_a` does not exist.',
    results: { fpr_b: 0.5, fnr_b: 0, selection_rate_b: 2 / 3, fnr_a: 0.5 },
    compute: () => scoreFiles(fairness, RATES_PREDICTIONS, RATES_LABELS),
  },
};
