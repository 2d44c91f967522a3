/** Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by implicit QL with Wilkinson shifts. */

/**
 * `diagonal` [m] and `offDiagonal` [m − 1]. Returns eigenvalues in descending order and vectors [m, m] row-major,
 * row i belonging to value i. Throws RangeError when a value needs more than 60 sweeps (never seen for finite input).
 * Golub and Van Loan, Matrix Computations, section 8.3; the loop is that of EISPACK's tql2.
 */
export function tridiagonalEigen(
  diagonal: ArrayLike<number>,
  offDiagonal: ArrayLike<number>,
): { values: Float64Array; vectors: Float64Array } {
  const m = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(m);
  for (let i = 0; i < m - 1; i++) e[i] = offDiagonal[i]!;
  // Row i of z holds eigenvector i, so that a rotation touches two contiguous rows.
  const z = new Float64Array(m * m);
  for (let i = 0; i < m; i++) z[i * m + i] = 1;
  for (let l = 0; l < m; l++) {
    for (let sweep = 0; ; sweep++) {
      let end = l;
      while (end < m - 1 && Math.abs(e[end]!) > Number.EPSILON * (Math.abs(d[end]!) + Math.abs(d[end + 1]!))) end++;
      if (end === l) break;
      if (sweep === 60) throw new RangeError(`tridiagonal eigenvalue ${l} did not converge in 60 sweeps`);
      const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let g = d[end]! - d[l]! + e[l]! / (half + Math.sign(half || 1) * Math.hypot(half, 1));
      let [s, c, p] = [1, 1, 0];
      let i = end - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[end] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        const t = (d[i]! - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        for (let k = 0; k < m; k++) {
          const upper = z[(i + 1) * m + k]!;
          const lower = z[i * m + k]!;
          z[(i + 1) * m + k] = s * lower + c * upper;
          z[i * m + k] = c * lower - s * upper;
        }
      }
      if (i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[end] = 0;
    }
  }
  const order = Array.from({ length: m }, (_, i) => i).sort((a, b) => d[b]! - d[a]! || a - b);
  const vectors = new Float64Array(m * m);
  order.forEach((from, to) => vectors.set(z.subarray(from * m, (from + 1) * m), to * m));
  return { values: Float64Array.from(order, (i) => d[i]!), vectors };
}
