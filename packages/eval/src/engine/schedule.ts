/** Learning rate by step. */
import type { Protocol } from '../core/types.js';

/** cosine: rate · (1 + cos(π step/steps))/2, from the full rate at step 0 towards 0 after the last. */
export function rateAt(schedule: Protocol['optimiser']['schedule'], rate: number, step: number, steps: number): number {
  return schedule === 'constant' ? rate : (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}
