/** What the metrics on class probabilities share: validation and prediction. */
import { EvalError } from '../../core/errors.js';
import type { MetricInputs } from '../../core/types.js';

/** Rows must sum to one within this: float32 softmax over a thousand classes stays far inside. */
const SUM_TOLERANCE = 1e-3;

function range(field: string, value: unknown, allowed: string): EvalError {
  return new EvalError('PARAM_RANGE', `${field}: found ${String(value)}, expected ${allowed}`, {
    field,
    value,
    allowed,
  });
}

/**
 * Probabilities [n, width], checked: n and width at least 1, labels in 0 … width − 1, every value finite and in [0, 1]
 * and every row summing to 1 within 1e-3. Throws NON_FINITE or PARAM_RANGE naming the row.
 */
export function checkedProbabilities(inputs: MetricInputs): Float64Array {
  const { probabilities, labels, n, width } = inputs;
  if (!probabilities) throw range('probabilities', 'nothing', 'class probabilities [n, classes]');
  if (!Number.isInteger(n) || n < 1) throw range('n', n, 'at least 1 item');
  if (!Number.isInteger(width) || width < 1) throw range('width', width, 'at least 1 class');
  if (probabilities.length !== n * width)
    throw range('probabilities', `${probabilities.length} values`, `${n * width}`);
  if (labels.length !== n) throw range('labels', `${labels.length} labels`, `${n}`);
  for (let i = 0; i < n; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= width) throw range(`labels[${i}]`, label, `0 … ${width - 1}`);
    let sum = 0;
    for (let c = 0; c < width; c++) {
      const p = probabilities[i * width + c]!;
      if (!Number.isFinite(p)) {
        throw new EvalError('NON_FINITE', `probabilities[${i}, ${c}] is ${p}`, {
          field: `probabilities[${i}, ${c}]`,
          value: p,
          allowed: 'a finite number',
        });
      }
      if (p < -SUM_TOLERANCE || p > 1 + SUM_TOLERANCE) throw range(`probabilities[${i}, ${c}]`, p, 'a value in [0, 1]');
      sum += p;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE)
      throw range(`probabilities[${i}]`, `a row that sums to ${sum}`, 'a sum of 1');
  }
  return probabilities;
}

/** Position of `c` in the descending order of row i, from 0; equal probabilities stand in ascending class order. */
export function positionOf(probabilities: Float64Array, width: number, i: number, c: number): number {
  const row = i * width;
  const p = probabilities[row + c]!;
  let position = 0;
  for (let other = 0; other < width; other++) {
    const q = probabilities[row + other]!;
    if (q > p || (q === p && other < c)) position++;
  }
  return position;
}

/** The most probable class of row i; of equal ones the first. */
export function predictedClass(probabilities: Float64Array, width: number, i: number): number {
  const row = i * width;
  let best = 0;
  for (let c = 1; c < width; c++) if (probabilities[row + c]! > probabilities[row + best]!) best = c;
  return best;
}

/** Mean in index order, float64. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
