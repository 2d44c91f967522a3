import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'iprec_at_recall',
  title: 'Interpolated precision at recall',
  field: 'text retrieval',
  keys: [
    { pattern: 'iprec_at_recall_{level}', meaning: 'best precision at that recall or beyond' },
    { pattern: '11pt_avg', meaning: 'mean of the eleven levels 0, .1 … 1' },
  ],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'The best precision at a recall level or at any later one, and the mean over eleven levels.',
  definition:
    'The curve of a TREC report. The number of relevant documents that a level needs is the level times R, rounded half up, as trec_eval does.',
  formula: String.raw`\mathrm{iprec}(\ell) = \max_{i\,:\,\mathrm{found}(i) \ge \lfloor \ell R + 1/2\rfloor} P(i)`,
  resampled: 'Queries; the scores are their means.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['Levels that the ranking does not reach have 0.', 'A query without a relevant document has 0.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: [
    'Textbook versions compare found/R with the level itself, which differs from the rounding where R is small.',
    'PASCAL VOC’s eleven-point AP is this idea for detection: see [VOC AP](/metrics/voc_ap).',
  ],
  sources: [{ title: 'trec_eval, m_iprec_at_recall.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given: TREC_GIVEN,
    working:
      'Levels 0, .1 need no document: 1. Level .2 and .3, .4 need one of three: 1. Level .5 to .8 need two: $2/4 = 0.5$. Levels .9 and 1 need three: 0. Mean: $(5 + 4 · .5)/11 = 0.6364$.',
    results: { 'iprec_at_recall_0.00': 1, 'iprec_at_recall_0.50': 0.5, '11pt_avg': 7 / 11 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
