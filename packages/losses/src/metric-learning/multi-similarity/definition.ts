import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const table = (dataset: string, values: Readonly<Record<number, number>>) =>
  Object.entries(values).map(([k, value]) => ({
    dataset,
    metric: `Recall@${k}`,
    value,
    unit: '%',
    setting: 'BN-Inception, 512 dimensions',
    where: 'comparison tables of the paper, cited from memory',
    verified: false,
  }));

const code = 'released code (MalongTech/research-ms-loss)';

const params = z.strictObject({
  alpha: z
    .number()
    .gt(0)
    .max(100)
    .default(2)
    .meta({
      title: 'Positive scale α',
      unit: 'per cosine similarity',
      source: `${code}: 2`,
    }),
  beta: z
    .number()
    .gt(0)
    .max(1000)
    .default(40)
    .meta({
      title: 'Negative scale β',
      unit: 'per cosine similarity',
      source: `${code}: 40; the paper's text says 50`,
    }),
  lambda: z
    .number()
    .min(-1)
    .max(1)
    .default(0.5)
    .meta({
      title: 'Similarity threshold λ',
      unit: 'cosine similarity',
      source: `${code}: 0.5; the paper's text says 1`,
    }),
  margin: z.number().min(0).max(4).default(0.1).meta({
    title: 'Mining margin ε',
    unit: 'cosine similarity; 2 or more keeps every pair',
    source: 'Wang et al. 2019, §4, and released code: 0.1',
  }),
  selfEps: z
    .number()
    .min(0)
    .max(0.1)
    .default(1e-5)
    .meta({
      title: 'Duplicate tolerance',
      unit: 'cosine similarity; positives above 1 − this are dropped',
      source: `${code}: 1e-5`,
    }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'multi-similarity',
  version: 1,
  title: 'Multi-similarity loss',
  summary: 'Mines the informative pairs of a batch and weights each by its own and its neighbours’ similarity.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'wang-2019',
    title: 'Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning',
    authors: 'Wang, Han, Huang, Dong, Scott',
    year: 2019,
    venue: 'CVPR 2019',
    arxiv: '1904.06627',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: 'whole numbers ≥ 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'beta', low: 10, high: 100 },
  formula: String.raw`L = \frac{1}{B} \sum_i \Big( \frac{1}{\alpha} \log \big[ 1 + \sum_{p \in P_i} e^{-\alpha (S_{ip} - \lambda)} \big] + \frac{1}{\beta} \log \big[ 1 + \sum_{n \in N_i} e^{\beta (S_{in} - \lambda)} \big] \Big)`,
  functions: ['multiSimilarity'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [
    { dataset: 'CUB-200-2011', metric: 'Recall@1', value: 65.7, unit: '%', where: 'Abstract', verified: true },
    { dataset: 'In-Shop', metric: 'Recall@1', value: 88.0, unit: '%', where: 'Abstract', verified: true },
    ...table('CUB-200-2011', { 1: 65.7, 2: 77.0, 4: 86.3, 8: 91.2 }),
    ...table('Cars196', { 1: 84.1, 2: 90.4, 4: 94.0, 8: 96.5 }),
    ...table('SOP', { 1: 78.2, 10: 90.5, 100: 96.0, 1000: 98.7 }),
    ...table('In-Shop', { 1: 89.7 }),
  ],
  notes: [
    'Defaults are those of the released code (β = 40, λ = 0.5); the paper states β = 50 and λ = 1.',
    'Positives are the rows of the class with a similarity below 1 − the tolerance, which drops the anchor itself; a zero vector has similarity 0 with itself and stays among its own positives, as in the released code.',
    'An anchor without a kept positive or a kept negative contributes 0 and still counts in the mean; the released code raises an error for an anchor without any positive.',
  ],
});
