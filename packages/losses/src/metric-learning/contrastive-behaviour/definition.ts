import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const accuracy = (dataset: string, loss: string, values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([setting, value]) => ({
    dataset,
    metric: 'linear accuracy',
    value,
    unit: '%',
    setting: setting === '' ? loss : `${loss}, τ = ${setting}`,
    where: 'table of linear accuracies of the paper, cited from memory',
    verified: false,
  }));

const params = z.strictObject({
  loss: z.enum(['info-nce', 'simple', 'hard', 'hard-simple']).default('info-nce').meta({
    title: 'Form of the loss',
    unit: 'none',
    source: 'Wang and Liu 2021: info-nce is the contrastive loss; the others are the paper’s probes of it',
  }),
  tau: z.number().min(0.005).max(100).default(0.3).meta({
    title: 'Temperature τ',
    unit: 'cosine similarity',
    source: 'Wang and Liu 2021: of 0.07, 0.3, 0.7 and 1, 0.3 has the highest linear accuracy (cited from memory)',
  }),
  hardFraction: z.number().gt(0).max(1).default(0.1).meta({
    title: 'Share of hard negatives',
    unit: 'upper quantile of an anchor’s negatives; at least one is kept',
    source: 'chosen here; the paper keeps the negatives above an upper quantile and tunes it',
  }),
  numHard: z.int().min(1).max(1_000_000).nullable().default(null).meta({
    title: 'Number of hard negatives',
    unit: 'negatives an anchor; null: by their share',
    source: 'none: the share decides',
  }),
  lambda: z.number().min(0).max(100).default(1).meta({
    title: 'Weight λ of the negatives in the simple forms',
    unit: 'none; of their mean similarity',
    source: 'Wang and Liu 2021: the limit of the contrastive loss for τ → ∞, which has λ = 1 on the mean',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'contrastive-behaviour',
  version: 1,
  title: 'Contrastive loss and its hardness probes',
  summary:
    'InfoNCE between two views, its hard-negative and its linear form, and the measures that explain what the temperature does.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'wang-2021',
    title: 'Understanding the Behaviour of Contrastive Loss',
    authors: 'Wang, Liu',
    year: 2021,
    venue: 'CVPR 2021',
    arxiv: '2012.09740',
  },
  params,
  inputs: [{ name: 'views', shape: ['2', 'B', 'D'], dtype: 'float32', domain: 'any; normalised inside' }],
  needs: ['views', 'embeddings'],
  scale: { param: 'tau', low: 0.05, high: 1 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{s_{ii}/\tau}}{\sum_k e^{s_{ik}/\tau}}, \quad s_{ik} = \langle \hat z_i, \hat z'_k \rangle`,
  functions: ['infoNCE', 'relativePenalty', 'uniformity', 'tolerance', 'hardContrastive', 'simpleContrastive'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...accuracy('CIFAR-10', 'contrastive', { '0.07': 79.75, '0.3': 83.27, '0.7': 82.69, '1.0': 82.21 }),
    ...accuracy('CIFAR-10', 'simple', { '': 74.83 }),
    ...accuracy('CIFAR-10', 'hard contrastive', { '0.07': 79.2, '0.3': 83.63, '0.7': 84.19, '1.0': 84.19 }),
    ...accuracy('CIFAR-10', 'hard simple', { '': 84.84 }),
    ...accuracy('CIFAR-100', 'contrastive', { '0.07': 51.82, '0.3': 56.44, '0.7': 50.99, '1.0': 48.33 }),
    ...accuracy('CIFAR-100', 'simple', { '': 39.31 }),
    ...accuracy('CIFAR-100', 'hard contrastive', { '0.07': 50.77, '0.3': 56.55, '0.7': 57.54, '1.0': 56.77 }),
    ...accuracy('CIFAR-100', 'hard simple', { '': 55.71 }),
    ...accuracy('SVHN', 'contrastive', { '0.07': 92.55, '0.3': 95.47, '0.7': 94.17, '1.0': 92.07 }),
    ...accuracy('SVHN', 'simple', { '': 70.83 }),
    ...accuracy('SVHN', 'hard contrastive', { '0.07': 91.82, '0.3': 94.79, '0.7': 95.02, '1.0': 95.26 }),
    ...accuracy('SVHN', 'hard simple', { '': 94.99 }),
    ...accuracy('ImageNet-100', 'contrastive', { '0.07': 71.53, '0.3': 75.1, '0.7': 69.03, '1.0': 63.57 }),
    ...accuracy('ImageNet-100', 'simple', { '': 48.09 }),
    ...accuracy('ImageNet-100', 'hard contrastive', { '0.07': 68.33, '0.3': 74.21, '0.7': 74.7, '1.0': 74.28 }),
    ...accuracy('ImageNet-100', 'hard simple', { '': 74.31 }),
  ],
  notes: [
    'The paper contrasts a query with the keys of a memory bank; the objective here contrasts the two views of a batch, in both directions, and averages the directions.',
    'The simple forms weigh the mean of the negatives, not their sum, so that λ does not depend on the batch; the limit τ → ∞ of InfoNCE then has λ = 1.',
    'Hard negatives are exactly as many as asked for, or the nearest whole number to their share; of equal similarities at the border only as many as fit count.',
  ],
});
