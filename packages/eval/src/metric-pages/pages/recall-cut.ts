import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'recall_cut',
  title: 'Recall at k (trec_eval)',
  field: 'text retrieval',
  keys: [{ pattern: 'recall_{k}', meaning: 'share of the relevant documents among the first k' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'Share of all relevant documents that stand among the first k.',
  definition: 'Recall in the sense of information retrieval: it divides by how many relevant documents there are.',
  formula: String.raw`\mathrm{recall@}k = \frac{1}{R}\sum_{i=1}^{k}\mathrm{rel}_i`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['With more than k relevant documents 1 cannot be reached.', 'A query without a relevant document has 0.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: [
    'In metric learning “recall@k” is 1 as soon as one is found: see [Recall@K of embeddings](/metrics/recall_at_k); trec_eval calls that [success](/metrics/success_k).',
    'Dividing by min(R, k) (“capped recall”, as BEIR’s R_cap has it) is larger.',
  ],
  sources: [{ title: 'trec_eval, m_recall.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given: TREC_GIVEN,
    working: 'Two of three relevant documents: $2/3 \\approx 0.6667$.',
    results: { recall_5: 2 / 3 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
