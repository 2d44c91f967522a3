/** Reductions and maps of whole rows, and their derivatives. */
import type { Calculus } from './calculus.js';
import type { RowKernel, Shaped } from './kernels.js';
import type { Ops, Reduction, Tensor } from './ops.js';
import * as rows from './rows.js';
import { frontAxes, mismatch, reducedShape, show, sizeOf } from './shape.js';

type RowOps = Pick<
  Ops,
  'sum' | 'mean' | 'max' | 'min' | 'logSumExp' | 'argMax' | 'softmax' | 'logSoftmax' | 'l2Normalise'
>;
type Moves = Pick<Ops, 'transpose' | 'reshape' | 'mul' | 'neg'>;

export function rowOps<A extends Shaped>({ graph, sum, spread }: Calculus<A>, ops: Moves): RowOps {
  const k = graph.kernels;

  const sumOver = (x: Tensor, r: Reduction = {}): Tensor => {
    const p = graph.node(x);
    const axes = frontAxes(r.axis, p.shape.length);
    return graph.derived(sum(p.value, axes, r.keepDims ?? false), [p], (g) => [spread(g, p.shape, axes)]);
  };

  /** A reduction by row kernels: the reduced axes go last, each slice is a row. */
  const reduce =
    (forward: RowKernel, backward: RowKernel) =>
    (x: Tensor, r: Reduction = {}): Tensor => {
      const p = graph.node(x);
      const axes = frontAxes(r.axis, p.shape.length);
      if (axes.some((axis) => p.shape[axis] === 0)) throw mismatch('reduction', 'at least one element', show(p.shape));
      const rest = p.shape.map((_, i) => i).filter((i) => !axes.includes(i));
      const inPlace = axes.every((axis, i) => axis === rest.length + i);
      const last = inPlace ? p : graph.node(ops.transpose(p, [...rest, ...axes]));
      const outer = rest.map((i) => p.shape[i]!);
      const count = sizeOf(outer);
      const value = k.rows(forward, [last.value], outer, count);
      const reduced = graph.derived(value, [last], (g) => [
        k.rows(backward, [last.value, value, g], last.shape, count),
      ]);
      return r.keepDims ? ops.reshape(reduced, reducedShape(p.shape, axes, true)) : reduced;
    };
  const max = reduce(rows.maxRows, rows.maxGradientRows);
  const argMax = reduce(rows.argMaxRows, rows.argMaxRows);

  /** A map of each row of the last axis; its gradient is a row kernel of what it saves and the upstream gradient. */
  const map = (x: Tensor, forward: RowKernel, backward: RowKernel, saves: 'x' | 'value', parameter = 0): Tensor => {
    const p = graph.node(x);
    if (p.shape.length === 0) throw mismatch('last axis', 'a tensor of rank ≥ 1', show(p.shape));
    const count = sizeOf(p.shape.slice(0, -1));
    const value = k.rows(forward, [p.value], p.shape, count, parameter);
    const saved = saves === 'x' ? p.value : value;
    return graph.derived(value, [p], (g) => [k.rows(backward, [saved, g], p.shape, count, parameter)]);
  };

  return {
    sum: sumOver,
    mean(x, r) {
      const count = frontAxes(r?.axis, x.shape.length).reduce((product, axis) => product * x.shape[axis]!, 1);
      return ops.mul(sumOver(x, r), 1 / count);
    },
    max,
    min: (x, r) => ops.neg(max(ops.neg(x), r)),
    logSumExp: reduce(rows.logSumExpRows, rows.logSumExpGradientRows),
    argMax: (x, axis) => graph.recording(false, () => argMax(x, { axis })),
    softmax: (x) => map(x, rows.softmaxRows, rows.softmaxGradientRows, 'value'),
    logSoftmax: (x) => map(x, rows.logSoftmaxRows, rows.logSoftmaxGradientRows, 'value'),
    l2Normalise: (x, eps = 1e-12) => map(x, rows.normaliseRows, rows.normaliseGradientRows, 'x', eps),
  };
}
