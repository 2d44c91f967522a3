import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const reported = (dataset: string, method: string, twoViews: number, fourViews: number) =>
  [['2 views', twoViews] as const, ['4 views', fourViews] as const].map(([views, value]) => ({
    dataset,
    metric: 'linear accuracy',
    value,
    unit: '%',
    setting: `${method}, ${views}`,
    where: 'README of the released code',
    verified: true,
  }));

const code = 'released code (pakoromilas/Multi-View-CL)';

const params = z.strictObject({
  loss: z.enum(['mv-dhel', 'mv-info-nce', 'pwe']).default('mv-dhel').meta({
    title: 'Form of the loss',
    unit: 'none',
    source: 'Koromilas et al. 2025: MV-DHEL is the best of their two; pwe is the mean over pairs of views, a baseline',
  }),
  views: z.int().min(2).max(8).default(4).meta({
    title: 'Number of views',
    unit: 'augmented copies of each example',
    source: 'Koromilas et al. 2025: gains over two views are reported with four',
  }),
  tau: z
    .number()
    .min(0.005)
    .max(100)
    .default(0.5)
    .meta({
      title: 'Temperature τ',
      unit: 'cosine similarity',
      source: `${code}: 0.5 on CIFAR, 0.1 on ImageNet-1K`,
    }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'multi-view-cl',
  version: 1,
  title: 'Multi-view contrastive learning',
  summary:
    'Contrasts all views of an example at once: one alignment term an example, with or without shared repulsion.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'koromilas-2025',
    title: 'A Principled Framework for Multi-View Contrastive Learning',
    authors: 'Koromilas, Georgiou, Bouritsas, Giannakopoulos, Nicolaou, Panagakis',
    year: 2025,
    venue: 'arXiv',
    arxiv: '2507.06979',
  },
  params,
  inputs: [{ name: 'views', shape: ['N', 'M', 'D'], dtype: 'float32', domain: 'any; normalised inside' }],
  needs: ['views', 'embeddings'],
  scale: { param: 'tau', low: 0.05, high: 1 },
  formula: String.raw`L = \frac{1}{M} \sum_i \Big( \sum_l \log \sum_{j \ne i} e^{\langle u_{il}, u_{jl} \rangle / \tau} - \log \sum_{l < l'} e^{\langle u_{il}, u_{il'} \rangle / \tau} \Big)`,
  functions: ['mvInfoNCE', 'mvDHEL', 'pwe'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...reported('CIFAR-10', 'best baseline', 86.0, 88.7),
    ...reported('CIFAR-10', 'MV-DHEL', 87.4, 89.5),
    ...reported('CIFAR-100', 'best baseline', 58.1, 61.1),
    ...reported('CIFAR-100', 'MV-DHEL', 59.4, 62.7),
    ...reported('ImageNet-100', 'best baseline', 72.2, 74.4),
    ...reported('ImageNet-100', 'MV-DHEL', 73.3, 77.2),
    ...reported('ImageNet-1K', 'best baseline', 60.0, 62.4),
    ...reported('ImageNet-1K', 'MV-DHEL', 61.2, 62.6),
  ],
  notes: [
    'MV-InfoNCE: the formula in the README repels from other views only; the released code repels from every other row, those of the same view included, and is followed here.',
    'MV-DHEL: the code sums each pair of views once, the README twice; the values differ by log 2 and the gradients not at all. The code is followed.',
    'The released code multiplies sums of exponentials, which overflows with many views or a small temperature; here they are added as logarithms.',
    'A batch of one example has nothing to repel: the repulsion of MV-DHEL then counts as 0.',
  ],
});
