import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'trec_ndcg',
  title: 'nDCG with graded judgements (trec_eval)',
  field: 'text retrieval',
  keys: [
    { pattern: 'ndcg', meaning: 'of the whole ranking' },
    { pattern: 'ndcg_cut_{k}', meaning: 'of the first k' },
  ],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary:
    'Gains of the retrieved documents, discounted by the logarithm of their rank, over those of the best ranking.',
  definition:
    'The gain of a document is its judgement; the discount is log₂(rank + 1). The best ranking holds all judged documents by descending judgement, cut at k where the measure is.',
  formula: String.raw`\mathrm{nDCG@}k = \frac{\sum_{i=1}^{k} g_i/\log_2(i+1)}{\sum_{i=1}^{k} g^*_i/\log_2(i+1)}`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: [
    'Negative judgements and unjudged documents gain nothing.',
    'A query without a relevant document has 0.',
    'On Cranfield the grades 1, 2, 3, 4 (1 is best) become the gains 4, 3, 2, 1.',
  ],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
    {
      path: 'packages/eval/src/predictions/ranking/protocols.test.ts',
      data: 'cranfield',
      figure: 'Cranfield’s own grades as a run have nDCG 1 to 12 decimals',
    },
  ],
  disagreements: [
    'Gains of $2^g - 1$ (Burges et al. 2005, and most learning-to-rank tools) are another measure wherever grades exceed 1.',
    'Järvelin and Kekäläinen’s own discount starts at rank 2.',
    'With one grade it is the [nDCG of recommendation](/metrics/ndcg_at_k).',
  ],
  sources: [
    {
      title: 'Järvelin and Kekäläinen 2002, Cumulated gain-based evaluation',
      url: 'https://doi.org/10.1145/582415.582418',
    },
    { title: 'trec_eval, m_ndcg.c', url: 'https://github.com/usnistgov/trec_eval' },
  ],
  example: {
    given: TREC_GIVEN,
    working:
      'Found: $1/\\log_2 2 + 2/\\log_2 5 = 1 + 0.8614$. Best: $2/\\log_2 2 + 1/\\log_2 3 + 1/\\log_2 4 = 2 + 0.6309 + 0.5$. $1.8614/3.1309 = 0.5945$.',
    results: { ndcg: (1 + 2 / Math.log2(5)) / (2.5 + 1 / Math.log2(3)) },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
