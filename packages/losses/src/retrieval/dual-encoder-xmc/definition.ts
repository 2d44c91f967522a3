import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const code = 'released code (nilesh2797/DEXML)';

const precision = (dataset: string, at1: number, at5: number) =>
  [['P@1', at1] as const, ['P@5', at5] as const].map(([metric, value]) => ({
    dataset,
    metric,
    value,
    unit: '%',
    setting: 'DistilBERT towers',
    where: 'README of the released code',
    verified: true,
  }));

const params = z.strictObject({
  loss: z.enum(['decoupled-softmax', 'soft-top-k']).default('decoupled-softmax').meta({
    title: 'Form of the loss',
    unit: 'none',
    source: 'Gupta et al. 2023: decoupled softmax; soft-top-k where precision at one k counts',
  }),
  documents: z.enum(['labels', 'batch']).default('labels').meta({
    title: 'What queries are compared with',
    unit: 'none',
    source: 'Gupta et al. 2023: all labels; batch takes the other examples of the batch instead',
  }),
  tau: z
    .number()
    .min(0.005)
    .max(100)
    .default(0.05)
    .meta({
      title: 'Temperature τ',
      unit: 'cosine similarity',
      source: `${code}: 0.05`,
    }),
  k: z
    .int()
    .min(1)
    .max(100_000)
    .default(5)
    .meta({
      title: 'k of the soft top-k',
      unit: 'documents; one less than there are, if there are no more',
      source: `${code}: 5`,
    }),
  alpha: z
    .number()
    .min(0.01)
    .max(1000)
    .default(2)
    .meta({
      title: 'Sharpness α of the soft top-k',
      unit: 'per unit of similarity / τ',
      source: `${code}: 2`,
    }),
  nIter: z
    .int()
    .min(1)
    .max(128)
    .default(32)
    .meta({
      title: 'Bisection steps of the soft top-k',
      unit: 'halvings of the bracket',
      source: `${code}: 32`,
    }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'dual-encoder-xmc',
  version: 1,
  title: 'Decoupled softmax and soft top-k',
  summary: 'Softmax in which the positives of a query do not compete with each other, and a differentiable top-k.',
  family: 'retrieval',
  slot: 'objective',
  paper: {
    key: 'gupta-2023',
    title: 'Dual-Encoders for Extreme Multi-Label Classification',
    authors: 'Gupta, Khatri, Rawat, Bhojanapalli, Jain, Dhillon',
    year: 2023,
    venue: 'ICLR 2024',
    arxiv: '2310.10636',
  },
  params,
  inputs: [
    { name: 'scores', shape: ['B', 'L'], dtype: 'float32', domain: 'similarities divided by τ' },
    { name: 'targets', shape: ['B', 'L'], dtype: 'float32', domain: '1 for a positive, else 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'tau', low: 0.02, high: 0.5 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \frac{1}{|P_i|} \sum_{k \in P_i} \log \frac{e^{S_{ik}}}{e^{S_{ik}} + \sum_{j \notin P_i} e^{S_{ij}}}`,
  functions: ['decoupledSoftmax', 'softTopK', 'softTopKLoss'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    ...precision('EURLex-4K', 86.78, 60.19),
    ...precision('LF-AmazonTitles-131K', 42.52, 20.64),
    ...precision('LF-Wikipedia-500K', 85.78, 50.53),
    ...precision('LF-AmazonTitles-1.3M', 58.4, 45.46),
  ],
  notes: [
    'The released code takes −100 for the score of a positive that leaves the denominator; here it leaves entirely.',
    'The released code samples one positive a query by default and drops the others; here all positives enter.',
    'The released bisection compares plain sums of gates, which hide the difference where scores lie far apart; here the comparison is exact, so that the shift is the one of the definition.',
    'A query without a positive contributes 0 and still counts in the mean.',
    'On classification data each query has one positive, its label, and decoupled softmax is the softmax over label vectors; with documents from the batch the positives are the other examples of the class.',
  ],
});
