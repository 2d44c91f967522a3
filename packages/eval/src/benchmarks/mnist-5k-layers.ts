import { BACKPROP, CROSS_ENTROPY, RELU } from '../core/parts.js';
import type { BenchmarkDefinition } from '../core/types.js';
import { definition as objectives } from './mnist-5k.js';

/** The protocol of mnist-5k with the activation free instead of the objective. */
export const definition: BenchmarkDefinition = {
  protocol: {
    ...objectives.protocol,
    key: 'mnist-5k-layers',
    version: 1,
    slot: 'layer',
    accepts: { layer: RELU },
    fixed: { objective: CROSS_ENTROPY, trainer: BACKPROP },
  },
  title: 'MNIST, 5,000 training images: layers',
  summary: 'Handwritten digits from 5,000 training images, judged on all 10,000 test images; ranks activations.',
  page: '',
  baseline: RELU,
  resolution: null,
  references: [],
};
