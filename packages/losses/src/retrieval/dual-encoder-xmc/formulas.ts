/** Losses over a matrix of query–document scores with several positives a query. */
import { LossError } from '../../core/errors.js';
import { matrixShape } from '../../core/guards.js';
import { flatten } from '../../core/nested.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { maskedLogSumExp } from '../../core/pairwise-formulas.js';
import type { SoftTopK } from './soft-top-k.js';
import { logSoftTopK } from './soft-top-k.js';

/** Which documents answer a query: 1 for a positive, else 0, [B,L] row-major. */
export type MultiHot = Float32Array;

/** Multi-hot rows from nested lists of 0 and 1. Throws DOMAIN or SHAPE_MISMATCH. */
export function multiHot(targets: unknown, [rows = 0, columns = 0]: readonly number[]): MultiHot {
  const { shape, values } = flatten('targets', targets);
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns)
    throw new LossError('SHAPE_MISMATCH', `targets must have shape [${rows}, ${columns}], received [${shape.join()}]`, {
      field: 'targets',
      value: shape,
      allowed: `[${rows}, ${columns}]`,
    });
  const wrong = values.find((value) => value !== 0 && value !== 1);
  if (wrong !== undefined)
    throw new LossError('DOMAIN', `targets must be 0 or 1, received ${wrong}`, {
      field: 'targets',
      value: wrong,
      allowed: '0 or 1',
    });
  return Float32Array.from(values);
}

/** 1/|P_i| at each positive of row i, else 0. */
function positiveWeights(targets: MultiHot, rows: number, columns: number): Float64Array {
  const weights = Float64Array.from(targets);
  for (let i = 0; i < rows; i++) {
    const row = weights.subarray(i * columns, (i + 1) * columns);
    const count = row.reduce((sum, value) => sum + value, 0);
    if (count > 0) row.forEach((value, k) => (row[k] = value / count));
  }
  return weights;
}

/** (1/B) Σ_i (1/|P_i|) Σ_{k∈P_i} losses_ik. */
function meanOverPositives(ops: Ops, losses: Tensor, targets: MultiHot): Tensor {
  const [rows = 0, columns = 0] = losses.shape;
  const positive = ops.tensor(targets, [rows, columns]);
  const weights = ops.tensor(positiveWeights(targets, rows, columns), [rows, columns]);
  const rowSums = ops.sum(ops.mul(weights, ops.where(positive, losses, 0)), { axis: 1 });
  return ops.mean(rowSums);
}

/**
 * −log[e^{S_ik} / (e^{S_ik} + Σ_{j∉P_i} e^{S_ij})], averaged over the positives k of each row, then over the rows; a row
 * without a positive is 0. scores [B,L] (similarities / τ); `excluded` (1) is neither positive nor negative. Scalar.
 * Throws SHAPE_MISMATCH. Source: Gupta et al. 2023, Eq. 4.
 */
export function decoupledSoftmax(ops: Ops, scores: Tensor, targets: MultiHot, excluded?: MultiHot): Tensor {
  const [rows, columns] = matrixShape('scores', scores);
  const negatives = targets.map((target, at) => (target === 0 && !excluded?.[at] ? 1 : 0));
  const partition = maskedLogSumExp(ops, scores, ops.tensor(negatives, [rows, columns]));
  return meanOverPositives(ops, ops.softplus(ops.sub(ops.expandDims(partition, 1), scores)), targets);
}

/**
 * −log p of the soft top-k, averaged over the positives of each row, then over the rows; a row without a positive is 0.
 * scores [B,L]; 0 < k < L, α > 0. Scalar. Throws SHAPE_MISMATCH or PARAM_RANGE. Source: Gupta et al. 2023, §4.
 */
export function softTopKLoss(ops: Ops, scores: Tensor, targets: MultiHot, options: SoftTopK): Tensor {
  const [, columns] = matrixShape('scores', scores);
  checkK(options.k, columns);
  return meanOverPositives(ops, ops.neg(logSoftTopK(ops, scores, options)), targets);
}

/** Throws PARAM_RANGE unless 0 < k < columns. */
export function checkK(k: number, columns: number): void {
  if (k > 0 && k < columns) return;
  throw new LossError('PARAM_RANGE', `k must lie in (0, ${columns}) for ${columns} documents, received ${k}`, {
    field: 'k',
    value: k,
    allowed: `(0, ${columns})`,
  });
}
