import { definition as personReid } from '../../predictions/protocols/person-reid.js';
import { REID_GIVEN, reidFile, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'cmc_k',
  title: 'Cumulative matching characteristic (CMC)',
  field: 'embedding retrieval',
  keys: [{ pattern: 'cmc_{k}', meaning: 'share of queries with a right image among the first k' }],
  summary: 'Share of queries with a right gallery image among the first k, junk taken out first.',
  definition:
    'Rank-k accuracy of person re-identification: the query counts as soon as one right image by *another* camera stands among its first k. Same-camera images of the person and identity −1 are junk and take no rank.',
  formula: String.raw`\mathrm{CMC}(k) = \frac{1}{|Q|}\sum_{q}\mathbf{1}\!\left[\rho_1(q) \le k\right]`,
  resampled: 'Queries; the score is their mean.',
  ties: 'Equal similarities stand in ascending order of the position in the gallery.',
  edges: ['Queries without a right image by another camera count nowhere; a warning says how many.'],
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/protocols.test.ts',
      figure: 'worked cases with junk, ties and excluded queries, exactly',
    },
  ],
  disagreements: [
    'CUHK03’s first protocol draws one gallery image a person and averages over 100 draws: lower, and not comparable.',
    'Counting the share of right images among the first k is precision, not CMC.',
  ],
  sources: [
    { title: 'Zheng et al. 2015 (Market-1501)', url: 'https://doi.org/10.1109/ICCV.2015.133' },
    { title: 'Li et al. 2014, DeepReID (CUHK03)', url: 'https://doi.org/10.1109/CVPR.2014.27' },
  ],
  example: {
    given: REID_GIVEN,
    working: 'Without junk the first right image has rank 2: CMC rank-1 is 0, rank-5 is 1.',
    results: { cmc_1: 0, cmc_5: 1 },
    compute: () => scoreFiles(personReid, reidFile()),
  },
};
