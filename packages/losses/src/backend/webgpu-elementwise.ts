/** Maps of one to three tensors that broadcast, and permutations of axes, on the webgpu backend. */
import type * as tf from '@tensorflow/tfjs-core';
import type { BinaryKernel, UnaryKernel } from '../core/kernels.js';
import type { Shape } from '../core/shape.js';
import { broadcastShape, broadcastStrides, sizeOf } from '../core/shape.js';
import type { Program } from './webgpu-program.js';
import { runProgram } from './webgpu-program.js';

type Strides = ArrayLike<number>;
type Rest = Pick<Program, 'routines' | 'numbers'>;

/** Axes that can be walked as one are merged: what remains decides the shader, few of them serve every shape. */
function merged(shape: Shape, strides: readonly Strides[]): { extents: number[]; steps: number[][] } {
  const extents: number[] = [];
  const steps: number[][] = strides.map(() => []);
  shape.forEach((extent, axis) => {
    if (extent === 1) return;
    const last = extents.length - 1;
    const joins = last >= 0 && strides.every((stride, k) => steps[k]![last] === stride[axis]! * extent);
    if (joins) extents[last]! *= extent;
    else extents.push(extent);
    strides.forEach((stride, k) => {
      if (joins) steps[k]![last] = stride[axis]!;
      else steps[k]!.push(stride[axis]!);
    });
  });
  return { extents, steps };
}

const NAMES = ['a', 'b', 'c'] as const;

/** result[i] = expression of a, b, c, which operand k holds at i · strides[k]. */
function strided(
  name: string,
  expression: string,
  operands: readonly tf.Tensor[],
  strides: readonly Strides[],
  shape: Shape,
  rest: Rest = {},
): tf.Tensor {
  const { extents, steps } = merged(shape, strides);
  const integers: Record<string, number> = {};
  const walk: string[] = [];
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    const position = axis === 0 ? 'rest' : `rest % uniforms.extent${axis}`;
    operands.forEach((_, k) => {
      integers[`step${NAMES[k]!}${axis}`] = steps[k]![axis]!;
      walk.push(`at${NAMES[k]!} += (${position}) * uniforms.step${NAMES[k]!}${axis};`);
    });
    if (axis > 0) {
      integers[`extent${axis}`] = extents[axis]!;
      walk.push(`rest = rest / uniforms.extent${axis};`);
    }
  }
  return runProgram(
    {
      name: `${name}/${extents.length}`,
      inputs: Object.fromEntries(operands.map((x, k) => [`x${NAMES[k]!}`, x])),
      integers,
      ...rest,
      code: `if (index >= uniforms.threads) { return; }
var rest = index;
${operands.map((_, k) => `var at${NAMES[k]!} = 0;`).join('\n')}
${walk.join('\n')}
${operands.map((_, k) => `let ${NAMES[k]!} = x${NAMES[k]!}[at${NAMES[k]!}];`).join('\n')}
result[index] = ${expression};`,
    },
    shape,
  );
}

function broadcast(name: string, expression: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const shape = operands.map((x): Shape => x.shape).reduce(broadcastShape);
  const strides = operands.map((x) => broadcastStrides(x.shape, shape));
  return strided(name, expression, operands, strides, shape);
}

/** One number for each element, from the element alone. */
export const mapped = (name: string, expression: string, x: tf.Tensor, rest?: Rest): tf.Tensor =>
  strided(name, expression, [x], [broadcastStrides(x.shape, x.shape)], x.shape, rest);

const anyNaN = 'select(NAN_FREE, uniforms.NAN, isnan(a) || isnan(b))';

const binaries: Readonly<Record<BinaryKernel | 'chain' | 'gate', string>> = {
  add: 'a + b',
  sub: 'a - b',
  mul: 'a * b',
  div: 'a / b',
  maximum: anyNaN.replace('NAN_FREE', 'max(a, b)'),
  minimum: anyNaN.replace('NAN_FREE', 'min(a, b)'),
  greater: 'select(0.0f, 1.0f, a > b)',
  greaterEqual: 'select(0.0f, 1.0f, a >= b)',
  less: 'select(0.0f, 1.0f, a < b)',
  lessEqual: 'select(0.0f, 1.0f, a <= b)',
  equal: 'select(0.0f, 1.0f, a == b)',
  chain: 'select(a * b, 0.0f, a == 0.0f)',
  gate: 'select(0.0f, a, b > 0.0f)',
};

export const binary = (kernel: BinaryKernel | 'chain' | 'gate', a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  broadcast(kernel, binaries[kernel], [a, b]);

/** a where condition ≠ 0, else b. */
export const select = (condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  broadcast('select', 'select(c, b, a != 0.0f)', [condition, a, b]);

const unaries: Readonly<Record<UnaryKernel, readonly [expression: string, ...routines: string[]]>> = {
  neg: ['-a'],
  abs: ['abs(a)'],
  sign: ['select(sign(a), a, isnan(a))'],
  square: ['a * a'],
  sqrt: ['select(sqrt(a), uniforms.NAN, isnan(a) || a < 0.0f)'],
  exp: ['expOf(a)', 'expOf'],
  expm1: ['expm1Of(a)', 'expm1Of'],
  log: ['logOf(a)', 'logOf'],
  log1p: ['log1pOf(a)', 'log1pOf'],
  sin: ['sinCos(a, 0)', 'sinCos'],
  cos: ['sinCos(a, 1)', 'sinCos'],
  acos: ['acosOf(a)', 'acosOf'],
  atan: ['atanOf(a)', 'atanOf'],
  tanh: ['tanhOf(a)', 'tanhOf'],
  erf: ['erfOf(a)', 'erfOf'],
  sigmoid: ['sigmoidOf(a)', 'sigmoidOf'],
  softplus: ['softplusOf(a)', 'softplusOf'],
  relu: ['select(max(a, 0.0f), a, isnan(a))'],
};

export function unary(kernel: UnaryKernel, x: tf.Tensor): tf.Tensor {
  const [expression, ...routines] = unaries[kernel];
  return mapped(kernel, expression, x, { routines });
}

/** Values between low and high; NaN stays NaN. */
export const clip = (x: tf.Tensor, low: number, high: number): tf.Tensor =>
  mapped('clip', 'select(min(max(a, uniforms.low), uniforms.high), a, isnan(a))', x, { numbers: { low, high } });

/** x^exponent: small whole exponents by multiplication, others by exponential and logarithm. */
export function pow(x: tf.Tensor, exponent: number): tf.Tensor {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 16) {
    const product = Array.from({ length: Math.abs(exponent) }, () => 'a').join(' * ') || '1.0f';
    return mapped(`pow${exponent}`, exponent < 0 ? `1.0f / (${product})` : product, x);
  }
  if (exponent === 0.5) return unary('sqrt', x);
  const even = exponent % 2 === 0;
  const below = !Number.isInteger(exponent) ? 'uniforms.NAN' : `${even ? '' : '-'}powerOf(-a, uniforms.exponent)`;
  return mapped(`pow/${below}`, `select(powerOf(abs(a), uniforms.exponent), ${below}, a < 0.0f)`, x, {
    routines: ['powerOf'],
    numbers: { exponent },
  });
}

/** Axes in the order of `permutation`. */
export function transpose(x: tf.Tensor, permutation: readonly number[]): tf.Tensor {
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  return strided(
    'transpose',
    'a',
    [x],
    [permutation.map((axis) => strides[axis]!)],
    permutation.map((axis) => x.shape[axis]!),
  );
}
