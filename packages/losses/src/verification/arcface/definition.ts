import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const source = (text: string) => `Deng et al. 2019: ${text}`;

const params = z.strictObject({
  s: z
    .number()
    .min(1)
    .max(256)
    .default(64)
    .meta({ title: 'Scale s', unit: 'logits per unit of cosine', source: source('§3.1, s = 64') }),
  m: z
    .number()
    .min(0)
    .max(1.5)
    .default(0.5)
    .meta({ title: 'Angular margin m', unit: 'radians', source: source('§3.1, m = 0.5') }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'arcface',
  version: 1,
  title: 'ArcFace',
  summary: 'Softmax over cosines in which the angle to the own class is made larger by a fixed margin.',
  family: 'verification',
  slot: 'objective',
  paper: {
    key: 'deng-2019',
    title: 'ArcFace: Additive Angular Margin Loss for Deep Face Recognition',
    authors: 'Deng, Guo, Xue, Zafeiriou',
    year: 2019,
    venue: 'CVPR 2019',
    arxiv: '1801.07698',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'weights', shape: ['C', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 's', low: 8, high: 64 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{s \cos(\theta_{i y_i} + m)}}{e^{s \cos(\theta_{i y_i} + m)} + \sum_{c \ne y_i} e^{s \cos \theta_{ic}}}`,
  functions: ['arcFace'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    {
      dataset: 'LFW',
      metric: 'Verification accuracy',
      value: 99.83,
      unit: '%',
      setting: 'MS1MV2, ResNet-100',
      where: 'comparison table of the paper, cited from memory',
      verified: false,
    },
  ],
  notes: [
    'The cosine is that of θ + m even beyond π, where it rises again, as Eq. 3 says; released code has variants that continue with a straight line there (easy margin off) or leave the margin out.',
    'Class weights start uniform in ±1/√D like the proxies of the normalised softmax, so that the heads differ by their margin alone; released code draws them from N(0, 0.01²).',
  ],
});
