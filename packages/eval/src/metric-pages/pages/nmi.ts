import { definition as clustering } from '../../predictions/protocols/clustering.js';
import { CLUSTERS, CLUSTERS_GIVEN, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'nmi',
  title: 'Normalised mutual information',
  field: 'clustering',
  keys: [
    { pattern: 'nmi', meaning: 'with the arithmetic mean of the entropies' },
    { pattern: 'nmi_arithmetic', meaning: 'the same' },
    { pattern: 'nmi_geometric', meaning: 'with the geometric mean' },
  ],
  summary: 'Information that clusters and classes share, over the mean of their entropies.',
  definition:
    '1 where clusters and classes are the same partition, 0 where they are independent. It does not correct for chance: many small clusters score high whatever they hold, which [AMI](/metrics/ami) mends. On the metric-learning board the clusters are one run of k-means with k = the number of classes, of a fixed seed.',
  formula: String.raw`\mathrm{NMI} = \frac{I(K; C)}{\tfrac12\left(H(K) + H(C)\right)},\qquad \mathrm{NMI}_{\mathrm{geo}} = \frac{I(K; C)}{\sqrt{H(K)\,H(C)}}`,
  resampled: 'Items; no mean over them, so intervals need a bootstrap that counts again.',
  ties: 'None; the names of clusters do not matter.',
  edges: [
    'Where both labellings are one group it is 1; where only one of them is, 0.',
    'Every value of cluster is a cluster, −1 for noise included.',
  ],
  oracle: { tool: 'scikit-learn normalized_mutual_info_score', version: '1.2.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/clustering/clustering.test.ts',
      figure: 'both means equal to 12 decimals on five labellings, one of 120 items',
    },
  ],
  disagreements: [
    '**Two normalisations.** scikit-learn took the *geometric* mean before 0.22 and the *arithmetic* one since; deep-clustering papers follow whichever they had. The geometric one is never smaller.',
    'Others divide by the maximum, the minimum or the joint entropy.',
    'Papers of metric learning cluster with Matlab, faiss or scikit-learn and mostly do not say which; other starts of k-means move NMI by up to a hundredth.',
  ],
  sources: [
    {
      title: 'Strehl and Ghosh 2002, Cluster ensembles (geometric)',
      url: 'https://www.jmlr.org/papers/v3/strehl02a.html',
    },
    {
      title: 'Vinh, Epps and Bailey 2010, Information theoretic measures for clusterings comparison',
      url: 'https://jmlr.org/papers/v11/vinh10a.html',
    },
  ],
  example: {
    given: CLUSTERS_GIVEN,
    working:
      'Two of three clusters fix the class and the third tells nothing: $I = \\frac23 \\ln 2 = 0.4621$. Entropies $\\ln 3 = 1.0986$ and $\\ln 2 = 0.6931$. Arithmetic: $0.4621/0.8959 = 0.5158$; geometric: $0.4621/0.8726 = 0.5295$.',
    results: {
      nmi: ((2 / 3) * Math.LN2) / ((Math.log(3) + Math.LN2) / 2),
      nmi_geometric: ((2 / 3) * Math.LN2) / Math.sqrt(Math.log(3) * Math.LN2),
    },
    compute: () => scoreFiles(clustering, CLUSTERS),
  },
};
