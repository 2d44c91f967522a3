import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  temperature: z.number().min(0.005).max(10).default(0.05).meta({
    title: 'Temperature T',
    unit: 'cosine similarity',
    source: 'Zhai and Wu 2019 (Classification is a Strong Baseline for Deep Metric Learning): 0.05',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'hyperspherical-nsl',
  version: 1,
  title: 'Normalised softmax',
  summary: 'Softmax over cosines to one learned unit proxy a class; unseen classes are scored by mean templates.',
  family: 'metric-learning',
  slot: 'objective',
  paper: {
    key: 'pereira-2021',
    title: 'Hyperspherical embedding for novel class classification',
    authors: 'Pereira, Joly, Valduriez, Porto',
    year: 2021,
    venue: 'arXiv',
    arxiv: '2102.03243',
  },
  params,
  inputs: [
    { name: 'embeddings', shape: ['B', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'proxies', shape: ['C', 'D'], dtype: 'float32', domain: 'any; normalised inside' },
    { name: 'labels', shape: ['B'], dtype: 'int32', domain: '0 … C−1' },
  ],
  needs: ['labels', 'embeddings'],
  scale: { param: 'temperature', low: 0.02, high: 0.5 },
  formula: String.raw`L = -\frac{1}{B} \sum_i \log \frac{e^{\langle \hat x_i, \hat p_{y_i} \rangle / T}}{\sum_c e^{\langle \hat x_i, \hat p_c \rangle / T}}`,
  functions: ['normalizedSoftmax', 'novelClassScores'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'The objective is the normalised softmax of Zhai and Wu 2019; the paper adds the scoring of novel classes.',
    'No code was released for the novel-class part. The optional layer normalisation before the unit norm belongs to the net.',
    'Proxies start uniform in ±1/√D, as in the code of Zhai and Wu.',
  ],
});
