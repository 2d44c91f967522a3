import type { Form } from '../../core/class-softmax.js';
import { formFor, rowProducts } from '../../core/class-softmax.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { atLargest, FLOOR } from '../../core/pairwise-formulas.js';
import type { RunContext } from '../../core/slots.js';
import { differ, stackViews } from '../../core/two-views.js';
import type { Params } from './definition.js';
import type { Tempered } from './formulas.js';
import { adaptiveTemperature, anchorLoss } from './formulas.js';
import type { Hardest } from './kernel.js';
import { fusedHardest } from './kernel.js';

export type Layers = (x: Tensor) => Tensor;

/** A fully connected net of two layers with a ReLU between them. */
export function twoLayers(ctx: RunContext, name: string, sizes: readonly [number, number, number]): Layers {
  const { ops } = ctx;
  const layer = (at: 0 | 1): Layers => {
    const weight = ctx.variable(`${name}/weight-${at}`, [sizes[at], sizes[at + 1]!], { kind: 'heNormal' });
    const bias = ctx.variable(`${name}/bias-${at}`, [sizes[at + 1]!], { kind: 'constant', value: 0 }, { decay: false });
    return (x) => ops.add(ops.matMul(x, weight), bias);
  };
  const [first, second] = [layer(0), layer(1)];
  return (x) => second(ops.relu(first(x)));
}

/** With all similarities in memory. unit, keys [2B, ·]. */
const composedHardest: Hardest = (ops, unit, keys, example) => {
  const similarities = ops.matMul(unit, unit, { transposeB: true });
  const allowed = ops.where(differ(ops, example), similarities, FLOOR);
  const [similarity, dot] = atLargest(ops, allowed, similarities, ops.matMul(keys, keys, { transposeB: true }));
  return { similarity: similarity!, dot: dot! };
};

/**
 * The loss of one projection head: both views of every example are anchors, the negatives of an anchor are the rows of the
 * other examples, the temperature of a pair comes from the inner product of its keys. view1, view2 [B,D]. Scalar.
 */
export function headLoss(
  ops: Ops,
  view1: Tensor,
  view2: Tensor,
  keysOf: Layers,
  { beta, lower, upper, dim }: Pick<Params, 'beta' | 'lower' | 'upper' | 'dim'>,
  form?: Form,
): Tensor {
  const { unit, partner, example, positives } = stackViews(ops, view1, view2);
  const keys = keysOf(unit);
  const tempered = (similarity: Tensor, dot: Tensor): Tempered => ({
    similarity,
    tau: adaptiveTemperature(ops, dot, lower, upper),
  });
  const positive = tempered(positives, rowProducts(ops, keys, ops.gather(keys, partner)));
  if (example.length <= 2) return ops.mean(anchorLoss(ops, positive, undefined, { beta, dim }));
  const fused = (form ?? formFor(example.length, example.length)) === 'fused';
  const { similarity, dot } = (fused ? fusedHardest : composedHardest)(ops, unit, keys, example);
  return ops.mean(anchorLoss(ops, positive, tempered(similarity, dot), { beta, dim }));
}
