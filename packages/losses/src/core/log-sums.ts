/** Log-sum-exps over the scores of two sets of rows, of which the pairwise engine stores none. */
import { definePairwise, mul, not, sameIndex, score, statistic, uniform } from '../pairwise/index.js';
import type { Form } from './class-softmax.js';
import { formFor, positions } from './class-softmax.js';
import { matrixShape } from './guards.js';
import type { Ops, Tensor } from './ops.js';
import { maskedLogSumExp } from './pairwise-formulas.js';

const scaled = mul(score, uniform('scale'));

const otherRows = definePairwise({
  name: 'other-rows',
  statistics: { partition: statistic('logSumExp', scaled, { over: not(sameIndex) }) },
});

const twoWays = definePairwise({
  name: 'two-ways',
  statistics: { rows: statistic('logSumExp', scaled), columns: statistic('logSumExp', scaled, { per: 'column' }) },
});

/** log Σ_{j ≠ i} e^{scale·⟨a_i, a_j⟩} of each row of a [n,d]: [n]. One row alone gives what adds nothing to any sum. */
export function otherRowsLogSumExp(ops: Ops, a: Tensor, scale: number, form?: Form): Tensor {
  const [n] = matrixShape('rows', a);
  if ((form ?? formFor(n, n)) === 'fused')
    return ops.pairwise(otherRows, { a, uniforms: { scale } }).values['partition']!;
  const scores = ops.mul(ops.matMul(a, a, { transposeB: true }), scale);
  return maskedLogSumExp(ops, scores, ops.sub(1, ops.oneHot(positions(n), n)));
}

/** log Σ_j e^{scale·⟨a_i, b_j⟩} of each row of a [n,d], [n], and log Σ_i of the same of each row of b [m,d], [m]. */
export function twoWayLogSumExp(
  ops: Ops,
  a: Tensor,
  b: Tensor,
  scale: number,
  form?: Form,
): { readonly rows: Tensor; readonly columns: Tensor } {
  const [n, width] = matrixShape('rows', a);
  const [m] = matrixShape('columns', b, undefined, width);
  if ((form ?? formFor(n, m)) === 'fused') {
    const { values } = ops.pairwise(twoWays, { a, b, uniforms: { scale } });
    return { rows: values['rows']!, columns: values['columns']! };
  }
  const scores = ops.mul(ops.matMul(a, b, { transposeB: true }), scale);
  return { rows: ops.logSumExp(scores, { axis: 1 }), columns: ops.logSumExp(scores, { axis: 0 }) };
}
