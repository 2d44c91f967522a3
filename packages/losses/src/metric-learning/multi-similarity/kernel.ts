/** Multi-similarity as the pairwise engine takes it: one pass finds the limits of mining, a second one the sums. */
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { FLOOR } from '../../core/pairwise-formulas.js';
import {
  and,
  definePairwise,
  greater,
  less,
  mul,
  not,
  or,
  row,
  sameId,
  sameIndex,
  score,
  statistic,
  sub,
  uniform,
} from '../../pairwise/index.js';
import type { Params } from './definition.js';

const sameClass = sameId('label', 'label');
/** A normalised row has similarity 1 or, as a zero vector, 0 with itself: what lies between tells them apart. */
export const ZERO_VECTOR = 0.5;

const distinct = and(sameClass, or(not(sameIndex), less(score, ZERO_VECTOR)), less(score, uniform('duplicate')));
const shifted = sub(score, uniform('lambda'));

const limits = definePairwise({
  name: 'multi-similarity-limits',
  statistics: {
    hardestPositive: statistic('min', score, { over: distinct }),
    hardestNegative: statistic('max', score, { over: not(sameClass) }),
  },
});

const sums = definePairwise({
  name: 'multi-similarity',
  statistics: {
    pull: statistic('logSumExp', mul(shifted, uniform('pull')), {
      over: and(distinct, less(score, row('highest'))),
    }),
    push: statistic('logSumExp', mul(shifted, uniform('push')), {
      over: and(not(sameClass), greater(score, row('lowest'))),
    }),
  },
});

/** The loss of each anchor, 0 where mining keeps no positive or no negative: [B]. unit [B,D], labels [B]. */
export function fusedAnchorLosses(ops: Ops, unit: Tensor, labels: Indices, params: Params): Tensor {
  const { alpha, beta, lambda, margin, selfEps } = params;
  const side = { ids: { label: labels } };
  const duplicate = 1 - selfEps;
  const found = ops.pairwise(limits, {
    a: ops.stopGradient(unit),
    rows: side,
    columns: side,
    uniforms: { duplicate },
  }).values;
  const fields = {
    lowest: ops.sub(found['hardestPositive']!, margin),
    highest: ops.add(found['hardestNegative']!, margin),
  };
  const { values } = ops.pairwise(sums, {
    a: unit,
    rows: { ...side, fields },
    columns: side,
    uniforms: { duplicate, lambda, pull: -alpha, push: beta },
  });
  const [pull, push] = [values['pull']!, values['push']!];
  const kept = ops.mul(ops.greater(pull, FLOOR / 2), ops.greater(push, FLOOR / 2));
  return ops.where(kept, ops.add(ops.div(ops.softplus(pull), alpha), ops.div(ops.softplus(push), beta)), 0);
}
