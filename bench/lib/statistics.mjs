/** The p-quantile, linear between order statistics (type 7 of Hyndman and Fan 1996). */
export function quantile(values, p) {
  const sorted = Float64Array.from(values).sort();
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}
