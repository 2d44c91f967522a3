/** InfoNCE over a matrix of scores, its probes, and the measures of an embedding that the paper explains by them. */
import { positions } from '../../core/class-softmax.js';
import { LossError } from '../../core/errors.js';
import { checkLabels, matrixShape, vectorLength } from '../../core/guards.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { cosineSimilarities, offDiagonal, squaredDistances } from '../../core/pairwise-formulas.js';

/** s_ii of each row: [B]. Throws SHAPE_MISMATCH unless scores are square. */
function positives(ops: Ops, scores: Tensor): Tensor {
  const [rows] = matrixShape('scores', scores);
  matrixShape('scores', scores, rows, rows);
  return ops.pick(scores, positions(rows));
}

/** s_ij, j ≠ i, in the order of j: [B,B−1]. */
function negatives(ops: Ops, scores: Tensor): Tensor {
  const rows = scores.shape[0] ?? 0;
  return ops.reshape(ops.gather(ops.reshape(scores, [rows * rows]), offDiagonal(rows, rows)), [rows, rows - 1]);
}

/** The `count` largest negatives of each row, or all if there are fewer: [B,min(count, B−1)]. Ties: any `count` of them. */
function hardest(ops: Ops, scores: Tensor, count: number): Tensor {
  const rows = scores.shape[0] ?? 0;
  const others = negatives(ops, scores);
  if (count >= rows - 1) return others;
  return ops.slice(ops.sort(others), [0, rows - 1 - count], [rows, count]);
}

/**
 * Mean over the rows of −log softmax_k(s_ik/τ)_i: the score of row i's positive stands in column i. scores [B,B], τ > 0.
 * Scalar; 0 for one row. Throws SHAPE_MISMATCH. Source: Wang and Liu 2021.
 */
export function infoNCE(ops: Ops, scores: Tensor, tau: number): Tensor {
  const positive = positives(ops, scores);
  const partition = ops.logSumExp(ops.div(scores, tau), { axis: 1 });
  return ops.mean(ops.sub(partition, ops.div(positive, tau)));
}

/**
 * InfoNCE whose denominator keeps the positive and the `count` largest negatives of each row. scores [B,B], τ > 0,
 * count ≥ 0; more than B − 1 means all. Scalar. Throws SHAPE_MISMATCH. Source: Wang and Liu 2021.
 */
export function hardContrastive(ops: Ops, scores: Tensor, tau: number, count: number): Tensor {
  const positive = ops.div(positives(ops, scores), tau);
  const kept = ops.concat([ops.expandDims(positive, 1), ops.div(hardest(ops, scores, count), tau)], 1);
  return ops.mean(ops.sub(ops.logSumExp(kept, { axis: 1 }), positive));
}

/** Mean over the rows of −s_ii + λ · (mean of `others`' row). */
function linear(ops: Ops, scores: Tensor, others: Tensor, lambda: number): Tensor {
  const pull = ops.mean(positives(ops, scores));
  return (others.shape[1] ?? 0) === 0 ? ops.neg(pull) : ops.sub(ops.mul(ops.mean(others), lambda), pull);
}

/**
 * Mean over the rows of −s_ii + λ · mean_{k≠i} s_ik, which weighs every negative alike: the limit of InfoNCE for τ → ∞
 * at λ = 1, up to scale. scores [B,B], λ ≥ 0. Scalar; one row has no negative. Throws SHAPE_MISMATCH.
 * Source: Wang and Liu 2021, with the mean in place of the sum.
 */
export function simpleContrastive(ops: Ops, scores: Tensor, lambda: number): Tensor {
  positives(ops, scores);
  return linear(ops, scores, negatives(ops, scores), lambda);
}

/** The simple form over the `count` largest negatives of each row. scores [B,B], λ ≥ 0, count ≥ 0. Scalar. */
export function hardSimple(ops: Ops, scores: Tensor, lambda: number, count: number): Tensor {
  positives(ops, scores);
  return linear(ops, scores, hardest(ops, scores, count), lambda);
}

/**
 * |∂l/∂s_ij| / |∂l/∂s_ii| of InfoNCE for each negative j of one anchor, in the order of j: a Boltzmann distribution over
 * the negatives. scoresRow [B], anchor 0 … B−1 the place of the positive, τ > 0; [B−1].
 * Throws SHAPE_MISMATCH or PARAM_RANGE. Source: Wang and Liu 2021.
 */
export function relativePenalty(ops: Ops, scoresRow: Tensor, tau: number, anchor: number): Tensor {
  const length = vectorLength('scoresRow', scoresRow);
  if (anchor >= length)
    throw new LossError('PARAM_RANGE', `anchor must be below ${length}, received ${anchor}`, {
      field: 'anchor',
      value: anchor,
      allowed: `a whole number in [0, ${length})`,
    });
  const others = positions(length).filter((j) => j !== anchor);
  return ops.softmax(ops.div(ops.gather(scoresRow, others), tau));
}

/** Pairs i < j of a square matrix, as flat positions. */
function upperPairs(n: number, keep: (i: number, j: number) => boolean = () => true): Int32Array {
  const at: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) if (keep(i, j)) at.push(i * n + j);
  return Int32Array.from(at);
}

function refuseWithoutPairs(field: string, value: unknown, allowed: string): never {
  throw new LossError('DOMAIN', `${field} have no pair to average over; needed are ${allowed}`, {
    field,
    value,
    allowed,
  });
}

/**
 * log of the mean of e^{−t‖x−y‖²} over the pairs i < j of L2-normalised rows; the lower, the more uniform. embeddings
 * [B,D], t > 0. Scalar in [−4t, 0]. Throws SHAPE_MISMATCH, and DOMAIN for fewer than two rows.
 * Source: Wang and Isola 2020.
 */
export function uniformity(ops: Ops, embeddings: Tensor, t: number): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  const pairs = upperPairs(rows);
  if (pairs.length === 0) refuseWithoutPairs('embeddings', rows, 'two rows or more');
  const squared = ops.gather(ops.reshape(squaredDistances(ops, embeddings), [rows * rows]), pairs);
  return ops.sub(ops.logSumExp(ops.mul(squared, -t)), Math.log(pairs.length));
}

/**
 * Mean cosine of the pairs i < j that share a label; the higher, the more tolerant to semantic neighbours. embeddings
 * [B,D], labels [B]. Scalar in [−1, 1]. Throws SHAPE_MISMATCH, and DOMAIN where no two rows share a label.
 * Source: Wang and Liu 2021.
 */
export function tolerance(ops: Ops, embeddings: Tensor, labels: Indices): Tensor {
  const [rows] = matrixShape('embeddings', embeddings);
  checkLabels('labels', labels, rows);
  const pairs = upperPairs(rows, (i, j) => labels[i] === labels[j]);
  if (pairs.length === 0) refuseWithoutPairs('labels', labels.length, 'two rows of one label or more');
  return ops.mean(ops.gather(ops.reshape(cosineSimilarities(ops, embeddings), [rows * rows]), pairs));
}
