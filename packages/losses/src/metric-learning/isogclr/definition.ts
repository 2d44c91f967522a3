import { z } from 'zod';
import { defineMethod, ordered } from '../../core/define.js';

const code = 'released code (zhqiu/contrastive-learning-iSogCLR), unimodal';

const share = (title: string, preset: number, source: string) =>
  z.number().min(0).max(1).default(preset).meta({ title, unit: 'share of the newest value', source });

const params = z
  .strictObject({
    rho: z.number().min(0).max(20).default(0.4).meta({
      title: 'Radius ρ of the ambiguity set',
      unit: 'nats',
      source: `Qiu et al. 2023: 0.4 on CIFAR, searched in 0.1 … 0.6`,
    }),
    gamma: share('Averaging rate γ of s', 0.8, `${code}: 0.8`),
    betaU: share(
      'Averaging rate β of the temperature’s gradient',
      0.5,
      'run scripts of the released code: 0.5; 0.9 in its class',
    ),
    eta: z.number().min(0).max(10).default(0.03).meta({
      title: 'Step size η of the temperatures',
      unit: 'temperature per unit of gradient',
      source: 'run scripts of the released code: 0.03, constant',
    }),
    tauInit: z.number().min(0.005).max(10).default(0.1).meta({
      title: 'Initial temperature',
      unit: 'cosine similarity',
      source: 'run scripts of the released code: 0.1; 0.07 in its class',
    }),
    tauMin: z
      .number()
      .min(0.005)
      .max(10)
      .default(0.05)
      .meta({ title: 'Smallest temperature', unit: 'cosine similarity', source: `${code}: 0.05` }),
    tauMax: z
      .number()
      .min(0.005)
      .max(10)
      .default(1)
      .meta({ title: 'Largest temperature', unit: 'cosine similarity', source: `${code}: 1` }),
    gradClip: z
      .number()
      .gt(0)
      .max(100)
      .default(3)
      .meta({ title: 'Bound on the temperature’s gradient', unit: 'nats', source: `${code}: 3` }),
  })
  .refine(...ordered('tauMin', 'tauMax'));

export type Params = z.output<typeof params>;

/** Linear evaluation, top-1 in percent: SimCLR, SogCLR, iSogCLR. */
const linear = (dataset: string, values: readonly [number, number, number]) =>
  ['SimCLR', 'SogCLR', 'iSogCLR'].map((setting, i) => ({
    dataset,
    metric: 'top-1 accuracy',
    value: values[i]!,
    unit: '%',
    setting: `${setting}, linear probe`,
    where: 'tables of the paper, cited from memory',
    verified: false,
  }));

export const definition = defineMethod({
  key: 'isogclr',
  version: 1,
  title: 'iSogCLR',
  summary: 'Contrastive learning from two views in which every training example learns a temperature of its own.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'qiu-2023',
    title:
      'Not All Semantics are Created Equal: Contrastive Self-supervised Learning with Automatic Temperature Individualization',
    authors: 'Qiu, Hu, Yuan, Zhou, Zhang, Yang',
    year: 2023,
    venue: 'ICML 2023',
    arxiv: '2305.11965',
  },
  params,
  inputs: [
    { name: 'view1', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'view2', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 's', shape: ['B'], dtype: 'float32', domain: '≥ 0' },
    { name: 'u', shape: ['B'], dtype: 'float32', domain: 'any finite number' },
    { name: 'tau', shape: ['B'], dtype: 'float32', domain: '> 0' },
  ],
  needs: ['views', 'embeddings'],
  scale: { param: 'rho', low: 0.05, high: 2 },
  formula: String.raw`\min_w \frac1n \sum_i \min_{\tau_i \ge \tau_{\min}} \tau_i \log \operatorname*{mean}_{j} e^{(S_{ij} - S_{ii^+})/\tau_i} + \tau_i\, \rho`,
  functions: ['isogclrUnimodalStep', 'isogclrBimodalStep'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...linear('CIFAR-10', [88.74, 88.93, 89.24]),
    ...linear('CIFAR-100', [62.34, 63.14, 63.82]),
    ...linear('ImageNet-100', [79.96, 80.54, 81.14]),
    ...linear('CIFAR-10-LT', [77.09, 77.7, 78.37]),
    ...linear('CIFAR-100-LT', [49.33, 52.35, 53.06]),
  ],
  notes: [
    'The paper presents an optimisation algorithm. It is an objective here: ordinary back-propagation runs unchanged, and the per-example numbers s, u and τ are kept by the run and moved after each step.',
    'The loss is the released code’s surrogate: its gradient is that of the objective, its value is not, and it is not divided by τ.',
    'In the code s starts from the batch in epoch 0. Here it does so in epoch 0 and at an example’s first visit, which are the same where an epoch visits every example.',
    's is kept as its logarithm: at small temperatures it exceeds the range of float32.',
    'The bimodal step is a function only. Its temperatures stay within 0.005 and 1, the bounds of the released code, which are no parameter of it.',
  ],
});
