import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

/** One row of the CIFAR-100 comparison: top-1 error, top-5 error, NLL, ECE, AURC; null where not known. */
const cifar100 = (setting: string, values: readonly (number | null)[]) =>
  [
    ['top-1 error', '%'],
    ['top-5 error', '%'],
    ['NLL', 'nats'],
    ['ECE', '%'],
    ['AURC', '×1000'],
  ].flatMap(([metric = '', unit = ''], i) => {
    const value = values[i];
    if (value === null || value === undefined) return [];
    return [{ dataset: 'CIFAR-100', metric, value, unit, setting, where: 'CIFAR-100 tables', verified: false }];
  });

const params = z.strictObject({
  alphaT: z.number().min(0).max(1).default(0.8).meta({
    title: 'Final weight α_T of the past prediction',
    unit: 'probability mass',
    source: 'Kim et al. 2021, §4: α_T = 0.8 on CIFAR-100',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'ps-kd',
  version: 1,
  title: 'Progressive self-knowledge distillation (PS-KD)',
  summary: 'Softens each target with what the net itself predicted for that example one epoch earlier.',
  family: 'distillation',
  slot: 'objective',
  paper: {
    key: 'kim-2021',
    title: 'Self-Knowledge Distillation with Progressive Refinement of Targets',
    authors: 'Kim, Ji, Yoon, Hwang',
    year: 2021,
    venue: 'ICCV 2021',
    arxiv: '2006.12000',
  },
  params,
  inputs: [
    { name: 'logits', shape: ['B', 'C'], dtype: 'float32', domain: 'any finite number' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
    { name: 'past_probs', shape: ['B', 'C'], dtype: 'float32', domain: 'rows on the simplex' },
  ],
  needs: ['labels', 'logits'],
  scale: { param: 'alphaT', low: 0.1, high: 0.95 },
  formula: String.raw`L = -\frac{1}{B} \sum_{i,k} t_{ik} \log p_{ik}, \quad t_i = (1-\alpha_e)\, y_i + \alpha_e\, p_i^{(e-1)}, \quad \alpha_e = \alpha_T \frac{e+1}{E}`,
  functions: ['pskd_loss', 'alpha_schedule', 'ece_aurc'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...cifar100('ResNet-18, baseline', [24.18, 6.9, 1.1, 11.84, 67.65]),
    ...cifar100('ResNet-18, label smoothing', [20.94, 6.02, 0.98, 10.79, 57.74]),
    ...cifar100('ResNet-18, PS-KD', [20.82, 5.1, 0.76, 1.77, 52.1]),
    ...cifar100('ResNet-101, PS-KD', [19.43, 4.3, 0.74, 6.92, 49.01]),
    ...cifar100('DenseNet-121, PS-KD', [18.73, null, null, 3.71, null]),
    ...cifar100('ResNeXt-29, PS-KD', [17.28, null, null, null, null]),
    ...cifar100('PyramidNet-200, PS-KD', [15.49, null, null, 1.83, 32.14]),
    ...[
      { metric: 'top-1 error', value: 21.41 },
      { metric: 'ECE', value: 2.51 },
    ].map((figure) => ({
      ...figure,
      dataset: 'ImageNet',
      unit: '%',
      setting: 'ResNet-152, PS-KD',
      where: 'ImageNet table',
      verified: false,
    })),
  ],
  notes: [
    'The paper presents it as a way of training. It is an objective here: the loop stays ordinary back-propagation, and only the targets need memory, one probability row an example.',
    'In the first epoch, and for an example not seen before, the target is the label alone.',
    'The stored probabilities are those of the forward pass that made the loss, before the parameters moved, as in the released code.',
    'Calibration figures follow the released evaluation: equal bins open below and closed above, in percent; areas times 1000.',
  ],
});
