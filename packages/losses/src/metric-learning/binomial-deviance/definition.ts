import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  alpha: z.number().gt(0).max(100).default(2).meta({
    title: 'Scale α',
    unit: 'per cosine similarity',
    source: 'Yi et al. 2014: α = 2',
  }),
  beta: z.number().min(-1).max(1).default(0.5).meta({
    title: 'Threshold β',
    unit: 'cosine similarity',
    source: 'Yi et al. 2014: β = 0.5',
  }),
  cost: z.number().gt(0).max(1000).default(10).meta({
    title: 'Cost of a negative pair',
    unit: 'multiple of the scale',
    source: 'Ustinova and Lempitsky 2016: 10 on CUB-200 and online products, 25 on people (from memory)',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'binomial-deviance',
  version: 1,
  title: 'Binomial deviance',
  summary: 'A logistic loss on each pair’s cosine, equal pairs and unequal pairs averaged by themselves.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'yi-2014',
    title: 'Deep Metric Learning for Person Re-Identification',
    authors: 'Yi, Lei, Liao, Li',
    year: 2014,
    venue: 'ICPR 2014',
    arxiv: '1407.4979',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: 'whole numbers ≥ 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'alpha', low: 0.5, high: 8 },
  formula: String.raw`L = \frac{1}{|P|} \sum_{(i,j) \in P} \log \big( 1 + e^{-\alpha (S_{ij} - \beta)} \big) + \frac{1}{|N|} \sum_{(i,j) \in N} \log \big( 1 + e^{\alpha c (S_{ij} - \beta)} \big)`,
  functions: ['binomialDeviance'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The paper compares two image sets; in metric learning the pairs are all ordered pairs of one batch, without an example and itself.',
    'The weight of a pair is 1 over the number of pairs of its kind, as in the paper; a kind without a pair in the batch adds nothing.',
    'Multi-similarity papers print a form with means per anchor and a scale of its own for negatives; here it is α · cost.',
  ],
});
