import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'gelu',
  version: 1,
  title: 'GELU',
  summary: 'x times the standard normal distribution function: a smooth activation, usual in transformers.',
  family: 'layers',
  slot: 'layer',
  paper: {
    key: 'hendrycks-2016',
    title: 'Gaussian Error Linear Units (GELUs)',
    authors: 'Hendrycks, Gimpel',
    year: 2016,
    venue: 'arXiv',
    arxiv: '1606.08415',
  },
  params,
  inputs: [{ name: 'x', shape: ['…'], dtype: 'float32', domain: 'any finite number' }],
  needs: [],
  formula: String.raw`f(x) = x\,\Phi(x) = \frac{x}{2} \Big( 1 + \operatorname{erf} \frac{x}{\sqrt 2} \Big)`,
  functions: ['gelu'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: ['This is the exact form with the error function, not the tanh approximation of the same paper.'],
});
