/**
 * Moving elements by indices on the webgpu backend. Adding where indices repeat goes by destination: the host knows the
 * indices, so it groups them, and each destination adds its sources in their order, without atomics.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../core/shape.js';
import { aroundAxis, sizeOf } from '../core/shape.js';
import { indexTensor, runProgram } from './webgpu-program.js';

const fill = (shape: Shape, value: number): tf.Tensor =>
  tf.engine().runKernel('Fill', {}, { shape: [...shape], value, dtype: 'float32' }) as tf.Tensor;

const guard = 'if (index >= uniforms.threads) { return; }';

export function gather(x: tf.Tensor, indices: Int32Array, axis: number): tf.Tensor {
  const { length, inner } = aroundAxis(x.shape, axis);
  return runProgram(
    {
      name: 'gather',
      inputs: { x, indices: indexTensor(indices) },
      integers: { length, inner, count: indices.length },
      code: `${guard}
let k = index % uniforms.inner;
let i = index / uniforms.inner;
let o = i / uniforms.count;
result[index] = x[(o * uniforms.length + indices[i % uniforms.count]) * uniforms.inner + k];`,
    },
    x.shape.map((extent, i) => (i === axis ? indices.length : extent)),
  );
}

/** Sources of each distinct destination: `places[u]` takes the sources order[starts[u]] … order[starts[u + 1] − 1]. */
function grouped(destinations: Int32Array): { places: Int32Array; starts: Int32Array; order: Int32Array } {
  const order = Int32Array.from(destinations.keys()).sort((p, q) => destinations[p]! - destinations[q]! || p - q);
  const places: number[] = [];
  const starts: number[] = [];
  order.forEach((source, i) => {
    if (destinations[source] === places.at(-1)) return;
    places.push(destinations[source]!);
    starts.push(i);
  });
  return { places: Int32Array.from(places), starts: Int32Array.from([...starts, order.length]), order };
}

/** Adds slices of x, [outer, destinations, inner], into zeros [outer, length, inner]. */
function scattered(
  x: tf.Tensor,
  destinations: Int32Array,
  around: ReturnType<typeof aroundAxis>,
  shape: Shape,
): tf.Tensor {
  const zeros = fill(shape, 0);
  if (x.size === 0 || zeros.size === 0) return zeros;
  const { places, starts, order } = grouped(destinations);
  const { outer, length, inner } = around;
  return runProgram(
    {
      name: 'scatter',
      inputs: { x, places: indexTensor(places), starts: indexTensor(starts), order: indexTensor(order) },
      integers: { length, inner, count: destinations.length, distinct: places.length },
      into: zeros,
      threads: outer * places.length * inner,
      code: `${guard}
let k = index % uniforms.inner;
let u = (index / uniforms.inner) % uniforms.distinct;
let o = index / uniforms.inner / uniforms.distinct;
var sum = 0.0f;
for (var i = starts[u]; i < starts[u + 1]; i++) { sum += x[(o * uniforms.count + order[i]) * uniforms.inner + k]; }
result[(o * uniforms.length + places[u]) * uniforms.inner + k] = sum;`,
    },
    shape,
  );
}

export function scatter(x: tf.Tensor, indices: Int32Array, axis: number, length: number): tf.Tensor {
  const shape = x.shape.map((extent, i) => (i === axis ? length : extent));
  return scattered(x, indices, aroundAxis(shape, axis), shape);
}

const taken = (x: tf.Tensor, positions: tf.Tensor, shape: Shape): tf.Tensor =>
  runProgram({ name: 'take', inputs: { x, positions }, code: `${guard}\nresult[index] = x[positions[index]];` }, shape);

export const take = (x: tf.Tensor, positions: Int32Array, shape: Shape): tf.Tensor =>
  taken(x, indexTensor(positions), shape);

export const put = (x: tf.Tensor, positions: Int32Array, shape: Shape): tf.Tensor =>
  scattered(x, positions, { outer: 1, length: sizeOf(shape), inner: 1 }, shape);

/**
 * Each row ascending, stable, NaN last. By counting: the place of an element is the number of those before it, so every
 * element costs `width` comparisons and none waits for another. Positions stay on the device.
 */
export function sortRows(x: tf.Tensor): { sorted: tf.Tensor; unsort(y: tf.Tensor): tf.Tensor } {
  const positions = runProgram(
    {
      name: 'argSort',
      inputs: { x },
      dtype: 'int32',
      integers: { width: x.shape.at(-1)! },
      code: `${guard}
let j = index % uniforms.width;
let at = index - j;
let v = x[index];
var before = 0;
for (var k = 0; k < uniforms.width; k++) {
  let w = x[at + k];
  let smaller = (w < v) || (isnan(v) && !isnan(w));
  let same = (w == v) || (isnan(v) && isnan(w));
  before += select(0, 1, smaller || (same && k < j));
}
result[at + before] = index;`,
    },
    x.shape,
  );
  return {
    sorted: taken(x, positions, x.shape),
    // A permutation has nothing to add, so every place is written once.
    unsort: (y) =>
      runProgram(
        { name: 'unsort', inputs: { y, positions }, code: `${guard}\nresult[positions[index]] = y[index];` },
        x.shape,
      ),
  };
}

/** Rows of a matrix at positions [k] of the device; those outside are brought to the nearest row. */
export const gatherAt = (x: tf.Tensor, positions: tf.Tensor): tf.Tensor =>
  runProgram(
    {
      name: 'gatherAt',
      inputs: { x, positions },
      integers: { rows: x.shape[0]!, inner: x.shape[1]! },
      code: `${guard}
let row = clamp(i32(positions[index / uniforms.inner]), 0, uniforms.rows - 1);
result[index] = x[row * uniforms.inner + index % uniforms.inner];`,
    },
    [positions.size, x.shape[1]!],
  );

/** Adds the rows of x [k, d] into zeros [rows, d]; every row looks through the positions, in their order. */
export function scatterAt(x: tf.Tensor, positions: tf.Tensor, rows: number): tf.Tensor {
  const [count, inner] = x.shape as [number, number];
  if (count === 0) return fill([rows, inner], 0);
  return runProgram(
    {
      name: 'scatterAt',
      inputs: { x, positions },
      integers: { count, rows, inner },
      code: `${guard}
let row = index / uniforms.inner;
var sum = 0.0f;
for (var i = 0; i < uniforms.count; i++) {
  if (clamp(i32(positions[i]), 0, uniforms.rows - 1) == row) { sum += x[i * uniforms.inner + index % uniforms.inner]; }
}
result[index] = sum;`,
    },
    [rows, inner],
  );
}
