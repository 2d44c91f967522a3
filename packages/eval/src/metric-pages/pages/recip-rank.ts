import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_QRELS } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'recip_rank',
  title: 'Reciprocal rank',
  field: 'text retrieval',
  keys: [{ pattern: 'recip_rank', meaning: 'one over the rank of the first relevant document' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'One over the rank of the first relevant document, averaged over queries (MRR).',
  definition: 'Looks at the first relevant document alone, as a reader does who wants one answer.',
  formula: String.raw`\mathrm{MRR} = \frac{1}{|Q|}\sum_q \frac{1}{\rho_1(q)}`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['Without a relevant document retrieved it is 0.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three or four outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: ['MRR@10, as MS MARCO has it, is 0 beyond rank 10; here the whole ranking counts.'],
  sources: [{ title: 'trec_eval, m_recip_rank.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given: 'One query with the ranking b, c, d; b is judged nonrelevant, c not judged, and d relevant.',
    working: 'The first relevant document has rank 3: $1/3 \\approx 0.3333$.',
    results: { recip_rank: 1 / 3 },
    compute: () => scoreFiles(trec, { run: '1 Q0 b 1 3 x\n1 Q0 c 2 2 x\n1 Q0 d 3 1 x\n' }, TREC_QRELS),
  },
};
