/** The supervised contrastive loss as the pairwise engine takes it: two statistics a row, no [B,B] array. */
import { and, definePairwise, mul, not, sameId, sameIndex, score, statistic, uniform } from '../../pairwise/index.js';

const logit = mul(uniform('scale'), score);

/** Row i: log Σ_{a≠i} e^{⟨z_i, z_a⟩/τ}, and Σ ⟨z_i, z_p⟩/τ over the other examples p of its class. */
export const supervisedContrastive = definePairwise({
  name: 'supervised-contrastive',
  statistics: {
    partition: statistic('logSumExp', logit, { over: not(sameIndex) }),
    attraction: statistic('sum', logit, { over: and(sameId('label', 'label'), not(sameIndex)) }),
  },
});
