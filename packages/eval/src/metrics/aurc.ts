import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, predictedClass } from './shared/classification.js';

/**
 * Area under the risk-coverage curve: items in descending confidence, the mean over i = 1 … n of (errors among the first i) / i.
 * Inside a group of equal confidence every order is equally likely: after t of g items with e errors, t·e/g errors are counted.
 */
export function areaUnderRiskCoverage(confidences: Float64Array, errors: Uint8Array): number {
  const n = confidences.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => confidences[b]! - confidences[a]! || a - b);
  let before = 0;
  let area = 0;
  for (let start = 0; start < n;) {
    let end = start;
    let inGroup = 0;
    while (end < n && confidences[order[end]!] === confidences[order[start]!]) inGroup += errors[order[end++]!]!;
    for (let i = start; i < end; i++) {
      area += (before + (inGroup * (i - start + 1)) / (end - start)) / (i + 1);
    }
    before += inGroup;
    start = end;
  }
  return area / n;
}

/** The area of a perfect ranking: all correct items first, then the errors. */
export function smallestArea(n: number, errors: number): number {
  let area = 0;
  for (let j = 1; j <= errors; j++) area += j / (n - errors + j);
  return area / n;
}

export const definition: MetricDefinition = {
  key: 'aurc',
  version: 1,
  title: 'Risk-coverage',
  description:
    'AURC: items are accepted in descending order of their largest probability; the mean over all coverages i/n of the error rate among the first i items. ' +
    'E-AURC subtracts the area of a perfect ranking with the same errors, (1/n) Σ_{j=1…e} j / (n − e + j) (Geifman, Uziel and El-Yaniv 2019, the discrete form). ' +
    'Items of equal confidence: the expectation over all their orders, so the order of the items does not matter. ' +
    'Neither decomposes over items, so there are no outcomes. An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`).',
  inputs: 'probabilities',
  params: {},
  outputs: [
    {
      key: 'aurc',
      title: 'Area under risk-coverage',
      direction: 'lower',
      unit: 'fraction',
      range: [0, 1],
      precision: 1e-5,
    },
    { key: 'e_aurc', title: 'Excess AURC', direction: 'lower', unit: 'fraction', range: [0, 1], precision: 1e-5 },
  ],
  resampling: 'image',
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const { n, width, labels } = inputs;
    const confidences = new Float64Array(n);
    const errors = new Uint8Array(n);
    let wrong = 0;
    for (let i = 0; i < n; i++) {
      const predicted = predictedClass(probabilities, width, i);
      confidences[i] = probabilities[i * width + predicted]!;
      errors[i] = predicted === labels[i] ? 0 : 1;
      wrong += errors[i]!;
    }
    const aurc = areaUnderRiskCoverage(confidences, errors);
    // Rounding may leave the difference a few 1e-17 below zero when the ranking is perfect.
    return { scores: { aurc, e_aurc: Math.max(0, aurc - smallestArea(n, wrong)) }, outcomes: {} };
  },
};
