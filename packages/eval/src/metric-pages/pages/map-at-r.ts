import { definition as metricLearning } from '../../predictions/protocols/metric-learning.js';
import { CIRCLE_GIVEN, circleFile, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'map_at_r',
  title: 'MAP@R and R-precision',
  field: 'embedding retrieval',
  keys: [
    { pattern: 'map_at_r', meaning: 'mean average precision over the first R ranks' },
    { pattern: 'r_precision', meaning: 'relevant share of the first R' },
  ],
  summary:
    'Precision at every relevant item among the first R neighbours, over R, where R is how many relevant items exist.',
  definition:
    'R is the number of other items of the query’s class, so the list is just long enough for a perfect ranking. MAP@R adds the precision at each rank that holds a relevant item, divides by R, and averages over queries: unlike [Recall@K](/metrics/recall_at_k) it looks at the whole neighbourhood and at its order. R-precision ignores the order within the first R and is never smaller.',
  formula: String.raw`\mathrm{MAP@R} = \frac{1}{|Q|}\sum_{q}\frac{1}{R_q}\sum_{i=1}^{R_q} P_q(i)\,\mathrm{rel}_q(i)`,
  resampled: 'Queries, drawn with their class; both are means over queries.',
  ties: 'Equal similarities stand in ascending order of the position in the file.',
  edges: [
    'Queries whose class has no other item count nowhere.',
    'With a single class both are 1.',
    'Input without a class of two items is refused.',
  ],
  oracle: { tool: 'Musgrave, Belongie and Lim, Eq. 2, from the definition', version: '2020' },
  parity: [
    {
      path: 'packages/eval/src/metrics/retrieval.test.ts',
      figure:
        'equal to 12 decimals to a full sort written from the definition, 340 random cases full of ties and zero rows',
    },
    {
      path: 'packages/eval/src/predictions/embeddings/nearest.test.ts',
      figure: 'the multi-threaded engine equals the training metric bit by bit on five sets',
    },
  ],
  disagreements: [
    '**Two “mAP@R”.** This one is the mean over *queries*. Others average within each class first and then over classes, which differs wherever classes have unequal sizes.',
    'mAP without “@R” runs over the whole ranking: see [mAP of re-identification](/metrics/reid_map) and [of trec_eval](/metrics/trec_map). It is never smaller.',
    'R-precision is trec_eval’s [Rprec](/metrics/rprec), with the class as relevance.',
    'Codes that count the query itself among its neighbours have R one larger and a certain first hit.',
  ],
  sources: [
    {
      title: 'Musgrave, Belongie and Lim 2020, A metric learning reality check',
      url: 'https://arxiv.org/abs/2003.08505',
    },
  ],
  example: {
    given: CIRCLE_GIVEN,
    working:
      'Item 0 has R = 1 and item 1 first (other class): 0; item 2 likewise. Items 1, 3, 4 have R = 2. Item 1 sees 0, 2: 0. Items 3 and 4 see each other first and then item 2: $\\frac12 (1) = 0.5$ each. MAP@R $= (0 + 0 + 0 + .5 + .5)/5 = 0.2$; R-precision is the same here, 0.2.',
    results: { map_at_r: 1 / 5, r_precision: 1 / 5 },
    compute: () => scoreFiles(metricLearning, circleFile()),
  },
};
