import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'cross-entropy',
  version: 1,
  title: 'Cross-entropy',
  summary: 'Negative log-probability of the true class: the baseline wherever a net gives one logit a class.',
  family: 'classification',
  slot: 'objective',
  paper: {
    key: 'bridle-1990',
    title:
      'Probabilistic interpretation of feedforward classification network outputs, with relationships to statistical pattern recognition',
    authors: 'Bridle',
    year: 1990,
    venue: 'Neurocomputing (NATO ASI Series F68)',
    url: 'https://doi.org/10.1007/978-3-642-76153-9_28',
  },
  params,
  inputs: [
    { name: 'logits', shape: ['B', 'C'], dtype: 'float32', domain: 'any finite number' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'logits'],
  formula: String.raw`L = \frac{1}{B} \sum_{i} \Big( \log \sum_k e^{h_{ik}} - h_{i y_i} \Big)`,
  functions: ['crossEntropy', 'linearCrossEntropy'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [],
});
