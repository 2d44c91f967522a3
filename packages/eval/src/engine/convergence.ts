/** Whether the loss had stopped falling when training ended. */

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * NOT_CONVERGED when the mean loss of the last epoch is more than 1 % below that of the epoch before. A training
 * shorter than two epochs compares its last two quarters and scales the fall to an epoch. No steps count as converged.
 */
export function convergence(losses: Float64Array, stepsPerEpoch: number): 'CONVERGED' | 'NOT_CONVERGED' {
  const window = Math.min(stepsPerEpoch, Math.max(1, Math.floor(losses.length / 4)));
  if (losses.length < 2 * window) return 'CONVERGED';
  const last = mean(losses.subarray(losses.length - window));
  const before = mean(losses.subarray(losses.length - 2 * window, losses.length - window));
  const fall = ((before - last) / Math.max(Math.abs(before), 1e-12)) * (stepsPerEpoch / window);
  return fall > 0.01 ? 'NOT_CONVERGED' : 'CONVERGED';
}
