import { definition as clustering } from '../../predictions/protocols/clustering.js';
import { CLUSTERS, CLUSTERS_GIVEN, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'ari',
  title: 'Adjusted Rand index',
  field: 'clustering',
  keys: [{ pattern: 'ari', meaning: 'agreement about pairs of items, less chance' }],
  summary: 'How often clusters and classes agree that two items belong together, corrected for chance.',
  definition:
    'Counts pairs of items: T that are together in both, A together in clusters, B together in classes. Chance under fixed group sizes is AB over all pairs. 0 is chance, 1 the same partition.',
  formula: String.raw`\mathrm{ARI} = \frac{T - AB/\binom n2}{\tfrac12(A + B) - AB/\binom n2}`,
  resampled: 'Items; no mean over them, so intervals need a bootstrap that counts again.',
  ties: 'None; the names of clusters do not matter.',
  edges: [
    'Where both labellings are one group, or both all singletons, it is 1; where only one is a single group, 0.',
    'The least value depends on the group sizes and is above −1.',
  ],
  oracle: { tool: 'scikit-learn adjusted_rand_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/clustering/clustering.test.ts',
      figure: 'equal to 12 decimals on five labellings, one of 120 items',
    },
  ],
  disagreements: ['The unadjusted Rand index is far nearer to 1; some papers print it under the same letters.'],
  sources: [{ title: 'Hubert and Arabie 1985, Comparing partitions', url: 'https://doi.org/10.1007/BF01908075' }],
  example: {
    given: CLUSTERS_GIVEN,
    working:
      '$A = 3$ (one pair a cluster), $B = 3 + 3 = 6$, $T = 2$ and 15 pairs in all: $(2 - 18/15)/(4.5 - 18/15) = 0.8/3.3 \\approx 0.2424$.',
    results: { ari: 0.8 / 3.3 },
    compute: () => scoreFiles(clustering, CLUSTERS),
  },
};
