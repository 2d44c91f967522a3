import { definition as classification } from '../../predictions/protocols/classification.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'aurc',
  title: 'Area under the risk-coverage curve',
  field: 'selective prediction',
  keys: [
    { pattern: 'aurc', meaning: 'mean error rate over all coverages' },
    { pattern: 'e_aurc', meaning: 'its excess over a perfect ranking of the same errors' },
  ],
  summary: 'Mean error rate over all coverages when examples are accepted in descending order of confidence.',
  definition:
    'Examples are accepted one by one, the most confident first; after each the error rate so far is noted, and AURC is the mean of these. It falls with fewer errors and with errors that stand last. E-AURC subtracts what a perfect ranking with the same number e of errors would have, and measures the ranking alone. Confidence is the largest probability.',
  formula: String.raw`\mathrm{AURC} = \frac{1}{n}\sum_{i=1}^{n}\frac{e_i}{i},\qquad \text{E-AURC} = \mathrm{AURC} - \frac{1}{n}\sum_{j=1}^{e}\frac{j}{n - e + j}`,
  resampled: 'Images; no mean over them, so intervals need a bootstrap that ranks again.',
  ties: 'The expectation over all orders of equally confident examples: after t of g of them with e errors, $te/g$ errors are counted.',
  edges: [
    'Without errors both are 0; with errors alone AURC is 1 and E-AURC 0.',
    'Absent where predicted classes are handed in without scores.',
  ],
  oracle: null,
  parity: [
    {
      path: 'packages/eval/src/metrics/classification.test.ts',
      figure:
        'equal to 12 decimals to the mean over all orders of ties, tried exhaustively on random cases of up to five examples',
    },
  ],
  disagreements: [
    'Published code sorts and takes ties as they come, so a model with few distinct confidences depends on the order of the file.',
    'Some approximate the perfect area by $e + (1 - e)\\ln(1 - e)$ of the error rate e, which is the limit for many examples.',
    'Many papers print AURC × 1,000.',
    'Other confidences (entropy, margin, maximum logit) give other curves.',
  ],
  sources: [
    {
      title: 'Geifman, Uziel and El-Yaniv 2019, Bias-reduced uncertainty estimation',
      url: 'https://arxiv.org/abs/1805.08206',
    },
  ],
  example: {
    given: 'Three examples with confidences .9, .8, .7; the second is wrong.',
    working:
      'Error rates after one, two and three: 0, 1/2, 1/3, so AURC is $(0 + 1/2 + 1/3)/3 = 5/18 \\approx 0.2778$. A perfect ranking has the error last: $(1/3)/3 = 1/9$. The excess is $5/18 - 1/9 = 1/6 \\approx 0.1667$.',
    results: { aurc: 5 / 18, e_aurc: 1 / 6 },
    compute: () =>
      scoreFiles(classification, { 'p.csv': '0.9,0.1\n0.8,0.2\n0.7,0.3\n' }, { 'labels.txt': '0\n1\n0\n' }),
  },
};
