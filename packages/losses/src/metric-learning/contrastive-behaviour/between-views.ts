/** The objective: what the two views of a batch are to each other. */
import type { Form } from '../../core/class-softmax.js';
import { rowProducts } from '../../core/class-softmax.js';
import { matrixShape } from '../../core/guards.js';
import { twoWayLogSumExp } from '../../core/log-sums.js';
import type { Ops, Tensor } from '../../core/ops.js';
import type { Params } from './definition.js';
import { hardContrastive, hardSimple } from './formulas.js';

/** InfoNCE of both directions from the two log-sum-exps: no score is stored where they come from the engine. */
function infoNce(ops: Ops, a: Tensor, b: Tensor, tau: number, form?: Form): Tensor {
  const { rows, columns } = twoWayLogSumExp(ops, a, b, 1 / tau, form);
  const partition = ops.mul(ops.add(rows, columns), 0.5);
  return ops.mean(ops.sub(partition, ops.div(rowProducts(ops, a, b), tau)));
}

/** The simple form needs no pair: Σ_{k≠i} ⟨a_i, b_k⟩ over all i is ⟨Σa, Σb⟩ − Σ ⟨a_i, b_i⟩. */
function simple(ops: Ops, a: Tensor, b: Tensor, lambda: number): Tensor {
  const [rows = 0] = a.shape;
  const attraction = ops.sum(rowProducts(ops, a, b));
  const all = ops.sum(ops.mul(ops.sum(a, { axis: 0 }), ops.sum(b, { axis: 0 })));
  const repulsion = ops.div(ops.sub(all, attraction), Math.max(1, rows * (rows - 1)));
  return ops.sub(ops.mul(repulsion, lambda), ops.div(attraction, rows));
}

/** The hard forms pick from whole rows of scores, each direction by itself. */
function hard(ops: Ops, a: Tensor, b: Tensor, { loss, tau, lambda, hardFraction, numHard }: Params): Tensor {
  const [rows = 0] = a.shape;
  const count = numHard ?? Math.max(1, Math.round(hardFraction * (rows - 1)));
  const scores = ops.matMul(a, b, { transposeB: true });
  const oneWay = (s: Tensor): Tensor =>
    loss === 'hard' ? hardContrastive(ops, s, tau, count) : hardSimple(ops, s, lambda, count);
  return ops.mul(ops.add(oneWay(scores), oneWay(ops.transpose(scores))), 0.5);
}

/**
 * The chosen loss over the cosines s_ik of two views' rows, each view the anchor once; the mean of both directions.
 * first, second [B,D]. Scalar. Throws SHAPE_MISMATCH.
 */
export function contrastBetweenViews(ops: Ops, first: Tensor, second: Tensor, params: Params, form?: Form): Tensor {
  const [rows, width] = matrixShape('views[0]', first);
  matrixShape('views[1]', second, rows, width);
  const [a, b] = [ops.l2Normalise(first), ops.l2Normalise(second)];
  if (params.loss === 'info-nce') return infoNce(ops, a, b, params.tau, form);
  if (params.loss === 'simple') return simple(ops, a, b, params.lambda);
  return hard(ops, a, b, params);
}
