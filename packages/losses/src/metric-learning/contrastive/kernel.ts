/** The contrastive loss as the pairwise engine takes it: no [B,B] array. */
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import {
  add,
  and,
  column,
  definePairwise,
  max,
  mul,
  not,
  relu,
  row,
  sameId,
  sameIndex,
  score,
  sqrt,
  square,
  statistic,
  sub,
  uniform,
} from '../../pairwise/index.js';

/** Below this square a distance has no direction: its gradient is 0, as in the composed form. */
const TINY = 1e-24;

const sameClass = sameId('label', 'label');
const squared = max(sub(add(row('norm'), column('norm')), mul(score, 2)), 0);

const distances = definePairwise({
  name: 'contrastive',
  statistics: {
    equal: statistic('sum', squared, { over: and(sameClass, not(sameIndex)) }),
    unequal: statistic('sum', square(relu(sub(uniform('margin'), sqrt(max(squared, TINY))))), {
      over: not(sameClass),
    }),
  },
});

/** Σ d² over all ordered pairs of one class, Σ max(0, m − d)² over those of different classes. unit [B,D]. */
export function fusedDistances(ops: Ops, unit: Tensor, labels: Indices, margin: number) {
  const ids = { label: labels };
  // The length of a unit row does not change with its direction, so it is a constant.
  const fields = { norm: ops.stopGradient(ops.sum(ops.square(unit), { axis: 1 })) };
  const side = { ids, fields };
  const { values } = ops.pairwise(distances, { a: unit, rows: side, columns: side, uniforms: { margin } });
  return { equal: ops.sum(values['equal']!), unequal: ops.sum(values['unequal']!) };
}
