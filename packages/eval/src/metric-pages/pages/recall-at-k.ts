import { definition as metricLearning } from '../../predictions/protocols/metric-learning.js';
import { CIRCLE_GIVEN, circleFile, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'recall_at_k',
  title: 'Recall@K of embeddings',
  field: 'embedding retrieval',
  keys: [{ pattern: 'recall_at_{k}', meaning: 'share of queries with an item of their class among the first K' }],
  except: ['amazon-baby-recommendation'],
  summary: 'Share of queries that have at least one item of their own class among their K nearest.',
  definition:
    'The metric-learning sense of recall: a query counts 1 as soon as one of its first K neighbours is of its class, however many others there are. Without a query and gallery split every item is a query among all others, itself left out by its position. Similarity is the cosine: rows divided by their norm, products summed in float64 and rounded to float32.',
  formula: String.raw`\mathrm{R@}K = \frac{1}{|Q|}\sum_{q \in Q}\mathbf{1}\!\left[\exists\, i \le K : y_{\pi_q(i)} = y_q\right]`,
  resampled:
    'Queries; the score is their mean. Queries of one class share its items, so they are drawn with their class.',
  ties: 'Equal similarities stand in ascending order of the position in the file.',
  edges: [
    'Queries whose class has no other item count nowhere; a warning says how many.',
    'In the predictions track a K above 8 that is not below the number of other items would always be 1 and is left out.',
    'A zero vector has similarity 0 to everything. Input without a class of two items is refused.',
    'With a query and gallery split (In-Shop) nothing is left out, also where query and gallery hold the same image.',
  ],
  oracle: null,
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
    '**Self-match.** Where query and gallery are the same set, tools search K + 1 neighbours and drop the *first*. With a duplicate of the query they may drop the duplicate and keep the query, which then counts as a hit. Here the query is left out by its position.',
    'Recall in information retrieval divides by the number of relevant items: see [recall of trec_eval](/metrics/recall_cut) and [recall@k of recommendation](/metrics/item_recall_at_k).',
    'faiss and PyTorch rank by float32 distances, which breaks near-ties by rounding; here they are decided in float64.',
    'PyTorch Metric Learning’s `precision_at_1` is the same number as R@1.',
  ],
  sources: [
    {
      title: 'Oh Song et al. 2016, Deep metric learning via lifted structured feature embedding',
      url: 'https://arxiv.org/abs/1511.06452',
    },
    {
      title: 'Jégou, Douze and Schmid 2011, Product quantization (recall@R)',
      url: 'https://doi.org/10.1109/TPAMI.2010.57',
    },
  ],
  example: {
    given: CIRCLE_GIVEN,
    working:
      'First neighbours: item 0 finds 1 (other class), 1 finds 0 (other), 2 finds 1 (other), 3 finds 4 (own), 4 finds 3 (own): R@1 is $2/5 = 0.4$. Second neighbours: 0 finds 2 (own), 1 finds 2 (other), 2 finds 0 (own): R@2 is $4/5 = 0.8$.',
    results: { recall_at_1: 2 / 5, recall_at_2: 4 / 5 },
    compute: () => scoreFiles(metricLearning, circleFile()),
  },
};
