import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'rprec',
  title: 'R-precision (trec_eval)',
  field: 'text retrieval',
  keys: [{ pattern: 'Rprec', meaning: 'relevant share of the first R' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'Share of relevant documents among the first R, where R is how many relevant ones there are.',
  definition: 'At rank R precision and recall are equal, so one number stands for both.',
  formula: String.raw`\mathrm{Rprec} = \frac{1}{R}\sum_{i=1}^{R}\mathrm{rel}_i`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['Divides by R also where fewer documents were retrieved.', 'A query without a relevant document has 0.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: [
    'The metric-learning `r_precision` is the same with the class as relevance: see [MAP@R](/metrics/map_at_r).',
  ],
  sources: [{ title: 'trec_eval, m_Rprec.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given: TREC_GIVEN,
    working: 'R = 3; of the first three one is relevant: $1/3 \\approx 0.3333$.',
    results: { Rprec: 1 / 3 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
