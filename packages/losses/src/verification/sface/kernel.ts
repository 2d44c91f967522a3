/** SFace's repulsion as the pairwise engine takes it: no [B,C] array of angles or strengths. */
import {
  acos,
  definePairwise,
  detach,
  max,
  min,
  mul,
  not,
  sameId,
  score,
  sigmoid,
  statistic,
  sub,
  uniform,
} from '../../pairwise/index.js';

/** Cosines are kept within ± this before the inverse cosine. */
export const LARGEST_COSINE = 1 - 1e-7;

const angle = acos(max(-LARGEST_COSINE, min(LARGEST_COSINE, score)));

/** Row i: Σ_{c ≠ y_i} σ(k(b − θ_ic))·cos θ_ic, the strengths not differentiated. */
export const repulsion = definePairwise({
  name: 'sface',
  statistics: {
    repulsion: statistic('sum', mul(detach(sigmoid(mul(uniform('k'), sub(uniform('b'), angle)))), score), {
      over: not(sameId('label', 'class')),
    }),
  },
});
