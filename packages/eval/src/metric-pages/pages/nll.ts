import { definition as classification } from '../../predictions/protocols/classification.js';
import { FOUR_GIVEN, FOUR_LABELS, FOUR_PREDICTIONS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'nll',
  title: 'Negative log-likelihood',
  field: 'calibration',
  keys: [{ pattern: 'nll', meaning: 'mean −ln p of the label' }],
  except: ['regression', 'uci-*'],
  summary: 'Mean of −ln of the probability that was given to the label, in nats.',
  definition:
    'A strictly proper score: its expectation is least for the true probabilities, and one confident mistake costs much. Natural logarithm. Of probabilities, p is clamped to at least 2⁻⁵²; of logits the log-softmax is taken in float64 and nothing is clamped.',
  formula: String.raw`\mathrm{NLL} = -\frac{1}{n}\sum_{i=1}^{n} \ln \max\!\left(p_{i y_i},\, 2^{-52}\right)`,
  resampled: 'Images; the score is their mean.',
  ties: 'None: equal probabilities need no order.',
  edges: [
    'Probability 0 for the label costs 36.04 nats; from logits the cost has no limit.',
    'With a single class the value is 0.',
    'Rows of probabilities are not rescaled. Rows that do not sum to 1 are read as logits, with a warning.',
    'Absent where predicted classes are handed in without scores.',
  ],
  oracle: { tool: 'scikit-learn log_loss', version: '1.2.1 (predictions), 1.9.1 (training)' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'equal to 12 decimals in three cases of float64 probabilities and logits',
    },
    {
      path: 'packages/eval/src/metrics/classification.test.ts',
      figure: 'equal to 13 decimals on 40 examples (2.2916349431854046)',
    },
  ],
  disagreements: [
    '`log_loss` clips at the machine epsilon of the *input’s* type, 1.2·10⁻⁷ for float32, so that a confident mistake costs 15.9 nats at most; it also rescales rows.',
    'Some papers print bits (divide by ln 2), some the sum over examples.',
    'The regression boards’ `nll` is another quantity: see [Gaussian negative log-likelihood](/metrics/gaussian_nll).',
  ],
  sources: [
    {
      title: 'Gneiting and Raftery 2007, Strictly proper scoring rules',
      url: 'https://doi.org/10.1198/016214506000001437',
    },
  ],
  example: {
    given: FOUR_GIVEN,
    working:
      'The labels have probabilities .7, .6, .3 and .25: $-(\\ln .7 + \\ln .6 + \\ln .3 + \\ln .25)/4 = (0.3567 + 0.5108 + 1.2040 + 1.3863)/4 = 0.8644$.',
    results: { nll: -Math.log(0.7 * 0.6 * 0.3 * 0.25) / 4 },
    compute: () => scoreFiles(classification, FOUR_PREDICTIONS, FOUR_LABELS),
  },
};
