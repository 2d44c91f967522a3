import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const source = (text: string) => `Wang et al. 2018: ${text}`;

const params = z.strictObject({
  s: z
    .number()
    .min(1)
    .max(256)
    .default(64)
    .meta({ title: 'Scale s', unit: 'logits per unit of cosine', source: source('s = 64, set empirically') }),
  m: z
    .number()
    .min(0)
    .max(1)
    .default(0.35)
    .meta({ title: 'Cosine margin m', unit: 'cosine', source: source('m = 0.35, the best of 0 … 0.45') }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'cosface',
  version: 1,
  title: 'CosFace',
  summary: 'Softmax over cosines in which the cosine to the own class is reduced by a fixed margin.',
  family: 'verification',
  slot: 'objective',
  paper: {
    key: 'wang-2018',
    title: 'CosFace: Large Margin Cosine Loss for Deep Face Recognition',
    authors: 'Wang, Wang, Zhou, Ji, Gong, Zhou, Li, Liu',
    year: 2018,
    venue: 'CVPR 2018',
    arxiv: '1801.09414',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'weights', shape: ['C', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 's', low: 8, high: 64 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{s (\cos \theta_{i y_i} - m)}}{e^{s (\cos \theta_{i y_i} - m)} + \sum_{c \ne y_i} e^{s \cos \theta_{ic}}}`,
  functions: ['cosFace'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    {
      dataset: 'LFW',
      metric: 'Verification accuracy',
      value: 99.73,
      unit: '%',
      setting: '5 million training images, 64-layer CNN',
      where: 'comparison table of the paper, cited from memory',
      verified: false,
    },
  ],
  notes: [
    'The class weights have no bias, as in the paper; the margin is subtracted from the cosine before scaling.',
    'Class weights start uniform in ±1/√D like the proxies of the normalised softmax, so that the heads differ by their margin alone.',
  ],
});
