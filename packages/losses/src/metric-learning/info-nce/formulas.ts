import type { Form } from '../../core/class-softmax.js';
import { matrixShape } from '../../core/guards.js';
import { otherRowsLogSumExp, twoWayLogSumExp } from '../../core/log-sums.js';
import type { Operand, Ops, Tensor } from '../../core/ops.js';
import { stackViews } from '../../core/two-views.js';

/**
 * NT-Xent: mean over the 2B rows of −log softmax_{k≠i}(⟨z_i, z_k⟩/τ) at the other view of the same example.
 * view1, view2 [B,D], normalised inside; τ > 0, a number or a scalar tensor to be learned. One example alone gives 0.
 * Throws SHAPE_MISMATCH. Source: Chen et al. 2020 (SimCLR), Eq. 1.
 */
export function ntXent(ops: Ops, view1: Tensor, view2: Tensor, temperature: Operand, form?: Form): Tensor {
  const { unit, positives } = stackViews(ops, view1, view2);
  // √τ on either side: rows and columns stay the same matrix, which halves the work of the fused form.
  const root = typeof temperature === 'number' ? Math.sqrt(temperature) : ops.sqrt(temperature);
  const partition = otherRowsLogSumExp(ops, ops.div(unit, root), 1, form);
  return ops.mean(ops.sub(partition, ops.div(positives, temperature)));
}

/**
 * Softmax cross-entropy of each image over the texts and of each text over the images, averaged; pair i is the right one.
 * image, text [B,D], normalised inside; τ as above. One pair alone gives 0. Throws SHAPE_MISMATCH.
 * Source: Radford et al. 2021 (CLIP), Figure 3.
 */
export function clip(ops: Ops, image: Tensor, text: Tensor, temperature: Operand, form?: Form): Tensor {
  const [pairs, width] = matrixShape('image', image);
  matrixShape('text', text, pairs, width);
  const [images, texts] = [ops.div(ops.l2Normalise(image), temperature), ops.l2Normalise(text)];
  const right = ops.sum(ops.mul(images, texts), { axis: 1 });
  const partitions = twoWayLogSumExp(ops, images, texts, 1, form);
  return ops.mean(ops.sub(ops.mul(ops.add(partitions.rows, partitions.columns), 0.5), right));
}
