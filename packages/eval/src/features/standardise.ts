/** Columns to zero mean and unit deviation, rows to unit length. */

/**
 * Subtracts each column's mean over the rows `training` and divides by its population deviation over the same rows;
 * a column that is constant there (deviation below 1e-12) becomes zero everywhere. In place, float64.
 */
export function standardiseColumns(values: Float64Array, n: number, d: number, training: ArrayLike<number>): void {
  const mean = new Float64Array(d);
  const variance = new Float64Array(d);
  const count = training.length;
  for (let t = 0; t < count; t++) {
    const row = training[t]! * d;
    for (let k = 0; k < d; k++) mean[k]! += values[row + k]! / count;
  }
  for (let t = 0; t < count; t++) {
    const row = training[t]! * d;
    for (let k = 0; k < d; k++) variance[k]! += (values[row + k]! - mean[k]!) ** 2 / count;
  }
  const scale = variance.map((value) => (value > 1e-24 ? 1 / Math.sqrt(value) : 0));
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) values[i * d + k] = (values[i * d + k]! - mean[k]!) * scale[k]!;
  }
}

/** Divides every row by its L2 norm; zero rows stay zero. In place. */
export function normaliseRows(values: Float64Array, n: number, d: number): void {
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let k = 0; k < d; k++) squares += values[i * d + k]! ** 2;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < d; k++) values[i * d + k]! *= scale;
  }
}
