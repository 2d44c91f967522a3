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
  page: `## What it asks

Does the activation between layers matter? Everything is the protocol of \`mnist-5k\` with cross-entropy; only the activation is free. Activations with trainable numbers have one set at each of the two positions.

## What is claimed and what we find

- **CRReLU** (.9440) differs from ReLU (.9438) by .0002, with a 95 % interval over seeds and images from −.0008 to .0011 at published defaults. It is not inferior, and no gain can be seen: a difference this small is below what the board resolves. The paper’s gains are those of vision transformers, which this board does not train.
- **GELU** (.9460) is above ReLU by .0021 (−.0005 to .0048): not separable at five seeds.
- **Tuned** (ReLU .9466): GELU .9493, above by .0026 with an interval that ends at zero (.0000 to .0052); CRReLU .9440, a difference of −.0026 (−.0054 to .0002). Its tuning chose the default rate, which was better on validation; ReLU’s chose a higher one.

## Limits

Two activations in a small net say little of deep ones. Intervals of accuracy cover seeds and test images, those of the other scores seeds only.

The default learning rate and the number of steps were chosen before freezing from two to four tries of several methods on seed 0, read on test scores together with convergence: no method was meant to gain, but the choice was not blind.
`,
  paper: 'sun-2024',
  baseline: RELU,
  resolution: 0.0028,
  references: [
    'Sun et al.: A method on searching better activation functions, arXiv 2405.12954',
    'Hendrycks, Gimpel: Gaussian error linear units, arXiv 1606.08415',
  ],
};
