import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, meanOf } from './shared/classification.js';

/** The spacing of float64 at 1: below it a probability is not told from 0 by a float64 softmax near certainty. */
const FLOOR = 2 ** -52;

export const definition: MetricDefinition = {
  key: 'negative-log-likelihood',
  version: 1,
  title: 'Negative log-likelihood',
  description:
    'Mean of −ln p of the own class, natural logarithm, in nats. p is clamped to [2⁻⁵², 1], so an item costs at most 36.04 nats; rows are not rescaled. ' +
    'An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`). With a single class the value is 0.',
  inputs: 'probabilities',
  params: { floor: FLOOR },
  outputs: [
    {
      key: 'nll',
      title: 'Negative log-likelihood',
      direction: 'lower',
      unit: 'nats',
      range: [0, 52 * Math.LN2],
      precision: 1e-4,
    },
  ],
  resampling: 'image',
  oracle: { tool: 'scikit-learn log_loss', version: '1.9.1' },
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const losses = new Float64Array(inputs.n);
    for (let i = 0; i < inputs.n; i++) {
      const p = probabilities[i * inputs.width + inputs.labels[i]!]!;
      // Adding zero turns −ln 1 = −0 into 0, which canonical JSON can hold.
      losses[i] = -Math.log(Math.min(1, Math.max(FLOOR, p))) + 0;
    }
    return { scores: { nll: meanOf(losses) }, outcomes: { nll: losses } };
  },
};
