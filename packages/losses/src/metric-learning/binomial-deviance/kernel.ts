/** Binomial deviance as the pairwise engine takes it: no [B,B] array. */
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import {
  and,
  definePairwise,
  mul,
  not,
  sameId,
  sameIndex,
  score,
  softplus,
  statistic,
  sub,
  uniform,
} from '../../pairwise/index.js';
import type { Params } from './definition.js';

const sameClass = sameId('label', 'label');
const shifted = sub(score, uniform('beta'));

const deviance = definePairwise({
  name: 'binomial-deviance',
  statistics: {
    pull: statistic('sum', softplus(mul(shifted, uniform('pull'))), { over: and(sameClass, not(sameIndex)) }),
    push: statistic('sum', softplus(mul(shifted, uniform('push'))), { over: not(sameClass) }),
  },
});

/** Sums over all ordered pairs of one class, and of different classes. unit [B,D], rows of length 1 or 0. */
export function fusedDeviances(ops: Ops, unit: Tensor, labels: Indices, { alpha, beta, cost }: Params) {
  const ids = { label: labels };
  const { values } = ops.pairwise(deviance, {
    a: unit,
    rows: { ids },
    columns: { ids },
    uniforms: { beta, pull: -alpha, push: alpha * cost },
  });
  return { pull: ops.sum(values['pull']!), push: ops.sum(values['push']!) };
}
