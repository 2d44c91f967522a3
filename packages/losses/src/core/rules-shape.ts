/** Operations that move, join and multiply, and their derivatives. */
import type { Calculus } from './calculus.js';
import { convolutionGeometry } from './convolution.js';
import type { Node } from './graph.js';
import { checkedIndices } from './indexing.js';
import type { Shaped, Window } from './kernels.js';
import type { Indices, Ops, Tensor } from './ops.js';
import type { Shape } from './shape.js';
import { frontAxes, frontAxis, mismatch, reducedShape, sameShape, show, sizeOf } from './shape.js';

type ShapeOps = Pick<
  Ops,
  | 'oneHot'
  | 'matMul'
  | 'conv2d'
  | 'depthwiseConv2d'
  | 'transpose'
  | 'reshape'
  | 'expandDims'
  | 'squeeze'
  | 'concat'
  | 'stack'
  | 'slice'
  | 'gather'
  | 'pick'
  | 'sort'
>;

export function shapeOps<A extends Shaped>({ graph }: Calculus<A>): ShapeOps {
  const k = graph.kernels;

  const matMul: Ops['matMul'] = (a, b, { transposeA = false, transposeB = false } = {}) => {
    const [p, q] = [graph.node(a), graph.node(b)];
    const inner = p.shape.at(transposeA ? -2 : -1);
    const fits = p.shape.length >= 2 && p.shape.length === q.shape.length && inner === q.shape.at(transposeB ? -1 : -2);
    if (!fits) throw mismatch('matMul', `a second factor that fits ${show(p.shape)}`, show(q.shape));
    if (!sameShape(p.shape.slice(0, -2), q.shape.slice(0, -2)))
      throw mismatch('matMul', `equal leading dimensions to ${show(p.shape)}`, show(q.shape));
    const toA = (g: A): A =>
      transposeA ? k.matMul(q.value, g, transposeB, true) : k.matMul(g, q.value, false, !transposeB);
    const toB = (g: A): A =>
      transposeB ? k.matMul(g, p.value, true, transposeA) : k.matMul(p.value, g, !transposeA, false);
    return graph.derived(k.matMul(p.value, q.value, transposeA, transposeB), [p, q], (g) => [
      p.differentiable ? toA(g) : undefined,
      q.differentiable ? toB(g) : undefined,
    ]);
  };

  const convolution =
    (depthwise: boolean): Ops['conv2d'] =>
    (x, filter, { strides = 1, pad = 'same' } = {}) => {
      const [p, q] = [graph.node(x), graph.node(filter)];
      const window: Window = {
        strides: typeof strides === 'number' ? [strides, strides] : strides,
        dilations: [1, 1],
        pad,
      };
      convolutionGeometry(p.shape, q.shape, window, depthwise);
      return graph.derived(k.convolve(p.value, q.value, window, depthwise), [p, q], (g) => [
        p.differentiable ? k.convolveInputGradient(g, q.value, p.shape, window, depthwise) : undefined,
        q.differentiable ? k.convolveFilterGradient(p.value, g, q.shape, window, depthwise) : undefined,
      ]);
    };

  const transpose: Ops['transpose'] = (x, permutation) => {
    const p = graph.node(x);
    const rank = p.shape.length;
    const order = (permutation ?? p.shape.map((_, i) => rank - 1 - i)).map((axis) => frontAxis(axis, rank));
    if (new Set(order).size !== rank || order.length !== rank)
      throw mismatch('permutation', `each axis of ${show(p.shape)} once`, show(order));
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return graph.derived(k.transpose(p.value, order), [p], (g) => [k.transpose(g, inverse)]);
  };

  const reshape: Ops['reshape'] = (x, shape) => {
    const p = graph.node(x);
    if (sizeOf(shape) !== sizeOf(p.shape))
      throw mismatch('reshape', `${sizeOf(p.shape)} elements of ${show(p.shape)}`, show(shape));
    return graph.derived(k.reshape(p.value, shape), [p], (g) => [k.reshape(g, p.shape)]);
  };

  const concat: Ops['concat'] = (xs, axis) => {
    const parents = xs.map((x) => graph.node(x));
    const first = parents[0];
    if (!first) throw mismatch('concat', 'at least one tensor', 'none');
    const at = frontAxis(axis, first.shape.length);
    for (const { shape } of parents)
      if (shape.length !== first.shape.length || shape.some((extent, i) => i !== at && extent !== first.shape[i]))
        throw mismatch('concat', `shapes like ${show(first.shape)} but for axis ${at}`, show(shape));
    const arrays = parents.map((parent) => parent.value);
    return graph.derived(k.concat(arrays, at), parents, (g) => {
      let offset = 0;
      return parents.map((parent) => {
        const begin = g.shape.map((_, i) => (i === at ? offset : 0));
        offset += parent.shape[at]!;
        return parent.differentiable ? k.slice(g, begin, parent.shape) : undefined;
      });
    });
  };

  const expandDims: Ops['expandDims'] = (x, axis) => {
    const at = frontAxis(axis, x.shape.length + 1);
    return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  };

  const take = (p: Node<A>, positions: Int32Array, shape: Shape): Tensor =>
    graph.derived(k.take(p.value, positions, shape), [p], (g) => [k.put(g, positions, p.shape)]);

  /** Flat positions of (row, indices[row]) in a matrix. */
  const inRows = (where: string, indices: Indices, height: number, width: number): Int32Array => {
    if (indices.length !== height) throw mismatch(where, `${height} indices`, String(indices.length));
    return checkedIndices(where, indices, width).map((column, row) => row * width + column);
  };

  return {
    oneHot(indices, depth) {
      const positions = inRows('oneHot', indices, indices.length, depth);
      return graph.constant(k.put(k.fill([indices.length], 1), positions, [indices.length, depth]));
    },
    matMul,
    conv2d: convolution(false),
    depthwiseConv2d: convolution(true),
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
    stack(xs, axis) {
      const layers = xs.map((x) => expandDims(x, axis));
      return concat(layers, axis);
    },
    slice(x, begin, size) {
      const p = graph.node(x);
      const fits =
        begin.length === p.shape.length &&
        size.length === p.shape.length &&
        p.shape.every((extent, i) => begin[i]! >= 0 && size[i]! >= 0 && begin[i]! + size[i]! <= extent);
      if (!fits) throw mismatch('slice', `a block inside ${show(p.shape)}`, `begin ${show(begin)}, size ${show(size)}`);
      return graph.derived(k.slice(p.value, begin, size), [p], (g) => [k.embed(g, begin, p.shape)]);
    },
    gather(x, indices, axis = 0) {
      const p = graph.node(x);
      const at = frontAxis(axis, p.shape.length);
      const length = p.shape[at]!;
      const checked = checkedIndices('gather', indices, length);
      return graph.derived(k.gather(p.value, checked, at), [p], (g) => [k.scatter(g, checked, at, length)]);
    },
    pick(x, indices) {
      const p = graph.node(x);
      const [height, width] = p.shape;
      if (p.shape.length !== 2) throw mismatch('pick', 'a matrix', show(p.shape));
      return take(p, inRows('pick', indices, height!, width!), [height!]);
    },
    sort(x) {
      const p = graph.node(x);
      if (p.shape.length === 0) throw mismatch('sort', 'a tensor of rank ≥ 1', show(p.shape));
      const { sorted, unsort } = k.sortRows(p.value);
      return graph.derived(sorted, [p], (g) => [unsort(g)]);
    },
  };
}
