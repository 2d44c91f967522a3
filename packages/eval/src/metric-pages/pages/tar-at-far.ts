import { operatingPoints, trueAcceptRate } from '../../predictions/embeddings/verification.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'tar_at_far',
  title: 'True accepts at a rate of false accepts',
  field: 'verification',
  keys: [{ pattern: 'tar_at_far_{rate}', meaning: 'share of same pairs accepted at that share of false accepts' }],
  summary: 'Greatest share of same pairs accepted by a threshold that accepts at most a given share of different ones.',
  definition:
    'Over all pairs. The threshold moves through the similarities that occur; nothing is interpolated, so the value is one that a deployed threshold would have reached.',
  formula: String.raw`\mathrm{TAR@FAR}(\alpha) = \max_{\tau}\left\{\mathrm{TAR}(\tau) : \mathrm{FAR}(\tau) \le \alpha\right\}`,
  resampled: 'Folds of pairs; no mean over them.',
  ties: 'Equal similarities are accepted together.',
  edges: [
    'A rate below one in the number of different pairs cannot be measured and is left out with a warning: for LFW’s 3,000 different pairs, 10⁻⁴ and below.',
    'A count exactly at the rate is allowed: .001 of 3,000 is 3.',
  ],
  oracle: { tool: 'scikit-learn roc_curve', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/verification.test.ts',
      figure: 'worked cases with ties and with a rate that is not exact in binary, exactly',
    },
  ],
  disagreements: [
    'facenet interpolates per fold with a spline and averages.',
    'Interpolating linearly between points of the ROC gives larger values at small rates.',
    'IJB protocols compare templates, not images: other pairs, other numbers.',
  ],
  sources: [{ title: 'Klare et al. 2015, IARPA Janus Benchmark A', url: 'https://doi.org/10.1109/CVPR.2015.7298803' }],
  example: {
    given: 'Same pairs with similarities .9, .7, .5; different pairs with .8, .7, .1; the rate is ½.',
    working:
      'At most one of three different pairs may be accepted. Down to .8 one is, and of the same pairs one, .9: 1/3 ≈ 0.3333. At .7 two would be.',
    results: { 'tar_at_far_0.5': 1 / 3 },
    compute: () => ({
      'tar_at_far_0.5': trueAcceptRate(operatingPoints([0.5, 0.8, 0.7, 0.9, 0.7, 0.1], [1, 0, 1, 1, 0, 0]), 0.5),
    }),
  },
};
