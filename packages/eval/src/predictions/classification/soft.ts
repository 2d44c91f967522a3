/** Predictions against distributions of labels, such as the shares of people who chose each class. */
import { predictedClass } from '../../metrics/shared/classification.js';

/** Below it a probability is not told from 0 by a float64 softmax near certainty. */
const FLOOR = 2 ** -52;

export interface SoftScores {
  /** −Σ_c h_c ln p_c of each example, nats. */
  readonly crossEntropy: Float64Array;
  /** Σ_c h_c ln(h_c / p_c) of each example, nats. */
  readonly divergence: Float64Array;
  /** 1 where the most probable classes of both are the same, of equal ones the first. */
  readonly agreement: Float64Array;
}

/**
 * `soft` and `probabilities` are row-major [n, classes] with rows that sum to 1. p is at least 2⁻⁵²; a class that nobody
 * chose costs nothing. With `logits` the logarithm is taken of them (log-softmax) and needs no floor.
 */
export function softScores(
  probabilities: Float64Array,
  soft: Float64Array,
  classes: number,
  logits?: Float64Array,
): SoftScores {
  const n = soft.length / classes;
  const [crossEntropy, divergence, agreement] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const normaliser = logits ? logSumExp(logits, i * classes, classes) : 0;
    for (let c = 0; c < classes; c++) {
      const [at, h] = [i * classes + c, soft[i * classes + c]!];
      if (h <= 0) continue;
      const logP = logits ? logits[at]! - normaliser : Math.log(Math.max(FLOOR, probabilities[at]!));
      crossEntropy[i]! -= h * logP;
      divergence[i]! += h * (Math.log(h) - logP);
    }
    // Rounding may leave equal distributions a few 1e-17 below zero.
    divergence[i] = Math.max(0, divergence[i]!);
    agreement[i] = Number(predictedClass(logits ?? probabilities, classes, i) === predictedClass(soft, classes, i));
  }
  return { crossEntropy, divergence, agreement };
}

/** ln Σ exp of `count` values from `from` on, the largest taken out. */
export function logSumExp(values: ArrayLike<number>, from: number, count: number): number {
  let largest = -Infinity;
  for (let c = 0; c < count; c++) largest = Math.max(largest, values[from + c]!);
  let sum = 0;
  for (let c = 0; c < count; c++) sum += Math.exp(values[from + c]! - largest);
  return largest + Math.log(sum);
}
