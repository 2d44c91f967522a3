import { definition as classification } from '../../predictions/protocols/classification.js';
import { FOUR_GIVEN, FOUR_LABELS, FOUR_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'ece',
  title: 'Expected calibration error',
  field: 'calibration',
  keys: [{ pattern: 'ece', meaning: 'calibration error of the top label, 15 equal bins' }],
  summary: 'How far confidence and accuracy are apart, averaged over 15 equally wide bins of confidence.',
  definition:
    'The confidence of an example is its largest probability. Examples are put into 15 bins of width 1/15; in each the mean confidence is compared with the share of right predictions, and the gaps are averaged with the weights of the bins. Bins are right-closed, $(i/15, (i+1)/15]$, with the edges as float64 quotients; a confidence of 0 belongs to the first. An estimate from few examples is biased upwards.',
  formula: String.raw`\mathrm{ECE} = \sum_{b=1}^{15} \frac{n_b}{n}\,\bigl|\operatorname{acc}(b) - \operatorname{conf}(b)\bigr|`,
  resampled: 'Images; the score is no mean over them, so intervals need a bootstrap that bins again.',
  ties: 'Of equally probable classes the first is predicted, and its probability is the confidence.',
  edges: [
    'Empty bins contribute nothing.',
    'Absent where predicted classes are handed in without scores.',
    'Two classes have confidences from ½ on, so only the upper eight bins are ever used.',
  ],
  oracle: null,
  parity: [
    {
      path: 'packages/eval/src/metrics/classification.test.ts',
      figure: 'equal to 13 decimals to a NumPy computation on 40 examples (0.09708669879924688); every edge i/15 tried',
    },
  ],
  disagreements: [
    'Bin edges: left-closed bins, as `numpy.digitize` and `histogram` have them, put a confidence of exactly 0.6 into the next bin. Common with few distinct probabilities.',
    'Numbers of bins: 10 and 20 are usual too; values with different bins do not compare.',
    'Some codes use `linspace` edges in float32, which moves examples on an edge.',
    'Class-wise ECE bins every class’s probability, not the top label alone.',
    'Equally filled bins are another metric: see [adaptive ECE](/metrics/adaptive_ece).',
  ],
  sources: [
    {
      title: 'Guo et al. 2017, On calibration of modern neural networks, Eq. 3',
      url: 'https://arxiv.org/abs/1706.04599',
    },
    { title: 'Nixon et al. 2019, Measuring calibration in deep learning', url: 'https://arxiv.org/abs/1904.01685' },
  ],
  example: {
    given: FOUR_GIVEN,
    working:
      'Confidences .7, .6, .4, .5 lie in four bins of one example each (.6 = 9/15 and .4 = 6/15 close theirs). Predictions are right, right, wrong, wrong: gaps .3, .4, .4, .5, so $1.6/4 = 0.4$.',
    results: { ece: 1.6 / 4 },
    compute: () => scoreFiles(classification, FOUR_PREDICTIONS, FOUR_LABELS),
  },
};
