import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'precision_cut',
  title: 'Precision at k (trec_eval)',
  field: 'text retrieval',
  keys: [{ pattern: 'P_{k}', meaning: 'relevant share of the first k' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'Share of relevant documents among the first k.',
  definition: 'Divides by k, also where fewer than k documents were retrieved.',
  formula: String.raw`P@k = \frac{1}{k}\sum_{i=1}^{k}\mathrm{rel}_i`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['With fewer than k relevant documents 1 cannot be reached.', 'Unjudged documents are not relevant.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: ['Dividing by min(k, number retrieved) rewards short rankings.'],
  sources: [{ title: 'trec_eval, m_P.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given: TREC_GIVEN,
    working: 'Two of the first five, of which only four exist: $2/5 = 0.4$.',
    results: { P_5: 2 / 5 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
