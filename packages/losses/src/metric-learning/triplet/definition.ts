import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  margin: z.number().gt(0).max(4).default(0.2).meta({
    title: 'Margin',
    unit: 'distance of the chosen kind on the unit sphere',
    source: 'Schroff et al. 2015, §3.3: α = 0.2',
  }),
  mining: z.enum(['semi-hard', 'batch-hard']).default('semi-hard').meta({
    title: 'Triplets used',
    unit: 'none',
    source: 'semi-hard: Schroff et al. 2015, §3.2; batch-hard: Hermans et al. 2017 (In Defense of the Triplet Loss)',
  }),
  distance: z.enum(['squared', 'euclidean']).default('squared').meta({
    title: 'Distance',
    unit: 'none',
    source: 'squared: Schroff et al. 2015, Eq. 1; Hermans et al. 2017 use the plain distance',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'triplet',
  version: 1,
  title: 'Triplet loss',
  summary: 'Keeps each anchor closer to its own class than to any other by a margin, on mined triplets.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'schroff-2015',
    title: 'FaceNet: A Unified Embedding for Face Recognition and Clustering',
    authors: 'Schroff, Kalenichenko, Philbin',
    year: 2015,
    venue: 'CVPR 2015',
    arxiv: '1503.03832',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: 'whole numbers ≥ 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'margin', low: 0.05, high: 1 },
  formula: String.raw`L = \operatorname*{mean}_{(a,p,n)} \max\big(0,\; d_{ap} - d_{an} + m\big), \quad \text{semi-hard: } d_{ap} < d_{an} < d_{ap} + m`,
  functions: ['tripletLoss'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'Semi-hard mining here averages every semi-hard triplet of the batch; the paper picks one negative for each positive pair.',
    'Semi-hard mining compares B³ triplets without differentiating them; batch-hard needs B² memory only.',
    'Batch-hard averages over the anchors that have a positive and a negative, including those already right.',
  ],
});
