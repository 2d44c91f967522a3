import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  gamma: z.number().min(0).max(10).default(2).meta({
    title: 'Focusing γ',
    unit: 'exponent',
    source: 'Lin et al. 2017, §3.2: γ = 2 works best',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'focal',
  version: 1,
  title: 'Focal loss',
  summary: 'Cross-entropy scaled down by (1−p)^γ on examples already right: for easy majorities and imbalance.',
  family: 'classification',
  slot: 'objective',
  paper: {
    key: 'lin-2017',
    title: 'Focal Loss for Dense Object Detection',
    authors: 'Lin, Goyal, Girshick, He, Dollár',
    year: 2017,
    venue: 'ICCV 2017',
    arxiv: '1708.02002',
  },
  params,
  inputs: [
    { name: 'logits', shape: ['B', 'C'], dtype: 'float32', domain: 'any finite number' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'logits'],
  scale: { param: 'gamma', low: 0.25, high: 5 },
  formula: String.raw`L = -\frac{1}{B} \sum_i (1 - p_{i y_i})^{\gamma} \log p_{i y_i}`,
  functions: ['focalLoss'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The paper scores independent sigmoids of a detector; this is the usual softmax form for one class an example.',
    "The paper's class weight α balances foreground against background and has no counterpart here; it is 1.",
    'The mean runs over the batch; the detector divides by the number of anchors with an object.',
  ],
});
