import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const source = (text: string) => `Mao, Mohri, Zhong 2023: ${text}`;

const params = z.strictObject({
  tau: z
    .number()
    .min(0)
    .max(4)
    .default(1)
    .meta({
      title: 'Family member τ',
      unit: 'none',
      source: source('τ = 1 is the logistic loss; τ between 1 and 1.5 has the lowest zero-one error'),
    }),
  mode: z
    .enum(['standard', 'adversarial'])
    .default('standard')
    .meta({
      title: 'Mode',
      unit: 'none',
      source: source('the adversarial form is its application to robust training'),
    }),
  nu: z.number().min(0).max(100).default(6).meta({
    title: 'Weight ν of the adversarial term',
    unit: 'none',
    source: 'chosen by analogy with β = 6 of TRADES (Zhang et al. 2019); the paper tunes it',
  }),
  rho: z
    .number()
    .min(0.01)
    .max(100)
    .default(1)
    .meta({
      title: 'Margin scale ρ',
      unit: 'logits',
      source: source('ρ = 1'),
    }),
  gamma: z
    .number()
    .min(0)
    .max(1)
    .default(8 / 255)
    .meta({
      title: 'Radius γ of the perturbation',
      unit: 'largest change of one input feature',
      source: source('8/255 in the maximum norm on images in [0, 1]'),
    }),
  pgdSteps: z
    .int()
    .min(1)
    .max(50)
    .default(10)
    .meta({
      title: 'Steps of the inner maximisation',
      unit: 'steps of γ/4',
      source: source('10 steps of projected gradient ascent'),
    }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'comp-sum',
  version: 1,
  title: 'Comp-sum losses',
  summary:
    'One family from the sum-exponential loss (τ = 0) over cross-entropy (τ = 1) to the mean absolute error (τ = 2), with a smooth adversarial form.',
  family: 'classification',
  slot: 'objective',
  paper: {
    key: 'mao-2023',
    title: 'Cross-Entropy Loss Functions: Theoretical Analysis and Applications',
    authors: 'Mao, Mohri, Zhong',
    year: 2023,
    venue: 'ICML 2023',
    arxiv: '2304.07288',
  },
  params,
  inputs: [
    { name: 'logits', shape: ['B', 'C'], dtype: 'float32', domain: 'any finite number' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'logits'],
  scale: { param: 'tau', low: 0.5, high: 2 },
  formula: String.raw`L = \frac{1}{B} \sum_i \Phi_\tau(u_i), \quad \Phi_\tau(u) = \frac{(1+u)^{1-\tau} - 1}{1-\tau}, \quad u_i = \sum_{k \ne y_i} e^{h_{ik} - h_{i y_i}}`,
  functions: ['compSum', 'linearCompSum', 'smoothAdvCompSum', 'hConsistencyTransform'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'No code was released; the losses follow the paper, the constants of the inner maximisation are customary ones.',
    'For τ < 1 the loss itself grows like e^{(1−τ)·margin}: logits far apart on the wrong side overflow, and the run then ends as non-finite.',
    'The weight λR(h) of the adversarial objective is the weight decay of the protocol, not a parameter here.',
    'The inner maximisation starts at a small random point (deviation γ/10), because the gradient vanishes at the clean input.',
    'Perturbed inputs are kept inside the ball of radius γ and not clipped to a data range, since features need not be pixels.',
  ],
});
