/** Calibration and selective risk as the released evaluation of PS-KD computes them. */
import { LossError } from '../../core/errors.js';
import { checkLabels } from '../../core/guards.js';
import type { Indices } from '../../core/ops.js';

export interface Calibration {
  readonly ece_percent: number;
  readonly aurc_x1000: number;
  readonly eaurc_x1000: number;
}

/**
 * Expected calibration error over `bins` equal intervals (low, high] of the top probability, in percent; the area
 * under the risk–coverage curve, times 1000; and that area's excess over the best order with as many errors.
 * probabilities: n rows; labels [n]. Equal confidences are taken last row first. Throws SHAPE_MISMATCH or DOMAIN.
 */
export function eceAurc(probabilities: readonly ArrayLike<number>[], labels: Indices, bins: number): Calibration {
  const n = probabilities.length;
  if (n === 0 || labels.length !== n)
    throw new LossError('SHAPE_MISMATCH', `labels must have one entry for each of ${n} > 0 rows`, {
      field: 'labels',
      value: labels.length,
      allowed: String(Math.max(1, n)),
    });
  checkLabels('labels', labels, n, probabilities[0]?.length);
  const predictions = probabilities.map((row, i) => {
    const top = argMax(row);
    return { confidence: row[top]!, right: top === labels[i] };
  });
  const outside = predictions.find(({ confidence }) => !(confidence >= 0 && confidence <= 1 + 1e-6));
  if (outside)
    throw new LossError('DOMAIN', `probs must lie in [0, 1], received ${outside.confidence}`, {
      field: 'probs',
      value: outside.confidence,
      allowed: '[0, 1]',
    });

  let errors = 0;
  let area = 0;
  // Reversing first leaves the last of equal confidences in front, since sorting keeps their order.
  const ranked = predictions.toReversed().sort((a, b) => b.confidence - a.confidence);
  ranked.forEach(({ right }, rank) => {
    if (!right) errors++;
    area += errors / (rank + 1);
  });
  let best = 0;
  for (let j = 1; j <= errors; j++) best += j / (n - errors + j);
  return {
    ece_percent: 100 * calibrationError(predictions, bins),
    aurc_x1000: (1000 * area) / n,
    eaurc_x1000: (1000 * (area - best)) / n,
  };
}

function calibrationError(predictions: readonly { confidence: number; right: boolean }[], bins: number): number {
  let total = 0;
  for (let bin = 0; bin < bins; bin++) {
    const inside = predictions.filter(
      ({ confidence }) => confidence > bin / bins && (confidence <= (bin + 1) / bins || bin === bins - 1),
    );
    const confidence = inside.reduce((sum, prediction) => sum + prediction.confidence, 0);
    const right = inside.filter((prediction) => prediction.right).length;
    total += Math.abs(confidence - right);
  }
  return total / predictions.length;
}

/** Position of the first maximum. */
function argMax(row: ArrayLike<number>): number {
  let top = 0;
  for (let k = 1; k < row.length; k++) if (row[k]! > row[top]!) top = k;
  return top;
}
