/** Principal components are the dearest part of starting a linear model; they are computed once on a machine. */
import { cachedBytes, contentName } from '../features/cache.js';
import { pca } from '../features/pca.js';

/** Mean [d], then components [k, d], as `pca` gives them: float64, the same bits remembered or computed. */
export function rememberedPca(
  features: Float32Array,
  n: number,
  d: number,
  k: number,
): { readonly mean: Float64Array; readonly components: Float64Array } {
  const bytes = cachedBytes(contentName(`pca 1 ${n} ${d} ${k}`, features), (d + k * d) * 8, () => {
    const model = pca(features, n, d, k);
    const all = new Float64Array(d + k * d);
    all.set(model.mean);
    all.set(model.components, d);
    return new Uint8Array(all.buffer);
  });
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, d + k * d);
  return { mean: all.subarray(0, d), components: all.subarray(d) };
}
