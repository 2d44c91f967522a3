/** A differentiable top-k: each row's logistic gates, opened by one common shift so far that they sum to k. */
import type { CustomGradient, Ops, Tensor } from '../../core/ops.js';
import { FLOOR } from '../../core/pairwise-formulas.js';
import { withScratch } from '../../core/scratch.js';

export interface SoftTopK {
  /** 0 < k < columns. */
  readonly k: number;
  /** > 0 */
  readonly alpha: number;
  readonly nIter: number;
}

/** log σ(z) and log σ(−z). */
const logSigmoid = (ops: Ops, z: Tensor): Tensor => ops.neg(ops.softplus(ops.neg(z)));
const logComplement = (ops: Ops, z: Tensor): Tensor => ops.neg(ops.softplus(z));

/**
 * 1 where Σ_l σ(z_l) < k for z = α(x + t), for each row: [B,1]. Gates above a half are counted, and only what they lack of 1
 * is compared with what the others have: where the counts are even, in logarithms, since both sides may underflow.
 */
function sumsBelow(ops: Ops, x: Tensor, t: Tensor, { k, alpha }: SoftTopK): Tensor {
  const axis = { axis: 1, keepDims: true };
  return withScratch(ops, (mark) => {
    const z = mark(ops.mul(mark(ops.add(x, t)), alpha));
    const open = mark(ops.greater(z, 0));
    const rest = mark(ops.neg(mark(ops.softplus(mark(ops.abs(z))))));
    const surplus = ops.logSumExp(mark(ops.where(open, FLOOR, rest)), axis);
    const lack = ops.logSumExp(mark(ops.where(open, rest, FLOOR)), axis);
    const count = ops.sub(ops.sum(open, axis), k);
    const excess = ops.add(count, ops.sub(ops.exp(surplus), ops.exp(lack)));
    return ops.where(ops.equal(count, 0), ops.less(surplus, lack), ops.less(excess, 0));
  });
}

/** z = α(x + t) with t by bisection such that Σ_l σ(z_l) = k in each row of x [B,L]; not differentiated. */
function gates(ops: Ops, x: Tensor, options: SoftTopK): Tensor {
  const { k, alpha, nIter } = options;
  const axis = { axis: 1, keepDims: true };
  // Ten open or close a gate to 5e-5, too little where k is a smaller share of the columns.
  const columns = x.shape[1] ?? 0;
  const margin = Math.max(10, 1 + Math.log(columns / Math.min(k, columns - k))) / alpha;
  let low = ops.sub(ops.neg(ops.max(x, axis)), margin);
  let high = ops.add(ops.neg(ops.min(x, axis)), margin);
  for (let step = 0; step < nIter; step++) {
    const middle = ops.mul(ops.add(low, high), 0.5);
    const below = sumsBelow(ops, x, middle, options);
    low = ops.where(below, middle, low);
    high = ops.where(below, high, middle);
  }
  return ops.mul(ops.add(x, ops.mul(ops.add(low, high), 0.5)), alpha);
}

/** σ'(z_l) / Σ_j σ'(z_j) of each row: how a common shift of the gates is shared. */
const shares = (ops: Ops, z: Tensor): Tensor => ops.softmax(ops.add(logSigmoid(ops, z), logComplement(ops, z)));

const rowSum = (ops: Ops, x: Tensor): Tensor => ops.sum(x, { axis: 1, keepDims: true });

/**
 * p = σ(α(x + t)) with the t of each row for which Σ_l p_l = k. x [B,L]; [B,L]. With v = α p (1 − p) the gradient is
 * dx = g·v − v ⟨g,v⟩ / Σv. Source: Gupta et al. 2023, §4, and the released code.
 */
export function softTopK(ops: Ops, x: Tensor, options: SoftTopK): Tensor {
  return ops.customGradient([x], (rows): CustomGradient => {
    const z = gates(ops, rows!, options);
    const value = ops.sigmoid(z);
    return {
      value,
      backward(g) {
        const slopes = ops.mul(ops.mul(value, ops.sigmoid(ops.neg(z))), options.alpha);
        const along = ops.mul(g, slopes);
        return [ops.sub(along, ops.mul(shares(ops, z), rowSum(ops, along)))];
      },
    };
  });
}

/**
 * log p of `softTopK`, exact where p underflows. x [B,L]; [B,L]. With u = α (1 − p) g the gradient is dx = u − v Σu / Σv.
 */
export function logSoftTopK(ops: Ops, x: Tensor, options: SoftTopK): Tensor {
  return ops.customGradient([x], (rows): CustomGradient => {
    const z = gates(ops, rows!, options);
    return {
      value: logSigmoid(ops, z),
      backward(g) {
        const along = ops.mul(ops.mul(g, ops.sigmoid(ops.neg(z))), options.alpha);
        return [ops.sub(along, ops.mul(shares(ops, z), rowSum(ops, along)))];
      },
    };
  });
}
