import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  margin: z.number().gt(0).max(2).default(1).meta({
    title: 'Margin',
    unit: 'Euclidean distance on the unit sphere, where the largest is 2',
    source: 'Musgrave et al. 2020 (A Metric Learning Reality Check): negative margin 1 on unit embeddings',
  }),
  balance: z.enum(['pairs', 'kinds']).default('pairs').meta({
    title: 'What is averaged',
    unit: 'none',
    source: 'pairs: one mean over all pairs, after Hadsell et al. 2006, Eq. 4; kinds: as metric-learning libraries do',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'contrastive',
  version: 1,
  title: 'Contrastive loss',
  summary: 'Pulls pairs of one class together and pushes pairs of different classes beyond a margin.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'hadsell-2006',
    title: 'Dimensionality Reduction by Learning an Invariant Mapping',
    authors: 'Hadsell, Chopra, LeCun',
    year: 2006,
    venue: 'CVPR 2006',
    url: 'https://doi.org/10.1109/CVPR.2006.100',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: 'whole numbers ≥ 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'margin', low: 0.2, high: 2 },
  formula: String.raw`L = \frac{1}{2 B (B-1)} \Big( \sum_{i \ne j,\, y_i = y_j} d_{ij}^2 + \sum_{y_i \ne y_j} \max(0, m - d_{ij})^2 \Big), \quad d_{ij} = \lVert \hat z_i - \hat z_j \rVert_2`,
  functions: ['contrastiveLoss'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The paper sums over pairs, and the default takes the mean over all pairs of the batch. In a batch most pairs are unequal; the option kinds averages equal and unequal pairs by themselves, as metric-learning libraries do.',
    'The paper does not normalise embeddings; unit vectors make the margin comparable between nets.',
  ],
});
