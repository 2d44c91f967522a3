/** Arithmetic that derivative rules are written with, over the arrays of any binding. */
import type { Graph } from './graph.js';
import type { Shaped } from './kernels.js';
import * as rows from './rows.js';
import type { Shape } from './shape.js';
import { reducedShape, sameShape, sizeOf } from './shape.js';

export interface Calculus<A extends Shaped> {
  readonly graph: Graph<A>;
  scalar(value: number): A;
  times(a: A, b: A | number): A;
  plus(a: A, b: A | number): A;
  minus(a: A | number, b: A): A;
  over(a: A | number, b: A): A;
  /** Sums in float64 whatever the binding. */
  sum(x: A, axes: readonly number[], keepDims: boolean): A;
  /** Sums what broadcasting repeated, so that a gradient has its operand's shape. */
  unbroadcast(gradient: A, shape: Shape): A;
  /** Repeats a gradient over the axes that a sum reduced. */
  spread(gradient: A, shape: Shape, axes: readonly number[]): A;
}

export function calculus<A extends Shaped>(graph: Graph<A>): Calculus<A> {
  const k = graph.kernels;
  const scalar = (value: number): A => k.fill([], value);
  const array = (x: A | number): A => (typeof x === 'number' ? scalar(x) : x);

  const sum = (x: A, axes: readonly number[], keepDims: boolean): A => {
    const shape = reducedShape(x.shape, axes, keepDims);
    const first = axes[0] ?? x.shape.length;
    // Neighbouring axes, the common case, are summed where they lie.
    if (axes.every((axis, i) => axis === first + i)) {
      const outer = sizeOf(x.shape.slice(0, first));
      const inner = sizeOf(x.shape.slice(first + axes.length));
      return inner === 1 ? k.rows(rows.sumRows, [x], shape, outer) : k.rows(rows.sumColumns, [x], shape, outer, inner);
    }
    const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    return k.rows(rows.sumRows, [k.transpose(x, [...rest, ...axes])], shape, sizeOf(shape));
  };

  return {
    graph,
    scalar,
    times: (a, b) => k.binary('mul', a, array(b)),
    plus: (a, b) => k.binary('add', a, array(b)),
    minus: (a, b) => k.binary('sub', array(a), b),
    over: (a, b) => k.binary('div', array(a), b),
    sum,
    unbroadcast(gradient, shape) {
      if (sameShape(gradient.shape, shape)) return gradient;
      const lead = gradient.shape.length - shape.length;
      const axes = gradient.shape
        .map((_, i) => i)
        .filter((i) => i < lead || (shape[i - lead] === 1 && gradient.shape[i] !== 1));
      return k.reshape(axes.length === 0 ? gradient : sum(gradient, axes, false), shape);
    },
    spread: (gradient, shape, axes) =>
      k.binary('add', k.reshape(gradient, reducedShape(shape, axes, true)), k.fill(shape, 0)),
  };
}
