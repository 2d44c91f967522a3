import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  form: z.enum(['nt-xent', 'clip']).default('nt-xent').meta({
    title: 'Which pairs compete',
    unit: 'none',
    source: 'nt-xent: Chen et al. 2020, Eq. 1, all other rows of both views; clip: Radford et al. 2021, Figure 3',
  }),
  temperature: z.number().min(0.01).max(10).default(0.1).meta({
    title: 'Temperature τ, or its initial value',
    unit: 'cosine similarity',
    source: 'Chen et al. 2020, §4: best at 0.1 on ImageNet (0.5 on CIFAR-10); CLIP starts from 0.07',
  }),
  learnTemperature: z.boolean().default(false).meta({
    title: 'Learn the temperature',
    unit: 'none',
    source: 'SimCLR keeps it fixed; CLIP learns log 1/τ and keeps 1/τ at most 100',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'info-nce',
  version: 1,
  title: 'InfoNCE on two views (NT-Xent, CLIP)',
  summary: 'Each view must find the other view of its example among the batch, by a softmax over cosines.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'chen-2020',
    title: 'A Simple Framework for Contrastive Learning of Visual Representations',
    authors: 'Chen, Kornblith, Norouzi, Hinton',
    year: 2020,
    venue: 'ICML 2020',
    arxiv: '2002.05709',
  },
  params,
  inputs: [
    { name: 'view1', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'view2', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
  ],
  needs: ['views', 'embeddings'],
  scale: { param: 'temperature', low: 0.02, high: 1 },
  formula: String.raw`L = -\frac{1}{2B} \sum_{i=1}^{2B} \log \frac{e^{\langle \hat z_i, \hat z_{i^+} \rangle/\tau}}{\sum_{k \ne i} e^{\langle \hat z_i, \hat z_k \rangle/\tau}}`,
  functions: ['ntXent', 'clip'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    {
      dataset: 'ImageNet',
      metric: 'top-1 accuracy',
      value: 69.3,
      unit: '%',
      setting: 'SimCLR, ResNet-50, linear probe',
      where: 'comparison tables of Chen et al. 2020, cited from memory',
      verified: false,
    },
    {
      dataset: 'ImageNet',
      metric: 'top-1 accuracy',
      value: 76.5,
      unit: '%',
      setting: 'SimCLR, ResNet-50 (4×), linear probe',
      where: 'Abstract of Chen et al. 2020, cited from memory',
      verified: false,
    },
  ],
  notes: [
    'The form clip takes the two views as its two sides and one net for both; the paper has one tower for images and one for texts.',
    'A learned temperature is τ = e^−ω with 1/τ at most 100, without weight decay. Past the bound the gradient still reaches ω, as where the released code clips the parameter itself.',
    'SimCLR puts a projection head on the encoder and drops it afterwards; the head belongs to the net and is not part of this loss.',
  ],
});
