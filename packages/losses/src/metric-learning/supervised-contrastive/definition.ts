import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  temperature: z.number().min(0.005).max(10).default(0.1).meta({
    title: 'Temperature τ',
    unit: 'cosine similarity',
    source: 'Khosla et al. 2020, §4: τ = 0.1',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'supervised-contrastive',
  version: 1,
  title: 'Supervised contrastive loss',
  summary: 'Softmax over the whole batch in which every example of the same class is a positive.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'khosla-2020',
    title: 'Supervised Contrastive Learning',
    authors: 'Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan',
    year: 2020,
    venue: 'NeurIPS 2020',
    arxiv: '2004.11362',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: 'whole numbers ≥ 0' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'temperature', low: 0.02, high: 0.5 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \frac{1}{|P(i)|} \sum_{p \in P(i)} \log \frac{e^{\langle \hat z_i, \hat z_p \rangle/\tau}}{\sum_{a \ne i} e^{\langle \hat z_i, \hat z_a \rangle/\tau}}`,
  functions: ['supervisedContrastiveLoss'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'This is the form with the sum outside the logarithm (L_out, Eq. 2), which the paper recommends.',
    'The released code multiplies by τ/0.07; that factor only rescales the gradient and is left out here.',
    'An anchor without a positive counts as 0 in the mean over the batch, as in the released code.',
    'The paper takes two augmented views of each example; here the positives are the other examples of the class.',
  ],
});
