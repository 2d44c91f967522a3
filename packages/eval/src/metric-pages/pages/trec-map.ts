import { definition as trec } from '../../predictions/protocols/retrieval-trec.js';
import { scoreFiles, TREC_GIVEN, TREC_QRELS, TREC_RUN } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'trec_map',
  title: 'Mean average precision (trec_eval)',
  field: 'text retrieval',
  keys: [
    { pattern: 'map', meaning: 'mean average precision of the whole ranking' },
    { pattern: 'map_cut_{k}', meaning: 'the same of the first k' },
    { pattern: 'gm_map', meaning: 'geometric mean over queries' },
  ],
  boards: ['retrieval-trec', 'cranfield-retrieval'],
  summary:
    'Precision at the rank of every relevant document, over the number of relevant documents, averaged over queries.',
  definition:
    'Relevant documents that are not retrieved count 0, so it is a measure of recall too. `map_cut_k` stops at rank k but still divides by *all* relevant documents. `gm_map` is the geometric mean of the queries’ average precisions, each at least 10⁻⁵, and tells of the hard queries.',
  formula: String.raw`\mathrm{AP} = \frac{1}{R}\sum_{i\,:\,\mathrm{rel}_i} P(i),\qquad \mathrm{gm\_map} = \exp\frac{1}{|Q|}\sum_q \ln\max(\mathrm{AP}_q, 10^{-5})`,
  resampled: 'Queries; `map` and `map_cut_k` are their means, `gm_map` is not.',
  ties: 'Equal scores, compared as 32-bit floats, stand in *descending* order of the document’s name. The rank column is not used.',
  edges: [
    'A query without a relevant document has 0.',
    'Means are over the queries of the run that are judged (Cranfield: over all 225; a missing one is an empty ranking).',
    'A judgement above 0 is relevant; unjudged documents are not.',
  ],
  oracle: { tool: 'trec_eval', version: '9.0' },
  parity: [
    {
      path: 'packages/eval/src/predictions/trec/measures.test.ts',
      data: 'trec_eval_test',
      figure:
        'all its lines in three or four outputs that NIST ships, all four printed decimals, by query and over all',
    },
  ],
  disagreements: [
    '**Tie order.** Libraries that keep the order of the file, use the rank column, or break ties by *ascending* name differ wherever scores are equal; pytrec_eval follows trec_eval.',
    'Dividing by the relevant documents *retrieved*, or by min(R, k), gives larger values.',
    'Person re-identification’s mAP removes junk first: see [mAP of re-identification](/metrics/reid_map).',
  ],
  sources: [
    { title: 'trec_eval, m_map.c, m_gm_map.c', url: 'https://github.com/usnistgov/trec_eval' },
    { title: 'Robertson 2006, On GMAP', url: 'https://doi.org/10.1145/1183614.1183630' },
  ],
  example: {
    given: TREC_GIVEN,
    working: '$(1/1 + 2/4)/3 = 0.5$. With one query the geometric mean is the same, 0.5.',
    results: { map: 0.5, map_cut_5: 0.5, gm_map: 0.5 },
    compute: () => scoreFiles(trec, TREC_RUN, TREC_QRELS),
  },
};
