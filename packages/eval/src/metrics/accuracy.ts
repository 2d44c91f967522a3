import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, meanOf, predictedClass } from './shared/classification.js';

export const definition: MetricDefinition = {
  key: 'accuracy',
  version: 1,
  title: 'Accuracy',
  description:
    'Fraction of items whose most probable class is their own. Of equally probable classes the one with the smallest position is taken. ' +
    'An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`). With a single class the accuracy is 1.',
  inputs: 'probabilities',
  params: {},
  outputs: [
    { key: 'accuracy', title: 'Accuracy', direction: 'higher', unit: 'fraction', range: [0, 1], precision: 1e-4 },
  ],
  resampling: 'image',
  oracle: { tool: 'scikit-learn accuracy_score', version: '1.9.1' },
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const correct = new Float64Array(inputs.n);
    for (let i = 0; i < inputs.n; i++) {
      correct[i] = predictedClass(probabilities, inputs.width, i) === inputs.labels[i] ? 1 : 0;
    }
    return { scores: { accuracy: meanOf(correct) }, outcomes: { accuracy: correct } };
  },
};
