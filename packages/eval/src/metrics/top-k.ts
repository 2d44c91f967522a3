import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, meanOf, positionOf } from './shared/classification.js';

const K = 5;

export const definition: MetricDefinition = {
  key: 'top-k',
  version: 1,
  title: 'Top-5 accuracy',
  description:
    'Fraction of items whose own class is among the five most probable. Equally probable classes stand in ascending order of their positions, ' +
    'so that exactly five classes count. With five classes or fewer every item is correct and the value is 1. ' +
    'An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`).',
  inputs: 'probabilities',
  params: { k: K },
  outputs: [
    {
      key: 'top_5_accuracy',
      title: 'Top-5 accuracy',
      direction: 'higher',
      unit: 'fraction',
      range: [0, 1],
      precision: 1e-4,
    },
  ],
  resampling: 'image',
  oracle: { tool: 'scikit-learn top_k_accuracy_score', version: '1.9.1' },
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const correct = new Float64Array(inputs.n);
    for (let i = 0; i < inputs.n; i++) {
      correct[i] = positionOf(probabilities, inputs.width, i, inputs.labels[i]!) < K ? 1 : 0;
    }
    return { scores: { top_5_accuracy: meanOf(correct) }, outcomes: { top_5_accuracy: correct } };
  },
};
