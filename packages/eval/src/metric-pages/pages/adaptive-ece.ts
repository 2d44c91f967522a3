import { adaptiveCalibrationError } from '../../predictions/classification/calibration.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'adaptive_ece',
  title: 'Adaptive calibration error',
  field: 'calibration',
  keys: [{ pattern: 'adaptive_ece', meaning: 'calibration error of the top label, 15 bins of equal counts' }],
  summary: 'The calibration error of the top label over 15 bins that hold equally many examples.',
  definition:
    'As [ECE](/metrics/ece), but bins are cut by rank of confidence: their sizes differ by one at most, the first n mod 15 being the larger ones. No bin is then nearly empty, which steadies the estimate where confidences crowd near 1.',
  formula: String.raw`\mathrm{AdaECE} = \sum_{b=1}^{15} \frac{n_b}{n}\,\bigl|\operatorname{acc}(b) - \operatorname{conf}(b)\bigr|,\qquad n_b \in \left\{\lfloor n/15\rfloor, \lceil n/15\rceil\right\}`,
  resampled: 'Images; no mean over them, so intervals need a bootstrap that bins again.',
  ties: 'Where an edge falls among equal confidences, these share their hits evenly, so the order of the examples does not matter.',
  edges: [
    'With fewer than 15 examples the last bins are empty and contribute nothing.',
    'Absent where predicted classes are handed in without scores.',
  ],
  oracle: null,
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/classification.test.ts',
      figure: 'worked cases by hand to 15 decimals: unequal sizes, ties across an edge, fewer examples than bins',
    },
  ],
  disagreements: [
    'The code published with focal calibration (Mukhoti et al. 2020) interpolates the edges and drops the least confident example.',
    'Nixon et al. call a *class-wise* measure with equal counts ACE; this one looks at the top label alone.',
  ],
  sources: [
    {
      title: 'Nguyen and O’Connor 2015, Posterior calibration and exploratory analysis',
      url: 'https://arxiv.org/abs/1508.05154',
    },
    { title: 'Nixon et al. 2019, Measuring calibration in deep learning', url: 'https://arxiv.org/abs/1904.01685' },
    {
      title: 'Mukhoti et al. 2020, Calibrating deep neural networks using focal loss',
      url: 'https://arxiv.org/abs/2002.09437',
    },
  ],
  example: {
    given:
      'Five examples with confidences .9, .1, .2, .3, .9 of which the first, third and fifth are right, in two bins instead of fifteen.',
    working:
      'In order of confidence: .1, .2, .3 make the first bin (mean .2, one of three right), .9 and .9 the second (both right). $\\frac{3}{5}\\,|\\frac{1}{3} - .2| + \\frac{2}{5}\\,|1 - .9| = .08 + .04 = 0.12$.',
    results: { adaptive_ece: 0.12 },
    compute: () => ({
      adaptive_ece: adaptiveCalibrationError(Float64Array.of(0.9, 0.1, 0.2, 0.3, 0.9), [1, 0, 1, 0, 1], 2),
    }),
  },
};
