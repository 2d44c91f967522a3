import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, meanOf } from './shared/classification.js';

export const definition: MetricDefinition = {
  key: 'brier',
  version: 1,
  title: 'Brier score',
  description:
    'Mean over items of Σ_c (p_c − y_c)² over all classes, in [0, 2] (Brier 1950, the multi-class form, which for two classes is twice the binary one). ' +
    'An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`). With a single class the value is 0 for a row that sums to 1 exactly.',
  inputs: 'probabilities',
  params: {},
  outputs: [
    { key: 'brier', title: 'Brier score', direction: 'lower', unit: 'fraction', range: [0, 2], precision: 1e-4 },
  ],
  resampling: 'image',
  oracle: { tool: 'scikit-learn brier_score_loss(scale_by_half=False)', version: '1.9.1' },
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const { n, width, labels } = inputs;
    const losses = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        const difference = probabilities[i * width + c]! - (labels[i] === c ? 1 : 0);
        sum += difference * difference;
      }
      losses[i] = sum;
    }
    return { scores: { brier: meanOf(losses) }, outcomes: { brier: losses } };
  },
};
