/** What losses over all pairs of a batch have in common: similarities, distances, masks, masked log-sum-exp. */
import type { Indices, Ops, Tensor } from './ops.js';

/** Stands for −∞ where a true infinity would meet another one; e^FLOOR is 0 in every precision used. */
export const FLOOR = -1e30;

export interface PairMasks {
  /** 1 where i ≠ j share a class: [B,B]. */
  readonly positive: Tensor;
  /** 1 where the classes differ: [B,B]. */
  readonly negative: Tensor;
  /** 1 off the diagonal: [B,B]. */
  readonly others: Tensor;
  readonly positives: number;
  readonly negatives: number;
}

export function pairMasks(ops: Ops, labels: Indices): PairMasks {
  const n = labels.length;
  const positive = new Float32Array(n * n);
  const negative = new Float32Array(n * n);
  const others = new Float32Array(n * n).fill(1);
  let positives = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) others[i * n + j] = 0;
      else if (labels[i] === labels[j]) {
        positive[i * n + j] = 1;
        positives++;
      } else negative[i * n + j] = 1;
    }
  return {
    positive: ops.tensor(positive, [n, n]),
    negative: ops.tensor(negative, [n, n]),
    others: ops.tensor(others, [n, n]),
    positives,
    negatives: n * (n - 1) - positives,
  };
}

/** How many ordered pairs i ≠ j share a class, and how many do not. */
export function pairCounts(labels: Indices): { readonly positives: number; readonly negatives: number } {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const positives = [...sizes.values()].reduce((total, size) => total + size * (size - 1), 0);
  return { positives, negatives: labels.length * (labels.length - 1) - positives };
}

/** Flat positions of a matrix [rows, columns] off its diagonal, row by row. */
export const offDiagonal = (rows: number, columns: number): Int32Array =>
  Int32Array.from({ length: rows * columns }, (_, at) => at).filter((at) => at % columns !== Math.floor(at / columns));

/** ⟨a_i, b_j⟩ of the L2-normalised rows: [n,m]; `b` defaults to `a`. */
export function cosineSimilarities(ops: Ops, a: Tensor, b?: Tensor): Tensor {
  const unit = ops.l2Normalise(a);
  return ops.matMul(unit, b ? ops.l2Normalise(b) : unit, { transposeB: true });
}

/** ‖z_i − z_j‖² of the L2-normalised rows: [B,B], never below zero; exact for zero vectors too. */
export function squaredDistances(ops: Ops, embeddings: Tensor): Tensor {
  const unit = ops.l2Normalise(embeddings);
  const norms = ops.sum(ops.square(unit), { axis: 1, keepDims: true });
  const sums = ops.add(norms, ops.transpose(norms));
  const products = ops.matMul(unit, unit, { transposeB: true });
  return ops.maximum(ops.sub(sums, ops.mul(products, 2)), 0);
}

/** The entry of each row of the last axis where `at` is largest, the first of several; undefined for rows without any. */
export function atLargest(ops: Ops, at: Tensor, ...of: readonly Tensor[]): Tensor[] {
  const width = at.shape.at(-1) ?? 0;
  const rank = at.shape.length;
  const positions = ops.tensor(
    Float32Array.from({ length: width }, (_, j) => j),
    [width],
  );
  const chosen = ops.equal(positions, ops.expandDims(ops.argMax(at, rank - 1), rank - 1));
  return of.map((x) => ops.sum(ops.where(chosen, x, 0), { axis: -1 }));
}

/** √x with a zero gradient at zero instead of an infinite one; differs from √x by at most 1e-12. */
export function safeRoot(ops: Ops, x: Tensor): Tensor {
  return ops.sqrt(ops.maximum(x, 1e-24));
}

/** log Σ_{mask} e^x along the last axis: [n]; a row without any entry gives FLOOR with a zero gradient. */
export function maskedLogSumExp(ops: Ops, x: Tensor, mask: Tensor): Tensor {
  return ops.logSumExp(ops.where(mask, x, FLOOR), { axis: -1 });
}

/** log(1 + Σ_{mask} e^x) along the last axis: [n]; a row without any entry gives 0. */
export function maskedLog1pSumExp(ops: Ops, x: Tensor, mask: Tensor): Tensor {
  const rows = x.shape[0] ?? 0;
  return ops.logSumExp(ops.concat([ops.where(mask, x, FLOOR), ops.fill([rows, 1], 0)], 1), { axis: 1 });
}
