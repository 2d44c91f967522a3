import { BACKPROP, CROSS_ENTROPY, RELU } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as objectives } from './letter-classification.js';

/** The protocol of letter-classification with the way of training free instead of the objective. */
export const definition: BenchmarkDefinition = {
  protocol: {
    ...objectives.protocol,
    key: 'letter-classification-trainers',
    version: 1,
    steps: 1000,
    slot: 'trainer',
    accepts: { trainer: BACKPROP },
    fixed: { objective: CROSS_ENTROPY, layer: RELU },
    // A trainer with ten nets costs ten times the steps; six points keep the choice of its rate within minutes.
    space: { ...objectives.protocol.space, trials: 6 },
  },
  title: 'Letters, classification: trainers',
  summary: 'Name 26 capital letters from 16 measured attributes; ranks ways of training, the same steps for each.',
  page: '',
  baseline: BACKPROP,
  resolution: null,
  references: [],
};
