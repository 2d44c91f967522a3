/** Which example gets which of the drawn margins. */
import type { Ops, Tensor } from '../../core/ops.js';

export type PlusMode = 'code' | 'rank';

/**
 * The margins [B] sorted ascending and handed out by the cosines [B] to the own class, as constants. `rank`: the largest
 * cosine gets the smallest margin, and so on. `code`: row i gets the margin at position order[i], where order lists the
 * rows by descending cosine. Equal cosines keep their order.
 */
export function assignMargins(ops: Ops, margins: Tensor, cosines: Tensor, mode: PlusMode): Tensor {
  const count = margins.shape[0] ?? 0;
  const ascending = ops.stopGradient(ops.sort(margins));
  const places = ops.tensor(
    Float64Array.from({ length: count }, (_, place) => place),
    [count],
  );
  // d/dx of Σ place·sort(x) is the place of each element: the derivative of a sort is its permutation.
  const rank = ops.gradient((x) => ops.sum(ops.mul(ops.sort(x), places)), ops.neg(ops.stopGradient(cosines)));
  const picked = (x: Tensor): Tensor => ops.reshape(ops.gatherAt(ops.reshape(x, [count, 1]), rank), [count]);
  if (mode === 'rank') return picked(ascending);
  // The derivative of picking by rank puts the i-th margin at place rank[i], which is picking by the inverse, order.
  return ops.gradient((x) => ops.sum(ops.mul(picked(x), ascending)), ops.fill([count], 0));
}
