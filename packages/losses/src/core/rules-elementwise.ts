/** Element-wise operations and their derivatives. */
import type { Calculus } from './calculus.js';
import type { BinaryKernel, Shaped, UnaryKernel } from './kernels.js';
import type { Operand, Ops, Tensor } from './ops.js';

type ElementwiseOps = Pick<
  Ops,
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'maximum'
  | 'minimum'
  | UnaryOps
  | 'clip'
  | 'greater'
  | 'greaterEqual'
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'where'
>;
type UnaryOps = Exclude<UnaryKernel, 'sign'>;

/**
 * `chain` rather than a product wherever the local derivative can be infinite: an upstream gradient of 0 then gives 0,
 * so that the branch that `where` did not take never turns a gradient into NaN.
 */
export function elementwiseOps<A extends Shaped>(calculus: Calculus<A>): ElementwiseOps {
  const { graph, scalar, times, plus, minus, over, unbroadcast } = calculus;
  const k = graph.kernels;

  const binary = (
    kernel: BinaryKernel,
    a: Operand,
    b: Operand,
    toA: (g: A, a: A, b: A) => A,
    toB: (g: A, a: A, b: A, value: A) => A,
  ): Tensor => {
    const [p, q] = [graph.node(a), graph.node(b)];
    const value = k.binary(kernel, p.value, q.value);
    return graph.derived(value, [p, q], (g) => [
      p.differentiable ? unbroadcast(toA(g, p.value, q.value), p.shape) : undefined,
      q.differentiable ? unbroadcast(toB(g, p.value, q.value, value), q.shape) : undefined,
    ]);
  };

  const unary =
    (kernel: UnaryKernel, rule: (g: A, x: A, value: A) => A) =>
    (x: Tensor): Tensor => {
      const p = graph.node(x);
      const value = k.unary(kernel, p.value);
      return graph.derived(value, [p], (g) => [rule(g, p.value, value)]);
    };

  /** Ties share the gradient: (1 + [one wins] − [other wins]) / 2. */
  const extremum = (kernel: 'maximum' | 'minimum', wins: 'greater' | 'less') => (a: Operand, b: Operand) => {
    const share = (g: A, one: A, other: A): A =>
      times(g, times(plus(k.binary(wins, one, other), minus(1, k.binary(wins, other, one))), 0.5));
    return binary(kernel, a, b, share, (g, x, y) => share(g, y, x));
  };

  const compare = (kernel: BinaryKernel) => (a: Operand, b: Operand) =>
    graph.constant(k.binary(kernel, graph.node(a).value, graph.node(b).value));

  const negative = (x: A): A => k.unary('neg', x);
  const first = (g: A): A => g;

  return {
    add: (a, b) => binary('add', a, b, first, first),
    sub: (a, b) => binary('sub', a, b, first, negative),
    mul: (a, b) =>
      binary(
        'mul',
        a,
        b,
        (g, _, y) => k.chain(g, y),
        (g, x) => k.chain(g, x),
      ),
    div: (a, b) =>
      binary(
        'div',
        a,
        b,
        (g, _, y) => k.chain(g, over(1, y)),
        (g, _, y, value) => k.chain(g, negative(over(value, y))),
      ),
    pow(x, exponent) {
      const p = graph.node(x);
      return graph.derived(k.pow(p.value, exponent), [p], (g) => [
        exponent === 0 ? k.fill(p.shape, 0) : k.chain(g, times(k.pow(p.value, exponent - 1), exponent)),
      ]);
    },
    maximum: extremum('maximum', 'greater'),
    minimum: extremum('minimum', 'less'),
    neg: unary('neg', negative),
    abs: unary('abs', (g, x) => times(g, k.unary('sign', x))),
    square: unary('square', (g, x) => k.chain(g, times(x, 2))),
    sqrt: unary('sqrt', (g, _, y) => k.chain(g, over(0.5, y))),
    exp: unary('exp', (g, _, y) => k.chain(g, y)),
    expm1: unary('expm1', (g, x) => k.chain(g, k.unary('exp', x))),
    log: unary('log', (g, x) => k.chain(g, over(1, x))),
    log1p: unary('log1p', (g, x) => k.chain(g, over(1, plus(x, 1)))),
    sin: unary('sin', (g, x) => k.chain(g, k.unary('cos', x))),
    cos: unary('cos', (g, x) => k.chain(g, negative(k.unary('sin', x)))),
    acos: unary('acos', (g, x) => k.chain(g, over(-1, k.unary('sqrt', times(minus(1, x), plus(x, 1)))))),
    atan: unary('atan', (g, x) => k.chain(g, over(1, plus(k.unary('square', x), 1)))),
    tanh: unary('tanh', (g, _, y) => times(g, minus(1, k.unary('square', y)))),
    erf: unary('erf', (g, x) =>
      times(g, times(k.unary('exp', negative(k.unary('square', x))), 2 / Math.sqrt(Math.PI))),
    ),
    sigmoid: unary('sigmoid', (g, x, y) => times(g, times(y, k.unary('sigmoid', negative(x))))),
    softplus: unary('softplus', (g, x) => times(g, k.unary('sigmoid', x))),
    relu: unary('relu', (g, x) => k.gate(g, x)),
    clip(x, low, high) {
      const p = graph.node(x);
      return graph.derived(k.clip(p.value, low, high), [p], (g) => {
        const [above, below] = [
          k.binary('greaterEqual', p.value, scalar(low)),
          k.binary('lessEqual', p.value, scalar(high)),
        ];
        return [times(g, times(above, below))];
      });
    },

    greater: compare('greater'),
    greaterEqual: compare('greaterEqual'),
    less: compare('less'),
    lessEqual: compare('lessEqual'),
    equal: compare('equal'),
    where(condition, a, b) {
      const [c, p, q] = [graph.node(condition), graph.node(a), graph.node(b)];
      return graph.derived(k.select(c.value, p.value, q.value), [p, q], (g) => [
        p.differentiable ? unbroadcast(k.select(c.value, g, scalar(0)), p.shape) : undefined,
        q.differentiable ? unbroadcast(k.select(c.value, scalar(0), g), q.shape) : undefined,
      ]);
    },
  };
}
