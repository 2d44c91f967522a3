/** Scores of real-valued predictions, with or without a predicted standard deviation. */
import { normalQuantile } from '../../statistics/distributions.js';

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Root of the mean squared error, in the unit of the targets. Throws nothing; of no example NaN. */
export function rootMeanSquaredError(means: ArrayLike<number>, targets: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (means[i]! - targets[i]!) ** 2;
  return Math.sqrt(sum / targets.length);
}

/** |mean − target| of each example. */
export const absoluteErrors = (means: ArrayLike<number>, targets: ArrayLike<number>): Float64Array =>
  Float64Array.from(targets, (target, i) => Math.abs(means[i]! - target));

/** −ln N(target; mean, deviation²) of each example, nats; deviations above 0. */
export const gaussianLosses = (
  means: ArrayLike<number>,
  deviations: ArrayLike<number>,
  targets: ArrayLike<number>,
): Float64Array =>
  Float64Array.from(
    targets,
    (target, i) => HALF_LOG_TWO_PI + Math.log(deviations[i]!) + 0.5 * ((target - means[i]!) / deviations[i]!) ** 2,
  );

/** 1 where the target lies in the central Gaussian interval of that level, both ends included; `level` in (0, 1). */
export function coverages(
  means: ArrayLike<number>,
  deviations: ArrayLike<number>,
  targets: ArrayLike<number>,
  level: number,
): Float64Array {
  const reach = normalQuantile((1 + level) / 2);
  return Float64Array.from(targets, (target, i) => Number(Math.abs(target - means[i]!) <= reach * deviations[i]!));
}

/** Root of the mean predicted variance, in the unit of the targets: how narrow the predictions are, right or not. */
export function sharpness(deviations: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < deviations.length; i++) sum += deviations[i]! ** 2;
  return Math.sqrt(sum / deviations.length);
}
