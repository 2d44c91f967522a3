import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const table = (dataset: string, accuracy: Readonly<Record<string, number>>) =>
  Object.entries(accuracy).map(([setting, value]) => ({
    dataset,
    metric: 'accuracy',
    value,
    unit: '%',
    setting,
    where: 'main results table, cited from memory',
    verified: false,
  }));

const params = z.strictObject({
  variant: z.literal('dt').default('dt').meta({
    title: 'Variant',
    unit: 'none',
    source: 'Li et al. 2025: discrete time, with one block a step',
  }),
  blocks: z.int().min(1).max(100).default(10).meta({
    title: 'Blocks T',
    unit: 'blocks, one a diffusion step',
    source: 'Li et al. 2025: T = 10',
  }),
  eta: z.number().gt(0).max(100).default(0.1).meta({
    title: 'Weight η of the denoising term',
    unit: 'none',
    source: 'Li et al. 2025: η = 0.1 for discrete time',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'noprop',
  version: 1,
  title: 'NoProp',
  summary: 'Trains each block by itself to denoise the label embedding: no gradient crosses from block to block.',
  family: 'trainers',
  slot: 'trainer',
  paper: {
    key: 'li-2025',
    title: 'NoProp: Training Neural Networks without Back-propagation or Forward-propagation',
    authors: 'Li, Teh, Pascanu',
    year: 2025,
    venue: 'arXiv',
    arxiv: '2503.24322',
  },
  params,
  inputs: [
    { name: 'x', shape: ['B', '…'], dtype: 'float32', domain: "the benchmark's inputs, flattened" },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'logits'],
  formula: String.raw`L_t = \frac{T \eta}{2} \big(\mathrm{SNR}_t - \mathrm{SNR}_{t-1}\big) \lVert \hat u_t(z_{t-1}, x) - u_y \rVert^2 - \log p(y \mid z_T) + \mathrm{KL}\big(q(z_0 \mid y) \,\Vert\, \mathcal N(0, I)\big)`,
  functions: ['nopropCoefficients', 'nopropDtLoss', 'nopropFm'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...table('MNIST', { 'back-propagation, one-hot': 99.46, 'DT, one-hot': 99.47, 'DT, learned 20': 99.49 }),
    ...table('MNIST', { 'DT, prototype': 99.54, 'CT, one-hot': 97.84, 'FM, one-hot': 99.21 }),
    ...table('CIFAR-10', { 'back-propagation, one-hot': 79.92, 'DT, one-hot': 79.25, 'DT, learned 20': 79.12 }),
    ...table('CIFAR-10', { 'DT, prototype': 80.54, 'CT, one-hot': 73.35, 'FM, one-hot': 73.14 }),
    ...table('CIFAR-100', { 'back-propagation, one-hot': 45.85, 'DT, one-hot': 45.93, 'DT, learned 20': 45.19 }),
    ...table('CIFAR-100', { 'DT, prototype': 46.06, 'CT, one-hot': 33.66, 'FM, one-hot': 6.38 }),
  ],
  notes: [
    'Label embeddings are one-hot and fixed. Learned and prototype embeddings, continuous time and flow matching are not trained here.',
    'No official code was found. A community implementation uses ᾱ·u for the mean of z; the paper has √ᾱ·u, which is the default here.',
    'The paper joins a convolutional path for x with one for z before its last layer; here a block adds the logits of a fully connected net over x, with the hidden layers of the benchmark, and of a linear layer over z. For one-hot embeddings the logarithm of the posterior is such a sum.',
    'Blocks are updated one after the other on each batch; the output matrix moves with every block.',
    'The schedule is the cosine, ᾱ_t = cos²(π/2 · (1 − t/T + s)/(1 + s)); its offset s = 0.008 (Nichol and Dhariwal 2021) leaves a little noise at the end, so that the signal-to-noise ratio stays finite.',
  ],
});
