import { definition as clustering } from '../../predictions/protocols/clustering.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'ami',
  title: 'Adjusted mutual information',
  field: 'clustering',
  keys: [{ pattern: 'ami', meaning: 'mutual information less what chance gives' }],
  summary: 'Mutual information of clusters and classes with what random labellings share taken out.',
  definition:
    'The expectation E[I] is over all permutations of the items with both sets of group sizes fixed (hypergeometric model). 0 is chance, 1 the same partition; below 0 is worse than chance. The normaliser is the arithmetic mean of the entropies.',
  formula: String.raw`\mathrm{AMI} = \frac{I(K;C) - \mathbb{E}[I]}{\tfrac12\left(H(K) + H(C)\right) - \mathbb{E}[I]}`,
  resampled: 'Items; no mean over them, so intervals need a bootstrap that counts again.',
  ties: 'None; the names of clusters do not matter.',
  edges: [
    'Where both labellings are one group, or both all singletons, it is 1; where only one of them is a single group, 0.',
  ],
  oracle: { tool: 'scikit-learn adjusted_mutual_info_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/clustering/clustering.test.ts',
      figure:
        'equal to 12 decimals on five labellings; the expectation equals the mean over all 120 permutations of a case',
    },
  ],
  disagreements: [
    '**Normalisers.** scikit-learn’s default was the *maximum* of the entropies before 0.22 and is the arithmetic mean since; the maximum gives a smaller value.',
    'Vinh et al. name the variants AMI_max, AMI_sqrt and AMI_sum; this is AMI_sum.',
  ],
  sources: [{ title: 'Vinh, Epps and Bailey 2010, Eq. 24a', url: 'https://jmlr.org/papers/v11/vinh10a.html' }],
  example: {
    given: 'Four items with the clusters 0, 1, 0, 1 and the classes 0, 0, 1, 1.',
    working:
      'They share nothing: $I = 0$. Of the six ways to place two items of a class, two fit the clusters wholly and give $\\ln 2$, four give 0: $\\mathbb{E}[I] = \\frac13\\ln 2$. $(0 - \\frac13 \\ln 2)/(\\ln 2 - \\frac13 \\ln 2) = -\\frac12$, that is −0.5.',
    results: { ami: -0.5 },
    compute: () => scoreFiles(clustering, { 'clusters.csv': 'cluster,label\n0,0\n1,0\n0,1\n1,1\n' }),
  },
};
