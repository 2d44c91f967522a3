/** The Mann–Whitney loss over a matrix of scores, and the area under the curve that it bounds. */
import type { Form } from '../../core/class-softmax.js';
import { formFor } from '../../core/class-softmax.js';
import { LossError } from '../../core/errors.js';
import { matrixShape } from '../../core/guards.js';
import { flatten } from '../../core/nested.js';
import type { CustomGradient, Ops, Tensor } from '../../core/ops.js';
import { offDiagonal } from '../../core/pairwise-formulas.js';
import { withScratch } from '../../core/scratch.js';
import { fusedMeanPairwiseLogistic } from './kernel.js';

/** Entries of the largest block of the table positives × negatives that is held at a time. */
const BLOCK = 2 ** 20;

/** s_ii [B] and s_ij, j ≠ i, [B(M−1)] of scores [B,M], M ≥ B. Throws SHAPE_MISMATCH. */
function splitScores(ops: Ops, scores: Tensor): { positives: Tensor; negatives: Tensor } {
  const [rows, columns] = matrixShape('scores', scores);
  if (columns < rows)
    throw new LossError('SHAPE_MISMATCH', `scores need a column for each row, received [${rows}, ${columns}]`, {
      field: 'scores',
      value: scores.shape,
      allowed: `[${rows}, ${rows} or more]`,
    });
  const diagonal = Int32Array.from({ length: rows }, (_, i) => i * (columns + 1));
  const flat = ops.reshape(scores, [rows * columns]);
  return { positives: ops.gather(flat, diagonal), negatives: ops.gather(flat, offDiagonal(rows, columns)) };
}

/**
 * Mean of log(1 + e^{n − p}) over all p of `positives` [P] and n of `negatives` [N]; 0 where one of them is empty.
 * The table [P,N] is made block by block, forwards and again backwards.
 */
export function meanPairwiseLogistic(ops: Ops, positives: Tensor, negatives: Tensor, block = BLOCK): Tensor {
  const [count = 0] = positives.shape;
  const [others = 0] = negatives.shape;
  if (count === 0 || others === 0) return ops.mul(ops.sum(positives), 0);
  const rowsAtOnce = Math.max(1, Math.floor(block / others));
  const starts = Array.from({ length: Math.ceil(count / rowsAtOnce) }, (_, at) => at * rowsAtOnce);

  return ops.customGradient([positives, negatives], (p, n): CustomGradient => {
    /** n_j − p_i of one block of positives, and whatever else is marked, freed after `use`. */
    const withGaps = <T>(start: number, use: (gaps: Tensor, mark: (x: Tensor) => Tensor) => T): T =>
      withScratch(ops, (mark) => {
        const size = Math.min(rowsAtOnce, count - start);
        return use(mark(ops.sub(n!, ops.reshape(ops.slice(p!, [start], [size]), [size, 1]))), mark);
      });
    const scale = 1 / (count * others);
    const sums = starts.map((start) => withGaps(start, (gaps, mark) => ops.sum(mark(ops.softplus(gaps)), { axis: 1 })));
    return {
      value: ops.mul(ops.sum(ops.concat(sums, 0)), scale),
      backward(g) {
        const scaled = ops.mul(g, scale);
        const slopes = starts.map((start) =>
          withGaps(start, (gaps, mark) => {
            const table = mark(ops.sigmoid(gaps));
            return { rows: ops.sum(table, { axis: 1 }), columns: ops.sum(table, { axis: 0 }) };
          }),
        );
        const rows = ops.concat(
          slopes.map((slope) => slope.rows),
          0,
        );
        const columns = slopes.map((slope) => slope.columns).reduce((a, b) => ops.add(a, b));
        return [ops.neg(ops.mul(rows, scaled)), ops.mul(columns, scaled)];
      },
    };
  });
}

/**
 * Mean over all positives s_ii and all negatives s_jk, j ≠ k, of log(1 + e^{(s_jk − s_ii)/τ}). scores [B,M], M ≥ B: the
 * document of query i stands in column i, further columns are negatives of every query; τ > 0. Scalar; 0 without a
 * negative. Divided by log 2 it bounds 1 − AUC. Throws SHAPE_MISMATCH. Source: Sheikholeslami et al. 2025.
 */
export function mwLoss(ops: Ops, scores: Tensor, tau: number, form?: Form): Tensor {
  const { positives, negatives } = splitScores(ops, ops.div(scores, tau));
  const [p = 0] = positives.shape;
  const [n = 0] = negatives.shape;
  const fused = p * n > 0 && (form ?? formFor(p, n)) === 'fused';
  return (fused ? fusedMeanPairwiseLogistic : meanPairwiseLogistic)(ops, positives, negatives);
}

function numbers(field: string, values: unknown): Float64Array {
  const { shape, values: flat } = flatten(field, values);
  if (shape.length === 1 && flat.length > 0 && !flat.some(Number.isNaN)) return flat;
  throw new LossError('DOMAIN', `${field} must be a list of one number or more, received shape [${shape.join()}]`, {
    field,
    value: values,
    allowed: 'a list of one number or more',
  });
}

/**
 * Share of the pairs (p, n) with p > n, ties counting half, by ranks: O((P + N) log(P + N)). Lists of P ≥ 1 and N ≥ 1
 * numbers; a number in [0, 1]. Throws DOMAIN for an empty list, NaN or another shape. Source: Mann and Whitney 1947.
 */
export function globalAuc(positives: unknown, negatives: unknown): number {
  const p = numbers('positives', positives);
  const n = numbers('negatives', negatives).sort();
  let wins = 0;
  let below = 0;
  let notAbove = 0;
  for (const value of p.sort()) {
    while (below < n.length && n[below]! < value) below++;
    while (notAbove < n.length && n[notAbove]! <= value) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / (p.length * n.length);
}
