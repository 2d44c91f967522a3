/** Standard normal numbers in bulk, drawn on the host so that every backend sees the same. */
import type { Rng } from './rng.js';

export function gaussianNoise(rng: Rng, count: number): Float64Array {
  const noise = new Float64Array(count);
  for (let i = 0; i < count; i++) noise[i] = rng.normal();
  return noise;
}
