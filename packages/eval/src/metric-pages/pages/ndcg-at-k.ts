import { ndcgAt } from '../../predictions/ranking/top-k.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'ndcg_at_k',
  title: 'nDCG@k of labels and items',
  field: 'ranking and recommendation',
  keys: [{ pattern: 'ndcg_at_{k}', meaning: 'discounted hits among the first k, over those of the best ranking' }],
  summary: 'Hits among the first k, discounted by log₂(rank + 1), over those of the best possible ranking.',
  definition:
    'Relevance is 0 or 1. The best ranking has min(k, number of relevant) hits at the top. Averaged over documents or users.',
  formula: String.raw`\mathrm{nDCG@}k = \frac{\sum_{i=1}^{k} \mathrm{rel}_i/\log_2(i+1)}{\sum_{i=1}^{\min(k, R)} 1/\log_2(i+1)}`,
  resampled: 'Queries (documents or users); the score is their mean.',
  ties: 'Equal scores stand in ascending order of the label or item.',
  edges: [
    '0 for a document without a relevant label.',
    'On `amazon-baby-recommendation` training items are taken out first.',
  ],
  oracle: { tool: 'MMRec and the Extreme Classification Repository, from the definition', version: '2016' },
  parity: [
    {
      path: 'packages/eval/src/predictions/ranking/protocols.test.ts',
      data: 'eurlex4k, amazon_recsys',
      figure: 'the labels, and the test items, themselves have 1 to 12 decimals',
    },
    { path: 'packages/eval/src/predictions/ranking/top-k.test.ts', figure: 'by hand to 15 decimals' },
  ],
  disagreements: [
    'Dividing by the ideal of *k* hits whatever R is gives smaller values.',
    'Graded judgements: see [nDCG of trec_eval](/metrics/trec_ndcg).',
    'Against 100 sampled negatives it is several times as high and orders systems differently (Krichene and Rendle 2020).',
  ],
  sources: [
    { title: 'Järvelin and Kekäläinen 2002', url: 'https://doi.org/10.1145/582415.582418' },
    {
      title: 'Krichene and Rendle 2020, On sampled metrics for item recommendation',
      url: 'https://doi.org/10.1145/3394486.3403226',
    },
  ],
  example: {
    given: 'Relevant are 1, 8, 9; the ranking is 3, 1, 8.',
    working:
      'Hits at ranks 2 and 3: $1/\\log_2 3 + 1/\\log_2 4 = 0.6309 + 0.5$. Best: $1 + 0.6309 + 0.5$. $1.1309/2.1309 = 0.5307$.',
    results: { ndcg_at_3: (1 / Math.log2(3) + 0.5) / (1.5 + 1 / Math.log2(3)) },
    compute: () => ({ ndcg_at_3: ndcgAt(3, [3, 1, 8], new Set([1, 8, 9])) }),
  },
};
