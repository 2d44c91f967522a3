import { inversePropensities, propensityScoredAt } from '../../predictions/ranking/top-k.js';
import type { MetricPage } from '../types.js';

/** A document with labels 0 and 2; label 0 was never seen in training, label 2 a thousand times; 15,449 documents. */
function compute(): Readonly<Record<string, number>> {
  const { gained, best } = propensityScoredAt(1, [2], new Set([0, 2]), inversePropensities([0, 10, 1000], 15_449));
  return { psp_at_1: gained / best };
}

const C = (Math.log(15_449) - 1) * 2.5 ** 0.55;

export const definition: MetricPage = {
  key: 'psp_at_k',
  title: 'Propensity-scored precision@k',
  field: 'ranking and recommendation',
  keys: [
    { pattern: 'psp_at_{k}', meaning: 'precision with hits weighted by inverse propensity, over the best possible' },
  ],
  summary: 'Precision@k that counts a hit on a rare label for more, over what the best ranking could gain.',
  definition:
    'Rare labels are often missing from the ground truth. A hit weighs 1/p of its label, where p falls with its training frequency N: A = .55 and B = 1.5, N of the 15,449 training documents. The total over documents is divided by the total of each document’s best possible ranking.',
  formula: String.raw`\mathrm{PSP@}k = \frac{\sum_i \sum_{\ell \in \mathrm{top}_k(i) \cap Y_i} 1/p_\ell}{\sum_i \max_{|S| \le k} \sum_{\ell \in S \cap Y_i} 1/p_\ell},\qquad \frac1{p_\ell} = 1 + (\ln N - 1)(B + 1)^A (N_\ell + B)^{-A}`,
  resampled: 'Queries (documents); a ratio of two sums over them, not a mean.',
  ties: 'Equal scores stand in ascending order of the label.',
  edges: [
    'Labels that training never saw have the largest weight.',
    'Documents without a label add nothing to either sum.',
  ],
  oracle: { tool: 'Jain, Prabhu and Varma 2016, Eq. 3, from the definition', version: '2016' },
  parity: [
    {
      path: 'packages/eval/src/predictions/ranking/protocols.test.ts',
      data: 'eurlex4k',
      figure: 'ranking true labels rarest first has PSP@1, 3, 5 of 1 to 12 decimals, and any other order less',
    },
    { path: 'packages/eval/src/predictions/ranking/top-k.test.ts', figure: 'propensities by hand to 12 decimals' },
  ],
  disagreements: [
    'Without the division by the best possible value (unnormalised PSP) it may exceed 1.',
    'Other A and B for the Wikipedia (.5, .4) and Amazon (.6, 2.6) data sets.',
    'The mean of each document’s ratio is another number than the ratio of totals.',
  ],
  sources: [
    {
      title: 'Jain, Prabhu and Varma 2016, Extreme multi-label loss functions',
      url: 'https://doi.org/10.1145/2939672.2939756',
    },
  ],
  example: {
    given:
      'One document with two labels: one that training never had and one that it had 1,000 times, of 15,449 documents. The second is ranked first.',
    working:
      '$C = (\\ln 15449 - 1)·2.5^{.55} = 14.3087$. The weights are $1 + C·1.5^{-.55} = 12.4482$ and $1 + C·1001.5^{-.55} = 1.3201$. $1.3201/12.4482 = 0.1060$.',
    results: { psp_at_1: (1 + C * 1001.5 ** -0.55) / (1 + C * 1.5 ** -0.55) },
    compute,
  },
};
