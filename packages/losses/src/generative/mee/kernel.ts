/** The search for the nearest remembered code as the pairwise engine takes it: no [B,N,L] and no [B,N] array. */
import type { Ops, Tensor } from '../../core/ops.js';
import { definePairwise, score, statistic } from '../../pairwise/index.js';

const nearest = definePairwise({ name: 'mee', statistics: { row: statistic('max', score) } });

/** The nearest row of the buffer to each code, the first of several: [B,L]. codes [B,L], buffer [N,L], N ≥ 1. */
export function fusedNearestRows(ops: Ops, codes: Tensor, buffer: Tensor): Tensor {
  const [fixed, remembered] = [ops.stopGradient(codes), ops.stopGradient(buffer)];
  // ‖c − r‖² is least where ⟨(c, 1), (r, −‖r‖²/2)⟩ is largest.
  const half = ops.mul(ops.sum(ops.square(remembered), { axis: 1, keepDims: true }), -0.5);
  const a = ops.concat([fixed, ops.fill([codes.shape[0] ?? 0, 1], 1)], 1);
  const { positions } = ops.pairwise(nearest, { a, b: ops.concat([remembered, half], 1) });
  // −1 stands where nothing compares, as for NaN: any row then hands the NaN on.
  return ops.gatherAt(remembered, ops.maximum(positions['row']!, 0));
}
