import { z } from 'zod';
import { defineMethod } from '../../core/define.js';

const params = z.strictObject({});

export type Params = z.output<typeof params>;

export const definition = defineMethod({
  key: 'backprop',
  version: 1,
  title: 'Back-propagation',
  summary:
    "Ordinary training: one gradient of the objective through the whole net, one step of the protocol's optimiser.",
  family: 'trainers',
  slot: 'trainer',
  paper: {
    key: 'rumelhart-1986',
    title: 'Learning representations by back-propagating errors',
    authors: 'Rumelhart, Hinton, Williams',
    year: 1986,
    venue: 'Nature 323',
    url: 'https://doi.org/10.1038/323533a0',
  },
  params,
  inputs: [{ name: 'x', shape: ['B', '…'], dtype: 'float32', domain: "the benchmark's inputs" }],
  needs: [],
  formula: String.raw`\theta \leftarrow \operatorname{step}\big(\theta,\; \nabla_\theta L(\theta)\big)`,
  functions: [],
  load: async () => (await import('./implement.js')).implementation,
  reported: [],
  notes: ['Learning rate, weight decay and optimiser belong to the protocol; this method has no parameter of its own.'],
});
