/** The noise schedule of NoProp and what follows from it, on the host. Source: Li, Teh, Pascanu 2025, §2. */
import { LossError } from '../../core/errors.js';

/** Keeps the last step slightly noisy. Source: Nichol and Dhariwal 2021, §3.2. */
const OFFSET = 0.008;

/** The cosine schedule ᾱ_0 … ᾱ_T, rising from noise towards the label; every value in [0, 1). */
export function cosineSchedule(blocks: number): Float64Array {
  return Float64Array.from({ length: blocks + 1 }, (_, t) => {
    const rest = (1 - t / blocks + OFFSET) / (1 + OFFSET);
    return Math.cos((rest * Math.PI) / 2) ** 2;
  });
}

export interface Coefficients {
  /** Weight of the block's output in z_t, t = 1 … T at positions 0 … T−1; so are b and c. */
  readonly a: number[];
  /** Weight of z_{t−1}. */
  readonly b: number[];
  /** Variance of the fresh noise. */
  readonly c: number[];
  /** ᾱ/(1−ᾱ) for t = 0 … T. */
  readonly snr: number[];
  /** SNR(t) − SNR(t−1) for t = 1 … T. */
  readonly snrDiff: number[];
}

/** Posterior coefficients of a rising schedule ᾱ_0 … ᾱ_T in [0, 1); else DOMAIN. */
export function nopropCoefficients(alphaBar: ArrayLike<number>): Coefficients {
  const bars = Array.from(alphaBar);
  bars.forEach((bar, t) => {
    if (!(bar >= 0 && bar < 1 && (t === 0 || bar > bars[t - 1]!)))
      throw new LossError('DOMAIN', `alphaBar must rise within [0, 1), received ${bar} at ${t}`, {
        field: 'alphaBar',
        value: bar,
        allowed: 'rising numbers in [0, 1)',
      });
  });
  const snr = bars.map((bar) => bar / (1 - bar));
  const result: Coefficients = { a: [], b: [], c: [], snr, snrDiff: [] };
  for (let t = 1; t < bars.length; t++) {
    const before = bars[t - 1]!;
    const now = bars[t]!;
    const alpha = before / now;
    result.a.push((Math.sqrt(now) * (1 - alpha)) / (1 - before));
    result.b.push((Math.sqrt(alpha) * (1 - now)) / (1 - before));
    result.c.push(((1 - now) * (1 - alpha)) / (1 - before));
    result.snrDiff.push(snr[t]! - snr[t - 1]!);
  }
  return result;
}
