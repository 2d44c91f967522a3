import { definition as classification } from '../../predictions/protocols/classification.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'cross_entropy',
  title: 'Cross-entropy and KL divergence from people',
  field: 'classification',
  keys: [
    { pattern: 'cross_entropy', meaning: 'mean −Σ h ln p against label distributions' },
    { pattern: 'kl_divergence', meaning: 'the same less the entropy of the labels' },
  ],
  summary: 'How well predicted probabilities describe the distribution of people’s choices, in nats.',
  definition:
    'Each example has a distribution h over classes, such as the shares of people who chose them. Cross-entropy is least for p = h, where it is the entropy of h; the KL divergence takes that entropy away and is 0 there. p is at least 2⁻⁵²; logits go through a log-softmax without a floor.',
  formula: String.raw`H(h, p) = -\sum_c h_c \ln p_c,\qquad \mathrm{KL}(h \,\|\, p) = \sum_c h_c \ln\frac{h_c}{p_c}`,
  resampled: 'Images; both are means over them.',
  ties: 'None: equal probabilities need no order.',
  edges: [
    'A class that nobody chose costs nothing, whatever p is.',
    'Counts of votes are divided by their sums.',
    'Absent where predicted classes are handed in without scores, and without label distributions.',
  ],
  oracle: { tool: 'SciPy entropy, NumPy', version: '1.10.1, 1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/classification/sklearn-values.json',
      figure: 'both equal to 12 decimals in three cases',
    },
    {
      path: 'packages/eval/src/predictions/classification/classification.test.ts',
      data: 'cifar10h',
      figure:
        'people against themselves: cross-entropy is their entropy to 12 decimals, divergence 0; a uniform guess has ln 10',
    },
  ],
  disagreements: [
    'Papers print either under the name of soft-label loss. They differ by the mean entropy of the labels, a constant of the data, so they rank models alike.',
    'The divergence the other way round, KL(p‖h), is infinite wherever nobody chose a class with p > 0.',
  ],
  sources: [
    {
      title: 'Peterson et al. 2019, Human uncertainty makes classification more robust',
      url: 'https://arxiv.org/abs/1908.07086',
    },
  ],
  example: {
    given: 'Two examples of two classes. People: (.5, .5) and (1, 0). Predictions: (.5, .5) and (.8, .2).',
    working:
      'Cross-entropies $\\ln 2 = 0.6931$ and $-\\ln .8 = 0.2231$; mean 0.4581. The entropies of the labels are $\\ln 2$ and 0, so the divergences are 0 and 0.2231; mean 0.1116.',
    results: { cross_entropy: (Math.LN2 - Math.log(0.8)) / 2, kl_divergence: -Math.log(0.8) / 2 },
    compute: () => scoreFiles(classification, { 'p.csv': '0.5,0.5\n0.8,0.2\n' }, { 'people.csv': '0.5,0.5\n1,0\n' }),
  },
};
