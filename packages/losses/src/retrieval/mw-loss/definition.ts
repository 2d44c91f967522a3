import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  tau: z.number().min(0.005).max(100).default(0.05).meta({
    title: 'Temperature τ',
    unit: 'similarity',
    source: 'chosen here from 0.02 to 0.1, which is usual for cosines; the paper’s value is not known to us',
  }),
  similarity: z.enum(['cosine', 'dot']).default('cosine').meta({
    title: 'Similarity of two embeddings',
    unit: 'none',
    source: 'cosine, as usual for dual encoders; dot leaves each query a scale of its own',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'mw-loss',
  version: 1,
  title: 'Mann–Whitney loss',
  summary: 'Compares every positive score with every negative one of all queries: a bound of 1 − global AUC.',
  family: 'retrieval',
  slot: 'objective',
  paper: {
    key: 'sheikholeslami-2025',
    title: 'Optimizing What Matters: AUC-Driven Learning for Robust Neural Retrieval',
    authors: 'Sheikholeslami, Hosseini, Bechard, Daruru, Rajeswar',
    year: 2025,
    venue: 'arXiv',
    arxiv: '2510.00137',
  },
  params,
  inputs: [{ name: 'views', shape: ['2', 'B', 'D'], dtype: 'float32', domain: 'any; normalised inside for cosines' }],
  needs: ['views', 'embeddings'],
  scale: { param: 'tau', low: 0.01, high: 1 },
  formula: String.raw`L = \frac{1}{B \cdot B(B-1)} \sum_i \sum_{j \ne k} \log\!\big(1 + e^{(s_{jk} - s_{ii}) / \tau}\big)`,
  functions: ['mwLoss', 'globalAuc'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'No code was found. The loss follows the paper; temperature and similarity are parameters because its values are not known to us.',
    'The positives are pairs of views of one example, the negatives all other pairs between the two views, pooled over the batch.',
    'A batch of one example has no negative and a loss of 0.',
  ],
});
