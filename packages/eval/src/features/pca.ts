/** Principal components, deterministic and in float64: they start the linear embeddings. */
import { EvalError } from '../core/errors.js';
import { tridiagonalEigen } from './tridiagonal.js';

export interface Pca {
  readonly d: number;
  readonly k: number;
  /** Column means [d]. */
  readonly mean: Float64Array;
  /** Orthonormal rows [k, d] in descending variance; in each the first entry of largest magnitude (within 1e-6) is positive. */
  readonly components: Float64Array;
  /** Population variance (divided by n) along each component. */
  readonly variances: Float64Array;
}

const TOLERANCE = 1e-10;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A fixed start without pattern: a Weyl sequence, exact in float64 arithmetic. */
function startVector(d: number, attempt: number): Float64Array {
  return Float64Array.from({ length: d }, (_, i) => (((i + 1) * (attempt + 1) * GOLDEN) % 1) - 0.5);
}

function dot(a: Float64Array, b: Float64Array): number {
  // Four sums: one would wait for each addition to finish.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}

/** Removes the parts along `basis` twice, which is enough for orthogonality to rounding; returns the norm that remains. */
function orthogonalise(vector: Float64Array, basis: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const along = dot(vector, direction);
      for (let i = 0; i < vector.length; i++) vector[i]! -= along * direction[i]!;
    }
  }
  return Math.sqrt(dot(vector, vector));
}

/** y = Xᵀ(X v) / n for centred rows X, without forming the covariance; four rows at a time keep the loops on registers. */
function covarianceTimes(centred: Float64Array, n: number, d: number, v: Float64Array): Float64Array {
  const result = new Float64Array(d);
  const whole = n - (n % 4);
  for (let i = 0; i < whole; i += 4) {
    const [p, q, r, s] = [i * d, (i + 1) * d, (i + 2) * d, (i + 3) * d];
    let [a, b, c, e] = [0, 0, 0, 0];
    for (let k = 0; k < d; k++) {
      const x = v[k]!;
      a += centred[p + k]! * x;
      b += centred[q + k]! * x;
      c += centred[r + k]! * x;
      e += centred[s + k]! * x;
    }
    for (let k = 0; k < d; k++) {
      result[k]! += a * centred[p + k]! + b * centred[q + k]! + c * centred[r + k]! + e * centred[s + k]!;
    }
  }
  for (let i = whole; i < n; i++) {
    const row = centred.subarray(i * d, (i + 1) * d);
    const along = dot(row, v);
    for (let k = 0; k < d; k++) result[k]! += along * row[k]!;
  }
  for (let k = 0; k < d; k++) result[k]! /= n;
  return result;
}

function centre(features: ArrayLike<number>, n: number, d: number): { mean: Float64Array; centred: Float64Array } {
  const mean = new Float64Array(d);
  const centred = new Float64Array(n * d);
  for (let i = 0; i < n * d; i++) {
    const value = features[i]!;
    if (!Number.isFinite(value)) {
      const field = `features[${Math.floor(i / d)}, ${i % d}]`;
      throw new EvalError('NON_FINITE', `${field} is ${value}`, { field, value, allowed: 'a finite number' });
    }
    mean[i % d]! += value / n;
  }
  for (let i = 0; i < n * d; i++) centred[i] = features[i]! - mean[i % d]!;
  return { mean, centred };
}

/** The tridiagonal of the Krylov space so far; `last` is the coupling to the next direction, 0 after a breakdown. */
interface Krylov {
  readonly basis: Float64Array[];
  readonly alphas: number[];
  readonly betas: number[];
}

/** Extends by one direction; a breakdown (an invariant subspace) goes on with a fresh direction orthogonal to it. */
function extend(space: Krylov, multiply: (v: Float64Array) => Float64Array, d: number, restarts: { n: number }): void {
  const { basis, alphas, betas } = space;
  const current = basis[basis.length - 1]!;
  const next = multiply(current);
  alphas.push(dot(current, next));
  const scale = Math.max(...alphas.map(Math.abs));
  let norm = orthogonalise(next, basis);
  if (norm > 1e-13 * scale) betas.push(norm);
  else {
    betas.push(0);
    if (basis.length === d) return;
    do {
      next.set(startVector(d, ++restarts.n));
      norm = orthogonalise(next, basis);
    } while (norm < 1e-6);
  }
  if (basis.length < d) basis.push(next.map((value) => value / norm));
}

/**
 * The k leading principal components of `features` [n, d] row-major by Lanczos with full reorthogonalisation
 * (Golub and Van Loan, section 10.1) from a fixed start; the space grows until the residual of each of the k pairs is
 * below 1e-10 of the largest variance, at worst to d. Directions without variance are orthonormal fillers.
 * Throws PARAM_RANGE unless 1 ≤ k ≤ d and n ≥ 1, NON_FINITE for a value that is not finite.
 */
export function pca(features: ArrayLike<number>, n: number, d: number, k: number): Pca {
  if (n < 1 || features.length !== n * d || !Number.isInteger(k) || k < 1 || k > d) {
    const allowed = `1 ≤ k ≤ d = ${d} and n·d = ${n * d} values`;
    throw new EvalError('PARAM_RANGE', `pca: found k = ${k} and ${features.length} values, expected ${allowed}`, {
      field: 'k',
      value: k,
      allowed,
    });
  }
  const { mean, centred } = centre(features, n, d);
  const multiply = (v: Float64Array): Float64Array => covarianceTimes(centred, n, d, v);
  const first = startVector(d, 0);
  const length = Math.sqrt(dot(first, first));
  const space: Krylov = { basis: [first.map((value) => value / length)], alphas: [], betas: [] };
  const restarts = { n: 0 };
  for (let size = Math.min(d, 2 * k + 40); ; size = Math.min(d, Math.ceil(size * 1.3))) {
    while (space.alphas.length < size) extend(space, multiply, d, restarts);
    const ritz = tridiagonalEigen(space.alphas, space.betas.slice(0, size - 1));
    const coupling = space.betas[size - 1]!;
    const bound = TOLERANCE * Math.max(ritz.values[0]!, Number.MIN_VALUE);
    const settled = Array.from({ length: k }, (_, i) => Math.abs(coupling * ritz.vectors[i * size + size - 1]!)).every(
      (residual) => residual <= bound,
    );
    if (settled || size === d) return assemble(space, ritz, mean, d, k);
  }
}

/** Sign of the first entry within 1e-6 of the largest magnitude: rounding cannot turn a component that has equal entries. */
function leadingSign(component: Float64Array): number {
  let largest = 0;
  for (const value of component) largest = Math.max(largest, Math.abs(value));
  const leading = component.find((value) => Math.abs(value) >= largest * (1 - 1e-6));
  return leading! < 0 ? -1 : 1;
}

function assemble(
  space: Krylov,
  ritz: { values: Float64Array; vectors: Float64Array },
  mean: Float64Array,
  d: number,
  k: number,
): Pca {
  const size = space.alphas.length;
  const components = new Float64Array(k * d);
  for (let i = 0; i < k; i++) {
    const component = components.subarray(i * d, (i + 1) * d);
    for (let j = 0; j < size; j++) {
      const weight = ritz.vectors[i * size + j]!;
      const direction = space.basis[j]!;
      for (let c = 0; c < d; c++) component[c]! += weight * direction[c]!;
    }
    const norm = Math.sqrt(dot(component, component)) * leadingSign(component);
    for (let c = 0; c < d; c++) component[c]! /= norm;
  }
  return { d, k, mean, components, variances: ritz.values.slice(0, k).map((value) => Math.max(0, value)) };
}

/** (x − mean) · componentsᵀ for rows [n, d]: [n, k], summed in float64. */
export function project(model: Pca, features: ArrayLike<number>, n: number): Float32Array {
  const { d, k, mean, components } = model;
  const result = new Float32Array(n * k);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < d; c++) row[c] = features[i * d + c]! - mean[c]!;
    for (let j = 0; j < k; j++) result[i * k + j] = dot(row, components.subarray(j * d, (j + 1) * d));
  }
  return result;
}
