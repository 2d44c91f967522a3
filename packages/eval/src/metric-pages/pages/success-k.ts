import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'success_k',
  title: 'Success at k (trec_eval)',
  field: 'text retrieval',
  keys: [{ pattern: 'success_{k}', meaning: 'share of queries with a relevant document among the first k' }],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary: 'Share of queries with at least one relevant document among the first k.',
  definition: 'Also called hit rate; the text-retrieval name of metric learning’s [Recall@K](/metrics/recall_at_k).',
  formula: String.raw`\mathrm{success@}k = \frac{1}{|Q|}\sum_q\mathbf{1}\!\left[\rho_1(q) \le k\right]`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal scores, compared as 32-bit floats, stand in descending order of the document’s name.',
  edges: ['A query without a relevant document has 0.'],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure: 'all its lines in three outputs that NIST ships, all four printed decimals',
    },
  ],
  disagreements: ['DPR’s “top-k retrieval accuracy” looks for the answer’s text in the passage instead of judgements.'],
  sources: [{ title: 'trec_eval, m_success.c', url: 'https://github.com/usnistgov/trec_eval' }],
  example: {
    given:
      'Two queries. The first ranks documents a, b, equally scored, of which a is relevant; the second ranks a relevant document first.',
    working: 'The tie puts b before a, by descending name. At 1 one of two queries succeeds: 0.5. At 5 both do: 1.',
    results: { success_1: 0.5, success_5: 1 },
    compute: () =>
      scoreFiles(trec, { run: '1 Q0 a 1 1 x\n1 Q0 b 2 1 x\n2 Q0 c 1 1 x\n' }, { qrels: '1 0 a 1\n2 0 c 1\n' }),
  },
};
