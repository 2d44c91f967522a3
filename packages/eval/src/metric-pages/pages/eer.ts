import { equalErrorRate, operatingPoints } from '../../predictions/embeddings/verification.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'eer',
  title: 'Equal error rate',
  field: 'verification',
  keys: [{ pattern: 'eer', meaning: 'rate at which false accepts and false rejects are equal' }],
  summary: 'The error rate of the threshold at which false accepts and false rejects are equally frequent.',
  definition:
    'Over all pairs. Between the points of the ROC curve, straight lines are drawn, and the rate is read where false accepts equal false rejects.',
  formula: String.raw`\mathrm{EER} = \mathrm{FAR}(\tau^*) = \mathrm{FRR}(\tau^*)`,
  resampled: 'Folds of pairs; no mean over them.',
  ties: 'Equal similarities are accepted together, as one step of the curve.',
  edges: ['Constant similarities have ½.', 'A perfect order has 0, a perfectly wrong one 1.'],
  oracle: { tool: 'scikit-learn roc_curve', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/verification.test.ts',
      figure: 'worked cases at a point, on a line, and with ties, to 14 decimals',
    },
  ],
  disagreements: [
    'Taking the threshold at which both rates are *closest*, and the mean of the two, differs by up to half a step.',
    'Speaker-verification tools compute it on the convex hull, which is never larger.',
  ],
  sources: [
    {
      title: 'ISO/IEC 19795-1, Biometric performance testing and reporting',
      url: 'https://www.iso.org/standard/73515.html',
    },
  ],
  example: {
    given: 'Same pairs with similarities .9, .7, .5; different pairs with .8, .7, .1.',
    working:
      'At .8: one of three false accepts, two of three false rejects. At .7: two of three, and one of three. On the line between them both are 1/2 = 0.5.',
    results: { eer: 0.5 },
    compute: () => ({ eer: equalErrorRate(operatingPoints([0.5, 0.8, 0.7, 0.9, 0.7, 0.1], [1, 0, 1, 1, 0, 0])) }),
  },
};
