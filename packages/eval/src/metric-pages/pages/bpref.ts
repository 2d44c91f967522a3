import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'bpref',
  title: 'bpref (trec_eval)',
  field: 'text retrieval',
  keys: [{ pattern: 'bpref', meaning: 'how seldom judged nonrelevant documents stand above relevant ones' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'How seldom judged nonrelevant documents stand above relevant ones; unjudged documents do not matter.',
  definition:
    'Made for incomplete judgements: documents that nobody judged are passed over. For each relevant document retrieved, the judged nonrelevant ones above it are counted, R at most, and set against min(R, N), N being how many judged nonrelevant documents there are.',
  formula: String.raw`\mathrm{bpref} = \frac{1}{R}\sum_{r\ \mathrm{retrieved}}\left(1 - \frac{\min(n_r, R)}{\min(R, N)}\right)`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: [
    'A relevant document with no judged nonrelevant one above it counts 1.',
    'Relevant documents that are not retrieved count 0.',
    'A query without a relevant document has 0.',
  ],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: [
    'The formula of the paper divides by R; trec_eval since version 8 divides by min(R, N), which this follows.',
    'bpref-10 adds 10 to the bound.',
  ],
  sources: [
    {
      title: 'Buckley and Voorhees 2004, Retrieval evaluation with incomplete information',
      url: 'https://doi.org/10.1145/1008992.1009000',
    },
  ],
  example: {
    given: TREC_GIVEN,
    working:
      'N = 1 (b), so min(R, N) = 1. Document a has none above it: 1. Document d has b above it: $1 - 1/1 = 0$. $(1 + 0)/3 \\approx 0.3333$.',
    results: { bpref: 1 / 3 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
