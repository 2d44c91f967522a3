import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'relu',
  version: 1,
  title: 'ReLU',
  summary: 'max(0, x): the default activation.',
  family: 'layers',
  slot: 'layer',
  paper: {
    key: 'nair-2010',
    title: 'Rectified Linear Units Improve Restricted Boltzmann Machines',
    authors: 'Nair, Hinton',
    year: 2010,
    venue: 'ICML 2010',
  },
  params,
  inputs: [{ name: 'x', shape: ['…'], dtype: 'float32', domain: 'any number' }],
  needs: [],
  formula: String.raw`f(x) = \max(0, x)`,
  functions: ['relu'],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: ['The derivative at 0 is taken as 0.'],
});
