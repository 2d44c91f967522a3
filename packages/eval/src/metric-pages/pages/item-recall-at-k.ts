import { recallAt } from '../../predictions/ranking/top-k.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'item_recall_at_k',
  title: 'Recall@k of recommendation',
  field: 'ranking and recommendation',
  keys: [{ pattern: 'recall_at_{k}', meaning: 'share of the user’s test items among the first k' }],
  boards: ['amazon-baby-recommendation'],
  summary: 'Share of a user’s test items that stand among the first k of all items, averaged over users.',
  definition:
    'Full ranking: every item is ranked for every user, and the user’s training items are taken out before ranks are counted; validation items are not. Hits are divided by the number of the user’s test items.',
  formula: String.raw`\mathrm{recall@}k = \frac{1}{|U|}\sum_{u}\frac{\bigl|\mathrm{top}_k(u) \cap T_u\bigr|}{|T_u|}`,
  resampled: 'Queries (users); the score is their mean.',
  ties: 'Equal scores stand in ascending order of the item.',
  edges: ['Users without a test item count nowhere.', 'Items without a score are never ranked.'],
  oracle: { tool: 'MMRec (LATTICE’s split), from the definition', version: '2021' },
  parity: [
    {
      path: 'packages/eval/src/predictions/ranking/protocols.test.ts',
      data: 'amazon_recsys',
      figure: 'popular items as an explicit loop counts them, and test items 1, to 12 decimals over 19,445 users',
    },
  ],
  disagreements: [
    'Ranking against 100 sampled negatives gives values many times as high and another order of systems.',
    'Some take validation items out too; some divide by min(k, number of test items).',
    'In metric learning one hit is enough: see [Recall@K of embeddings](/metrics/recall_at_k).',
  ],
  sources: [
    { title: 'Zhang et al. 2021, LATTICE', url: 'https://arxiv.org/abs/2104.09036' },
    { title: 'Krichene and Rendle 2020', url: 'https://doi.org/10.1145/3394486.3403226' },
  ],
  example: {
    given: 'A user with the test items 1, 8, 9 and, training items taken out, the ranking 3, 1, 8.',
    working: 'Among the first two is one of three: $1/3 \\approx 0.3333$.',
    results: { recall_at_2: 1 / 3 },
    compute: () => ({ recall_at_2: recallAt(2, [3, 1, 8], new Set([1, 8, 9])) }),
  },
};
