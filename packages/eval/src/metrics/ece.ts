import type { MetricDefinition } from '../core/types.js';
import { checkedProbabilities, predictedClass } from './shared/classification.js';

const BINS = 15;

/** Bin of a confidence among `bins` equal right-closed intervals (i/bins, (i+1)/bins]; 0 and below go to the first. */
export function binOf(confidence: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
  while (bin > 0 && confidence <= bin / bins) bin--;
  while (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
  return bin;
}

export const definition: MetricDefinition = {
  key: 'ece',
  version: 1,
  title: 'Expected calibration error',
  description:
    'Top-label calibration error with 15 equal bins: Σ_b (n_b / n) · |accuracy_b − mean confidence_b| (Guo et al. 2017, equation 3). ' +
    'The confidence is the largest probability, of equal ones that of the first class; bins are right-closed, (lo, hi], with edges i/15 in float64. ' +
    'It does not decompose over items, so it has no outcomes. An empty input is refused (`PARAM_RANGE`), a value that is not finite too (`NON_FINITE`).',
  inputs: 'probabilities',
  params: { bins: BINS },
  outputs: [
    {
      key: 'ece',
      title: 'Expected calibration error',
      direction: 'lower',
      unit: 'fraction',
      range: [0, 1],
      precision: 1e-4,
    },
  ],
  resampling: 'image',
  compute(inputs) {
    const probabilities = checkedProbabilities(inputs);
    const { n, width, labels } = inputs;
    // Correct minus confidence, summed per bin: its absolute value over n is the bin's whole contribution.
    const gaps = new Float64Array(BINS);
    for (let i = 0; i < n; i++) {
      const predicted = predictedClass(probabilities, width, i);
      const confidence = probabilities[i * width + predicted]!;
      gaps[binOf(confidence, BINS)]! += (predicted === labels[i] ? 1 : 0) - confidence;
    }
    let ece = 0;
    for (const gap of gaps) ece += Math.abs(gap);
    return { scores: { ece: ece / n }, outcomes: {} };
  },
};
