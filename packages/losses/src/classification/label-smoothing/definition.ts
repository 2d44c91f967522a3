import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  epsilon: z.number().min(0).max(1).default(0.1).meta({
    title: 'Smoothing ε',
    unit: 'probability mass moved to the uniform distribution',
    source: 'Szegedy et al. 2016, §7: ε = 0.1',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'label-smoothing',
  version: 1,
  title: 'Label smoothing',
  summary: 'Cross-entropy to targets mixed with the uniform distribution: less confident, often better calibrated.',
  family: 'classification',
  slot: 'objective',
  paper: {
    key: 'szegedy-2016',
    title: 'Rethinking the Inception Architecture for Computer Vision',
    authors: 'Szegedy, Vanhoucke, Ioffe, Shlens, Wojna',
    year: 2016,
    venue: 'CVPR 2016',
    arxiv: '1512.00567',
  },
  params,
  inputs: [
    { name: 'logits', shape: ['B', 'C'], dtype: 'float32', domain: 'any finite number' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'logits'],
  scale: { param: 'epsilon', low: 0.01, high: 0.4 },
  formula: String.raw`L = -\frac{1}{B} \sum_{i,k} \Big( (1-\epsilon)\,[k = y_i] + \frac{\epsilon}{C} \Big) \log p_{ik}`,
  functions: ['labelSmoothing'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: ['The uniform part covers all C classes, the true one included, as in the paper.'],
});
