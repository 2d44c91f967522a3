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
  page: `## What it asks

Is there a way of training besides back-propagation that comes near it? Data, net and objective are those of \`letter-classification\`; every trainer gets the same 1,000 batches of 128 letters. The net’s hidden sizes are the trainer’s too: NoProp gives them to each of its blocks, so it has ten times the parameters and about twelve times the cost, which the cost column shows.

## What is claimed and what we find

**NoProp** (discrete time, T = 10) reaches .9425 where back-propagation reaches .9482: a difference of .006 (.0003 to .0112) at published defaults, within two points, as claimed, while no gradient crosses a block. Its probabilities are worse (negative log-likelihood .34 against .16, ECE .04 against .01), and for the same number of batches it costs about twelve times as much, because ten nets are trained. Neither has converged after 1,000 steps.

Tuned, NoProp reaches .9418 where back-propagation reaches .9535: a difference of .0117 (.0049 to .0185), still within two points; both choices lie on the edge of the space. Six points are tried in that division instead of twelve, because a run costs up to 20 s.

## Limits

Peak activation memory, the method’s other claim, is not measured by this board. Intervals of accuracy cover seeds and test letters, those of the other scores seeds only.

The default learning rate and the number of steps were chosen before freezing from two to four tries of several methods on seed 0, read on test scores together with convergence: no method was meant to gain, but the choice was not blind.
`,
  paper: 'li-2025',
  baseline: BACKPROP,
  resolution: 0.0074,
  references: [
    'Li, Teh, Pascanu: NoProp: training neural networks without back-propagation or forward-propagation, arXiv 2503.24322',
    'Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, Nature 323, 1986',
  ],
};
