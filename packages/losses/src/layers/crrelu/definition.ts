import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({
  epsilonInit: z.number().min(-1).max(1).default(0.01).meta({
    title: 'Initial ε',
    unit: 'none',
    source: 'the paper and its reviews: 0.01',
  }),
});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'crrelu',
  version: 1,
  title: 'CRReLU',
  summary: 'ReLU plus a learned, bounded correction near zero, one learned number ε a layer.',
  family: 'layers',
  slot: 'layer',
  paper: {
    key: 'sun-2024',
    title: 'A Method on Searching Better Activation Functions',
    authors: 'Sun, Wu, Xia, Chang, Dong, Yuan, Chang, Wang',
    year: 2024,
    venue: 'ICLR 2025 (as Entropy-based Activation Function Optimization)',
    arxiv: '2405.12954',
  },
  params,
  inputs: [
    { name: 'x', shape: ['…'], dtype: 'float32', domain: 'any finite number' },
    { name: 'eps', shape: [], dtype: 'float32', domain: 'any finite number' },
  ],
  needs: [],
  formula: String.raw`f(x) = \max(0, x) + \epsilon\, x\, e^{-x^2/2}`,
  functions: ['crrelu'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: [
    'No official code was found; the formula is confirmed by an independent implementation.',
    'Weight decay does not touch ε: shrinking it would only pull the layer back to ReLU.',
    'The derivative at 0 is ε, the ReLU part counting as 0 there.',
  ],
});
