import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const source = (text: string) => `Zhong et al. 2021: ${text}`;

const params = z.strictObject({
  s: z
    .number()
    .min(1)
    .max(256)
    .default(64)
    .meta({ title: 'Scale s', unit: 'loss per unit of cosine', source: source('s = 64') }),
  k: z
    .number()
    .min(0)
    .max(1000)
    .default(80)
    .meta({ title: 'Slope k of the sigmoids', unit: 'per radian', source: source('k = 80') }),
  a: z.number().min(0).max(3.1416).default(0.8).meta({
    title: 'Angle a where attraction ends',
    unit: 'radians',
    source: 'released code (zhongyy/SFace): 0.80; 0.87 for CASIA-WebFace',
  }),
  b: z.number().min(0).max(3.1416).default(1.23).meta({
    title: 'Angle b where repulsion ends',
    unit: 'radians',
    source: 'released code (zhongyy/SFace): 1.23; 1.2 for CASIA-WebFace',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'sface',
  version: 1,
  title: 'SFace',
  summary: 'Pulls and pushes on the sphere with sigmoid strengths that fade once an angle is good enough.',
  family: 'verification',
  slot: 'objective',
  paper: {
    key: 'zhong-2021',
    title: 'SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition',
    authors: 'Zhong, Deng, Hu, Zhao, Li, Wen',
    year: 2021,
    venue: 'IEEE Transactions on Image Processing 30',
    arxiv: '2205.12010',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'weights', shape: ['C', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 's', low: 1, high: 64 },
  formula: String.raw`L = \frac{s}{B} \sum_i \Big( -[\sigma(k(\theta_{i y_i} - a))] \cos\theta_{i y_i} + \sum_{c \ne y_i} [\sigma(-k(\theta_{ic} - b))] \cos\theta_{ic} \Big), \quad [\cdot] \text{ held constant}`,
  functions: ['sface'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The sigmoid strengths are constants of each step: the value is no function that the gradient descends.',
    'The defaults are for large sets of faces; few classes in few dimensions want a larger b.',
    'Class weights start uniform in ±1/√D like those of the margin heads; the released code uses the uniform initialisation of Glorot.',
  ],
});
