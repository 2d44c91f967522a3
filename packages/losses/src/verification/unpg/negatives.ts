/** log Σ e^{s·cos} over the kept negative pairs of a batch: one number, in the denominator of every row. */
import type { Form } from '../../core/class-softmax.js';
import type { Indices, Ops, Tensor } from '../../core/ops.js';
import { FLOOR, pairCounts } from '../../core/pairwise-formulas.js';
import { quartilePositions, whiskers } from './filter.js';
import { fusedBatch, keptPairs, quartiles, SLACK } from './kernel.js';

/**
 * rows [B,D] of unit length, labels [B]. Scalar; undefined where no two rows differ in their label. Differentiable in
 * both members of each kept pair; which pairs are kept is not differentiated.
 */
export function keptNegatives(
  ops: Ops,
  rows: Tensor,
  labels: Indices,
  { s, whisker }: { readonly s: number; readonly whisker: number },
  form?: Form,
): Tensor | undefined {
  const count = pairCounts(labels).negatives / 2;
  if (count === 0) return undefined;
  const n = labels.length;
  if ((form ?? fusedBatch(n)) === 'fused') {
    const limits = whiskers(ops, ...quartiles(ops, rows, labels, count), whisker);
    const everyRow = (x: Tensor): Tensor => ops.add(ops.fill([n], 0), x);
    const { values } = ops.pairwise(keptPairs, {
      a: rows,
      rows: {
        ids: { label: labels },
        fields: { low: everyRow(ops.sub(limits.low, SLACK)), high: everyRow(ops.add(limits.high, SLACK)) },
      },
      columns: { ids: { label: labels } },
      uniforms: { s },
    });
    return ops.logSumExp(values['kept']!);
  }
  const pairs: number[] = [];
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) if (labels[i] !== labels[j]) pairs.push(i * n + j);
  const products = ops.matMul(rows, rows, { transposeB: true });
  const similarities = ops.gather(ops.reshape(products, [n * n]), pairs);
  const fixed = ops.stopGradient(similarities);
  const sorted = ops.sort(fixed);
  const [lower, upper] = quartilePositions(count).map((at) => ops.slice(sorted, [at], [1])) as [Tensor, Tensor];
  const { low, high } = whiskers(ops, lower, upper, whisker);
  const kept = ops.mul(ops.greaterEqual(fixed, low), ops.lessEqual(fixed, high));
  return ops.logSumExp(ops.where(kept, ops.mul(similarities, s), FLOOR));
}
