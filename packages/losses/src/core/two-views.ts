/** What losses on two views of each example share: the views' embeddings, stacked, and who is whose positive. */
import { batchViews, matrixShape } from './guards.js';
import type { Ops, Tensor } from './ops.js';
import type { Batch, Net } from './slots.js';

export interface StackedViews {
  /** [2B, D] unit rows: the first views, then the second. */
  readonly unit: Tensor;
  /** Row of the other view of the same example: [2B]. */
  readonly partner: Int32Array;
  /** Which of the B examples each row shows: [2B]. */
  readonly example: Int32Array;
  /** ⟨z_i, z_partner(i)⟩: [2B]. */
  readonly positives: Tensor;
}

/** view1, view2 [B,D], any length of the rows; a zero row stays zero. Throws SHAPE_MISMATCH. */
export function stackViews(ops: Ops, view1: Tensor, view2: Tensor): StackedViews {
  const [examples, width] = matrixShape('view1', view1);
  matrixShape('view2', view2, examples, width);
  const [first, second] = [ops.l2Normalise(view1), ops.l2Normalise(view2)];
  const agreement = ops.sum(ops.mul(first, second), { axis: 1 });
  const rows = Array.from({ length: 2 * examples }, (_, i) => i);
  return {
    unit: ops.concat([first, second], 0),
    partner: Int32Array.from(rows, (i) => (i + examples) % (2 * examples)),
    example: Int32Array.from(rows, (i) => i % examples),
    positives: ops.concat([agreement, agreement], 0),
  };
}

/** 1 where rows i and j carry different numbers, else 0: [n,n]. */
export function differ(ops: Ops, of: Int32Array): Tensor {
  const n = of.length;
  const mask = new Float32Array(n * n);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) mask[at] = of[i] === of[j] ? 0 : 1;
  return ops.tensor(mask, [n, n]);
}

/** Embeddings of the first two views of a batch. Throws UNSUPPORTED where it has fewer. */
export function embedViews(batch: Batch, net: Net, method: string): [Tensor, Tensor] {
  const [first, second] = batchViews(batch, method, 2);
  return [net.embed(first!), net.embed(second!)];
}
