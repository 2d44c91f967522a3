import { definition as discovery } from '../../predictions/protocols/category-discovery.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'clustering_accuracy',
  title: 'Clustering accuracy (Hungarian)',
  field: 'clustering',
  keys: [
    { pattern: 'acc', meaning: 'share of items that agree under the best one-to-one matching' },
    { pattern: 'acc_{all,old,new}', meaning: 'of all unlabelled items, those of old and those of new classes' },
  ],
  summary: 'Share of items whose cluster is matched with their class, under the one-to-one matching that agrees most.',
  definition:
    'Clusters and classes are matched one to one by linear sum assignment on the table of counts; with unequal numbers the rest goes without. In category discovery the matching is made *once, over all unlabelled items*, and the accuracies of old and new classes are read off under it.',
  formula: String.raw`\mathrm{ACC} = \max_{m}\ \frac{1}{n}\sum_{i=1}^{n}\mathbf{1}\!\left[y_i = m(k_i)\right]`,
  resampled: 'Items; given the matching the score is their mean.',
  ties: 'Several matchings can be best. The accuracy is the same; `acc_old` and `acc_new` may differ, and the matching is a fixed function of the counts.',
  edges: [
    '`acc_old` or `acc_new` is absent, with a warning, without such an item. A class marked both old and new is refused.',
    'A table above 8,192² cells is refused.',
  ],
  oracle: { tool: 'SciPy linear_sum_assignment', version: '1.10.1' },
  parity: [
    {
      path: 'packages/eval/src/predictions/clustering/clustering.test.ts',
      figure: 'the assignment’s total equals exhaustive search on 280 tables, and a planted optimum of 300 × 300',
    },
  ],
  disagreements: [
    'Version 1 of the GCD evaluation matches old and new items *apart*: larger numbers. So do papers on novel category discovery that match the new classes alone.',
    'Purity, or each cluster’s majority class, lets clusters share a class and is never smaller.',
  ],
  sources: [
    { title: 'Kuhn 1955, The Hungarian method', url: 'https://doi.org/10.1002/nav.3800020109' },
    { title: 'Vaze et al. 2022, Generalized category discovery', url: 'https://arxiv.org/abs/2201.02609' },
  ],
  example: {
    given:
      'Eight items. Cluster 0 holds three of old class 0 and four of new class 9; cluster 1 holds one of old class 1.',
    working:
      'The best matching gives cluster 0 to class 9 and cluster 1 to class 1: five of eight agree, 0.625. Of the four old items one does, 0.25; of the new ones all, 1.',
    results: { acc_all: 5 / 8, acc_old: 1 / 4, acc_new: 1 },
    compute: () =>
      scoreFiles(discovery, {
        'clusters.csv': 'cluster,label,old\n0,0,1\n0,0,1\n0,0,1\n0,9,0\n0,9,0\n0,9,0\n0,9,0\n1,1,1\n',
      }),
  },
};
