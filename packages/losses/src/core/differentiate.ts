/**
 * Reverse-mode differentiation, written once for every binding.
 *
 * A Node is a value with the rule that pulls an upstream gradient back to its parents. The rules are written over
 * `Kernels`, so float64 arrays and TensorFlow.js tensors share the same calculus; only the arithmetic differs.
 */
import { checkedIndices } from './indexing.js';
import type { BinaryKernel, Kernels, RowKernel, Shaped, UnaryKernel } from './kernels.js';
import type { Indices, Operand, Ops, Reduction, Tensor } from './ops.js';
import * as rows from './rows.js';
import type { Shape } from './shape.js';
import { aroundAxis, frontAxes, frontAxis, mismatch, reducedShape, sameShape, show, sizeOf } from './shape.js';

type Pull<A> = (upstream: A) => readonly (A | undefined)[];

let created = 0;

/** A tensor of the calculus: a binding's array and how it came to be. */
export class Node<A extends Shaped> implements Tensor {
  /** Creation order, so that reverse order is a valid order of differentiation. */
  readonly order = created++;
  constructor(
    public value: A,
    public differentiable: boolean,
    public parents: readonly Node<A>[] = [],
    public pull?: Pull<A>,
  ) {}

  get shape(): Shape {
    return this.value.shape;
  }

  /** Forgets how the value came to be: from now on it is a constant. */
  detach(): void {
    this.differentiable = false;
    this.parents = [];
    delete this.pull;
  }
}

export interface Differentiation<A extends Shaped> {
  readonly ops: Ops;
  /** A leaf that gradients can be asked for. */
  leaf(value: A): Node<A>;
  /** The binding's array behind a tensor. */
  valueOf(x: Tensor): A;
  /** Runs with derivatives recorded (true) or not (false). */
  recording<T>(on: boolean, body: () => T): T;
  /** d(sum of output)/d(input) for each input; zeros where it does not depend on it. `seed` replaces the ones. */
  gradients(output: Tensor, inputs: readonly Tensor[], seed?: A): A[];
  /** Turns the results kept since the last call into constants: what they were made of is about to be freed. */
  detachKept(): void;
}

/**
 * The operations of `ops.ts` over a binding's kernels.
 *
 * @param alwaysRecord whether derivatives are recorded outside `recording(true, …)` too
 */
export function differentiate<A extends Shaped>(
  k: Kernels<A>,
  binding: Ops['binding'],
  alwaysRecord: boolean,
): Differentiation<A> {
  let recordingNow = alwaysRecord;
  let kept: Node<A>[] = [];

  const recording = <T>(on: boolean, body: () => T): T => {
    const before = recordingNow;
    recordingNow = on;
    try {
      return body();
    } finally {
      recordingNow = before;
    }
  };

  const node = (x: Operand): Node<A> => {
    if (typeof x === 'number') return new Node(k.fill([], x), false);
    if (x instanceof Node) return x as Node<A>;
    throw mismatch('operand', `a tensor of the ${binding} binding or a number`, typeof x);
  };
  const valueOf = (x: Operand): A => node(x).value;
  const constant = (value: A): Node<A> => new Node(value, false);

  const derived = (value: A, parents: readonly Node<A>[], pull: Pull<A>): Node<A> =>
    recordingNow && parents.some((p) => p.differentiable) ? new Node(value, true, parents, pull) : constant(value);

  const scalar = (value: number): A => k.fill([], value);
  const times = (a: A, b: A | number): A => k.binary('mul', a, typeof b === 'number' ? scalar(b) : b);
  const minus = (a: A | number, b: A | number): A =>
    k.binary('sub', typeof a === 'number' ? scalar(a) : a, typeof b === 'number' ? scalar(b) : b);
  const plus = (a: A, b: A | number): A => k.binary('add', a, typeof b === 'number' ? scalar(b) : b);
  const over = (a: A | number, b: A): A => k.binary('div', typeof a === 'number' ? scalar(a) : a, b);

  /** Sums in float64 whatever the binding; leading and trailing axes, the common cases, without a transposition. */
  const sumOver = (x: A, axes: readonly number[], keepDims: boolean): A => {
    const shape = reducedShape(x.shape, axes, keepDims);
    const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    if (axes.every((axis, i) => axis === i))
      return k.rows(rows.sumColumns, [x], shape, sizeOf(x.shape.slice(0, axes.length)));
    const trailing = axes.every((axis, i) => axis === rest.length + i);
    const last = trailing ? x : k.transpose(x, [...rest, ...axes]);
    return k.rows(rows.sumRows, [last], shape, sizeOf(shape));
  };

  /** Sums what broadcasting repeated, so that a gradient has its operand's shape. */
  const unbroadcast = (gradient: A, shape: Shape): A => {
    if (sameShape(gradient.shape, shape)) return gradient;
    const lead = gradient.shape.length - shape.length;
    const axes = gradient.shape
      .map((_, i) => i)
      .filter((i) => i < lead || (shape[i - lead] === 1 && gradient.shape[i] !== 1));
    return k.reshape(axes.length === 0 ? gradient : sumOver(gradient, axes, false), shape);
  };
  /** Repeats a gradient over what a reduction summed. */
  const restore = (gradient: A, shape: Shape, axes: readonly number[]): A =>
    k.reshape(gradient, reducedShape(shape, axes, true));
  const spread = (gradient: A, shape: Shape, axes: readonly number[]): A =>
    k.binary('add', restore(gradient, shape, axes), k.fill(shape, 0));

  const binary = (
    kernel: BinaryKernel,
    a: Operand,
    b: Operand,
    rule: (g: A, a: A, b: A, value: A) => readonly [(() => A)?, (() => A)?],
  ): Tensor => {
    const p = node(a);
    const q = node(b);
    const value = k.binary(kernel, p.value, q.value);
    return derived(value, [p, q], (g) => {
      const [toA, toB] = rule(g, p.value, q.value, value);
      return [
        p.differentiable && toA ? unbroadcast(toA(), p.shape) : undefined,
        q.differentiable && toB ? unbroadcast(toB(), q.shape) : undefined,
      ];
    });
  };

  const unary = (kernel: UnaryKernel, x: Tensor, rule: (g: A, x: A, value: A) => A): Tensor => {
    const p = node(x);
    const value = k.unary(kernel, p.value);
    return derived(value, [p], (g) => [rule(g, p.value, value)]);
  };

  const extremum = (kernel: 'maximum' | 'minimum', wins: 'greater' | 'less', a: Operand, b: Operand): Tensor =>
    binary(kernel, a, b, (g, x, y) => {
      const share = (one: A, other: A) => () =>
        times(g, times(plus(k.binary(wins, one, other), minus(1, k.binary(wins, other, one))), 0.5));
      return [share(x, y), share(y, x)];
    });

  const reduce = (x: Tensor, r: Reduction | undefined): { p: Node<A>; axes: number[]; keep: boolean } => {
    const p = node(x);
    return { p, axes: frontAxes(r?.axis, p.shape.length), keep: r?.keepDims ?? false };
  };

  const sum = (x: Tensor, r?: Reduction): Tensor => {
    const { p, axes, keep } = reduce(x, r);
    return derived(sumOver(p.value, axes, keep), [p], (g) => [spread(g, p.shape, axes)]);
  };

  const transpose = (x: Tensor, permutation?: readonly number[]): Tensor => {
    const p = node(x);
    const rank = p.shape.length;
    const order = (permutation ?? p.shape.map((_, i) => rank - 1 - i)).map((axis) => frontAxis(axis, rank));
    if (new Set(order).size !== rank || order.length !== rank)
      throw mismatch('permutation', `each axis of ${show(p.shape)} once`, show(order));
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return derived(k.transpose(p.value, order), [p], (g) => [k.transpose(g, inverse)]);
  };

  const reshape = (x: Tensor, shape: readonly number[]): Tensor => {
    const p = node(x);
    if (sizeOf(shape) !== sizeOf(p.shape))
      throw mismatch('reshape', `${sizeOf(p.shape)} elements of ${show(p.shape)}`, show(shape));
    return derived(k.reshape(p.value, shape), [p], (g) => [k.reshape(g, p.shape)]);
  };

  /** A reduction by row kernels: the reduced axes go last, each slice is a row. */
  const reduceRows = (forward: RowKernel, backward: RowKernel) => (x: Tensor, r?: Reduction) => {
    const { p, axes, keep } = reduce(x, r);
    if (axes.some((axis) => p.shape[axis] === 0)) throw mismatch('reduction', 'at least one element', show(p.shape));
    const rest = p.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const last = axes.every((axis, i) => axis === rest.length + i) ? p : node(transpose(p, [...rest, ...axes]));
    const outer = rest.map((i) => p.shape[i]!);
    const count = sizeOf(outer);
    const value = k.rows(forward, [last.value], outer, count);
    const reduced = derived(value, [last], (g) => [k.rows(backward, [last.value, value, g], last.shape, count)]);
    return keep ? reshape(reduced, reducedShape(p.shape, axes, true)) : reduced;
  };
  const max = reduceRows(rows.maxRows, rows.maxGradientRows);
  const logSumExp = reduceRows(rows.logSumExpRows, rows.logSumExpGradientRows);

  const matMul: Ops['matMul'] = (a, b, options = {}) => {
    const { transposeA = false, transposeB = false } = options;
    const [p, q] = [node(a), node(b)];
    const [m, inner] = transposeA ? [p.shape.at(-1), p.shape.at(-2)] : [p.shape.at(-2), p.shape.at(-1)];
    const wanted = transposeB ? q.shape.at(-1) : q.shape.at(-2);
    if (p.shape.length < 2 || p.shape.length !== q.shape.length || m === undefined || inner !== wanted)
      throw mismatch('matMul', `a second factor that fits ${show(p.shape)}`, show(q.shape));
    if (!sameShape(p.shape.slice(0, -2), q.shape.slice(0, -2)))
      throw mismatch('matMul', `equal leading dimensions to ${show(p.shape)}`, show(q.shape));
    return derived(k.matMul(p.value, q.value, transposeA, transposeB), [p, q], (g) => [
      p.differentiable
        ? transposeA
          ? k.matMul(q.value, g, transposeB, true)
          : k.matMul(g, q.value, false, !transposeB)
        : undefined,
      q.differentiable
        ? transposeB
          ? k.matMul(g, p.value, true, transposeA)
          : k.matMul(p.value, g, !transposeA, false)
        : undefined,
    ]);
  };

  const concat = (xs: readonly Tensor[], axis: number): Tensor => {
    const parents = xs.map(node);
    const first = parents[0];
    if (!first) throw mismatch('concat', 'at least one tensor', 'none');
    const at = frontAxis(axis, first.shape.length);
    for (const { shape } of parents)
      if (shape.length !== first.shape.length || shape.some((extent, i) => i !== at && extent !== first.shape[i]))
        throw mismatch('concat', `shapes like ${show(first.shape)} but for axis ${at}`, show(shape));
    return derived(
      k.concat(
        parents.map((p) => p.value),
        at,
      ),
      parents,
      (g) => {
        let offset = 0;
        return parents.map((p) => {
          const begin = g.shape.map((_, i) => (i === at ? offset : 0));
          offset += p.shape[at]!;
          return p.differentiable ? k.slice(g, begin, p.shape) : undefined;
        });
      },
    );
  };

  const expandDims = (x: Tensor, axis: number): Tensor => {
    const at = frontAxis(axis, x.shape.length + 1);
    return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  };

  const take = (p: Node<A>, positions: Int32Array, shape: Shape): Tensor =>
    derived(k.take(p.value, positions, shape), [p], (g) => [k.put(g, positions, p.shape)]);

  const matrixPositions = (where: string, rowIndices: Indices, height: number, width: number): Int32Array => {
    if (rowIndices.length !== height) throw mismatch(where, `${height} indices`, String(rowIndices.length));
    return checkedIndices(where, rowIndices, width).map((column, row) => row * width + column);
  };

  /** A map of each row of the last axis; its gradient is a row kernel of x, the value and the upstream gradient. */
  const lastAxis = (x: Tensor, forward: RowKernel, backward: RowKernel, saves: 'x' | 'value', parameter?: number): Tensor => {
    const p = node(x);
    if (p.shape.length === 0) throw mismatch('last axis', 'a tensor of rank ≥ 1', show(p.shape));
    const count = sizeOf(p.shape.slice(0, -1));
    const value = k.rows(forward, [p.value], p.shape, count, parameter);
    const saved = saves === 'x' ? p.value : value;
    return derived(value, [p], (g) => [k.rows(backward, [saved, g], p.shape, count, parameter)]);
  };

  const compare = (kernel: BinaryKernel) => (a: Operand, b: Operand) =>
    constant(k.binary(kernel, valueOf(a), valueOf(b)));

  const gradients = (output: Tensor, inputs: readonly Tensor[], seed?: A): A[] => {
    const end = node(output);
    // What an input can influence was created after it.
    const since = Math.min(...inputs.map((input) => node(input).order));
    const reached = new Set<Node<A>>();
    const pending = [end];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (!next.differentiable || next.order < since || reached.has(next)) continue;
      reached.add(next);
      pending.push(...next.parents);
    }
    const upstream = new Map<Node<A>, A>([[end, seed ?? k.fill(end.shape, 1)]]);
    for (const current of [...reached].sort((a, b) => b.order - a.order)) {
      const g = upstream.get(current);
      if (!g || !current.pull) continue;
      current.pull(g).forEach((gradient, i) => {
        const parent = current.parents[i]!;
        if (!gradient || !reached.has(parent)) return;
        const sofar = upstream.get(parent);
        upstream.set(parent, sofar ? k.binary('add', sofar, gradient) : gradient);
      });
    }
    return inputs.map((input) => upstream.get(node(input)) ?? k.fill(input.shape, 0));
  };

  const ops: Ops = {
    binding,
    tensor(values, shape) {
      if (values.length !== sizeOf(shape)) throw mismatch('tensor', `${sizeOf(shape)} values for ${show(shape)}`, String(values.length));
      return constant(k.tensor(values, shape));
    },
    fill: (shape, value) => constant(k.fill(shape, value)),
    oneHot(indices, depth) {
      const positions = matrixPositions('oneHot', indices, indices.length, depth);
      return constant(k.put(k.fill([indices.length], 1), positions, [indices.length, depth]));
    },

    add: (a, b) => binary('add', a, b, (g) => [() => g, () => g]),
    sub: (a, b) => binary('sub', a, b, (g) => [() => g, () => k.unary('neg', g)]),
    mul: (a, b) => binary('mul', a, b, (g, x, y) => [() => k.chain(g, y), () => k.chain(g, x)]),
    div: (a, b) =>
      binary('div', a, b, (g, _, y, value) => [
        () => k.chain(g, over(1, y)),
        () => k.chain(g, k.unary('neg', over(value, y))),
      ]),
    pow(x, exponent) {
      const p = node(x);
      return derived(k.pow(p.value, exponent), [p], (g) => [
        exponent === 0 ? k.fill(p.shape, 0) : k.chain(g, times(k.pow(p.value, exponent - 1), exponent)),
      ]);
    },
    maximum: (a, b) => extremum('maximum', 'greater', a, b),
    minimum: (a, b) => extremum('minimum', 'less', a, b),
    neg: (x) => unary('neg', x, (g) => k.unary('neg', g)),
    abs: (x) => unary('abs', x, (g, v) => times(g, k.unary('sign', v))),
    square: (x) => unary('square', x, (g, v) => k.chain(g, times(v, 2))),
    sqrt: (x) => unary('sqrt', x, (g, _, y) => k.chain(g, over(0.5, y))),
    exp: (x) => unary('exp', x, (g, _, y) => k.chain(g, y)),
    expm1: (x) => unary('expm1', x, (g, v) => k.chain(g, k.unary('exp', v))),
    log: (x) => unary('log', x, (g, v) => k.chain(g, over(1, v))),
    log1p: (x) => unary('log1p', x, (g, v) => k.chain(g, over(1, plus(v, 1)))),
    sin: (x) => unary('sin', x, (g, v) => k.chain(g, k.unary('cos', v))),
    cos: (x) => unary('cos', x, (g, v) => k.chain(g, k.unary('neg', k.unary('sin', v)))),
    acos: (x) =>
      unary('acos', x, (g, v) => k.chain(g, over(-1, k.unary('sqrt', times(minus(1, v), plus(v, 1)))))),
    atan: (x) => unary('atan', x, (g, v) => k.chain(g, over(1, plus(k.unary('square', v), 1)))),
    tanh: (x) => unary('tanh', x, (g, _, y) => times(g, minus(1, k.unary('square', y)))),
    erf: (x) =>
      unary('erf', x, (g, v) =>
        times(g, times(k.unary('exp', k.unary('neg', k.unary('square', v))), 2 / Math.sqrt(Math.PI))),
      ),
    sigmoid: (x) => unary('sigmoid', x, (g, v, y) => times(g, times(y, k.unary('sigmoid', k.unary('neg', v))))),
    softplus: (x) => unary('softplus', x, (g, v) => times(g, k.unary('sigmoid', v))),
    relu: (x) => unary('relu', x, (g, v) => k.gate(g, v)),
    clip(x, low, high) {
      const p = node(x);
      return derived(k.clip(p.value, low, high), [p], (g) => [
        times(g, times(k.binary('greaterEqual', p.value, scalar(low)), k.binary('lessEqual', p.value, scalar(high)))),
      ]);
    },

    greater: compare('greater'),
    greaterEqual: compare('greaterEqual'),
    less: compare('less'),
    lessEqual: compare('lessEqual'),
    equal: compare('equal'),
    where(condition, a, b) {
      const [c, p, q] = [node(condition), node(a), node(b)];
      const zero = () => scalar(0);
      return derived(k.select(c.value, p.value, q.value), [p, q], (g) => [
        p.differentiable ? unbroadcast(k.select(c.value, g, zero()), p.shape) : undefined,
        q.differentiable ? unbroadcast(k.select(c.value, zero(), g), q.shape) : undefined,
      ]);
    },

    sum,
    mean(x, r) {
      const { p, axes } = reduce(x, r);
      const count = axes.reduce((product, axis) => product * p.shape[axis]!, 1);
      return ops.mul(sum(x, r), 1 / count);
    },
    max,
    min: (x, r) => ops.neg(max(ops.neg(x), r)),
    logSumExp,
    argMax: (x, axis) => recording(false, () => reduceRows(rows.argMaxRows, rows.argMaxRows)(x, { axis })),

    matMul,
    transpose,
    reshape,
    expandDims,
    squeeze(x, axes) {
      const gone = axes ? frontAxes(axes, x.shape.length) : x.shape.map((_, i) => i).filter((i) => x.shape[i] === 1);
      const bad = gone.find((axis) => x.shape[axis] !== 1);
      if (bad !== undefined) throw mismatch('squeeze', `extent 1 on axis ${bad}`, show(x.shape));
      return reshape(x, reducedShape(x.shape, gone, false));
    },
    concat,
    stack: (xs, axis) =>
      concat(
        xs.map((x) => expandDims(x, axis)),
        axis,
      ),
    slice(x, begin, size) {
      const p = node(x);
      const fits =
        begin.length === p.shape.length &&
        size.length === p.shape.length &&
        p.shape.every((extent, i) => begin[i]! >= 0 && size[i]! >= 0 && begin[i]! + size[i]! <= extent);
      if (!fits) throw mismatch('slice', `a block inside ${show(p.shape)}`, `begin ${show(begin)}, size ${show(size)}`);
      return derived(k.slice(p.value, begin, size), [p], (g) => [k.embed(g, begin, p.shape)]);
    },
    gather(x, indices, axis = 0) {
      const p = node(x);
      const at = frontAxis(axis, p.shape.length);
      const { length } = aroundAxis(p.shape, at);
      const checked = checkedIndices('gather', indices, length);
      return derived(k.gather(p.value, checked, at), [p], (g) => [k.scatter(g, checked, at, length)]);
    },
    pick(x, indices) {
      const p = node(x);
      const [height, width] = p.shape;
      if (p.shape.length !== 2) throw mismatch('pick', 'a matrix', show(p.shape));
      return take(p, matrixPositions('pick', indices, height!, width!), [height!]);
    },
    sort(x) {
      const p = node(x);
      if (p.shape.length === 0) throw mismatch('sort', 'a tensor of rank ≥ 1', show(p.shape));
      return take(p, k.argSort(p.value), p.shape);
    },

    softmax: (x) => lastAxis(x, rows.softmaxRows, rows.softmaxGradientRows, 'value'),
    logSoftmax: (x) => lastAxis(x, rows.logSoftmaxRows, rows.logSoftmaxGradientRows, 'value'),
    l2Normalise: (x, eps = 1e-12) => lastAxis(x, rows.normaliseRows, rows.normaliseGradientRows, 'x', eps),

    stopGradient: (x) => constant(k.alias(valueOf(x))),
    customGradient(inputs, forward) {
      const parents = inputs.map(node);
      const { value, backward } = recording(false, () => forward(...parents.map((p) => constant(p.value))));
      return derived(valueOf(value), parents, (g) => {
        const gradients = recording(false, () => backward(constant(g))).map(valueOf);
        if (gradients.length !== parents.length)
          throw mismatch('customGradient', `${parents.length} gradients`, String(gradients.length));
        return gradients;
      });
    },
    gradient(f, x) {
      const at = new Node(k.alias(valueOf(x)), true);
      return constant(gradients(recording(true, () => f(at)), [at])[0]!);
    },
    read: (x) => k.read(valueOf(x)),
    keep(x) {
      const result = node(x);
      k.keep(result.value);
      if (result.pull) kept.push(result);
      return x;
    },
    release: (x) => k.release(valueOf(x)),
  };

  const detachKept = (): void => {
    for (const result of kept) result.detach();
    kept = [];
  };
  return { ops, leaf: (value) => new Node(value, true), valueOf, recording, gradients, detachKept };
}
