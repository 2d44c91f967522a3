/** Peak signal-to-noise ratio and structural similarity of 8-bit luma. */
import type { Pixels } from '../formats/png.js';

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/**
 * BT.601 luma in 16 … 235, rounded to 8 bits as MATLAB's rgb2ycbcr does on 8-bit images: published figures of
 * super-resolution are taken on it. A grey image is taken as luma already.
 */
export function lumaOf({ width, height, channels, data }: Pixels): Plane {
  const out = new Float64Array(width * height);
  for (let i = 0; i < out.length; i++)
    out[i] =
      channels === 1
        ? data[i]!
        : Math.round(16 + (65.481 * data[3 * i]! + 128.553 * data[3 * i + 1]! + 24.966 * data[3 * i + 2]!) / 255);
  return { width, height, data: out };
}

/** Without `border` pixels on each side. */
export function crop({ width, height, data }: Plane, border: number): Plane {
  const [w, h] = [width - 2 * border, height - 2 * border];
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++)
    out.set(data.subarray((y + border) * width + border, (y + border) * width + border + w), y * w);
  return { width: w, height: h, data: out };
}

/** 10 log₁₀(255² / MSE) in dB; Infinity for equal planes. */
export function psnr(a: Plane, b: Plane): number {
  let total = 0;
  for (let i = 0; i < a.data.length; i++) total += (a.data[i]! - b.data[i]!) ** 2;
  return 10 * Math.log10((255 ** 2 * a.data.length) / total);
}

const WINDOW = 11;
const GAUSSIAN = ((): Float64Array => {
  const weights = Float64Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
})();

/** The Gaussian window where it lies wholly inside. */
function smooth(width: number, height: number, at: (i: number) => number): Float64Array {
  const [w, h] = [width - WINDOW + 1, height - WINDOW + 1];
  const across = new Float64Array(w * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < w; x++) {
      let total = 0;
      for (let k = 0; k < WINDOW; k++) total += GAUSSIAN[k]! * at(y * width + x + k);
      across[y * w + x] = total;
    }
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let total = 0;
      for (let k = 0; k < WINDOW; k++) total += GAUSSIAN[k]! * across[(y + k) * w + x]!;
      out[y * w + x] = total;
    }
  return out;
}

/**
 * Mean structural similarity: 11 × 11 Gaussian window of deviation 1.5, K = (.01, .03), L = 255, over the windows that
 * lie inside. Source: Wang et al. 2004. NaN below 11 pixels a side.
 */
export function ssim(a: Plane, b: Plane): number {
  const { width, height } = a;
  if (width < WINDOW || height < WINDOW) return NaN;
  const [x, y] = [a.data, b.data];
  const over = (at: (i: number) => number): Float64Array => smooth(width, height, at);
  const [meanX, meanY] = [over((i) => x[i]!), over((i) => y[i]!)];
  const [xx, yy, xy] = [over((i) => x[i]! ** 2), over((i) => y[i]! ** 2), over((i) => x[i]! * y[i]!)];
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let total = 0;
  for (let i = 0; i < meanX.length; i++) {
    const [p, q] = [meanX[i]!, meanY[i]!];
    const covariance = xy[i]! - p * q;
    const variances = xx[i]! - p * p + yy[i]! - q * q;
    total += ((2 * p * q + c1) * (2 * covariance + c2)) / ((p * p + q * q + c1) * (variances + c2));
  }
  return total / meanX.length;
}
