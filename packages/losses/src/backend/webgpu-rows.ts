/**
 * The row kernels of core/rows.ts on the webgpu backend. A narrow row is one invocation's, a wide one a workgroup's, which
 * adds by a fixed tree: the order of every sum follows from the shape alone. There are no atomics.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LossError } from '../core/errors.js';
import type { RowKernel } from '../core/kernels.js';
import * as rows from '../core/rows.js';
import type { Shape } from '../core/shape.js';
import { sizeOf } from '../core/shape.js';
import type { Program } from './webgpu-program.js';
import { runProgram } from './webgpu-program.js';

const GROUP = 64;
/** Rows from this width on are shared by the invocations of a workgroup. */
const WIDE = 32;
/** Longest run that one workgroup adds; longer ones are cut, and the parts added by a second pass. */
const RUN = 4096;

/** combine(a, b) over all invocations of the row; every one gets the result. */
function reduction(name: string, type: string, combine: string, lanes: number): string {
  if (lanes === 1) return `fn ${name}(value : ${type}) -> ${type} { return value; }`;
  return `var<workgroup> ${name}Part : array<${type}, ${lanes}>;
fn ${name}(value : ${type}) -> ${type} {
  ${name}Part[localIndex] = value;
  workgroupBarrier();
  for (var span = ${lanes / 2}u; span > 0u; span /= 2u) {
    if (localIndex < span) {
      let a = ${name}Part[localIndex];
      let b = ${name}Part[localIndex + span];
      ${name}Part[localIndex] = ${combine};
    }
    workgroupBarrier();
  }
  let all = ${name}Part[0];
  workgroupBarrier();
  return all;
}`;
}

const GREATER = 'select(select(select(a, b, b > a), b, isnan(b)), a, isnan(a))';
// x = value, y = position: the larger value, of equal ones the first.
const FIRST = 'select(a, b, b.x > a.x || (b.x == a.x && b.y < a.y))';

/** Σ over the row of `term`, a number made of j; `declare` names it. */
const total = (declare: string, term: string): string => `var ${declare}Part = 0.0f;
for (var j = lane; j < width; j += LANES) { ${declare}Part += ${term}; }
let ${declare} = addAll(${declare}Part);`;

const each = (value: string): string =>
  `for (var j = lane; j < width; j += LANES) { let written = ${value}; if (live) { result[at + j] = written; } }`;

const once = (value: string): string => `let written = ${value};\nif (live && lane == 0) { result[row] = written; }`;

const largest = (term: string): string => `var topPart = -uniforms.INFINITY;
for (var j = lane; j < width; j += LANES) { let a = topPart; let b = ${term}; topPart = ${GREATER}; }
let top = largestOf(topPart);`;

/** log-sum-exp of the row in two parts, `top` and `spread`; an infinite or missing maximum is its own sum. */
const logSumExp = `${largest('x[at + j]')}
let plain = isinf(top) || isnan(top);
let shift = select(top, 0.0f, plain);
${total('mass', 'expOf(x[at + j] - shift)')}
let spread = logOf(mass);`;

/** ‖row‖: scaled by its largest element, so that no square leaves the range of float32. */
const norm = `${largest('abs(x[at + j])')}
let unit = select(top, 1.0f, top == 0.0f || isinf(top) || isnan(top));
${total('squares', '(x[at + j] / unit) * (x[at + j] / unit)')}
let norm = unit * sqrt(squares);`;

interface Description {
  readonly inputs: readonly string[];
  readonly code: string;
  readonly routines?: readonly string[];
}

const EXP = ['expOf', 'logOf'];

const kernels = new Map<RowKernel, Description>([
  [
    rows.logSumExpRows,
    { inputs: ['x'], routines: EXP, code: `${logSumExp}\n${once('select(top + spread, top, plain)')}` },
  ],
  [
    rows.logSumExpGradientRows,
    {
      inputs: ['x', 'value', 'upstream'],
      routines: EXP,
      code: `${logSumExp}
let g = upstream[row];
let none = g == 0.0f || value[row] == -uniforms.INFINITY;
${each('select(g * select(expOf(x[at + j] - shift) / mass, expOf(x[at + j] - top), plain), 0.0f, none)')}`,
    },
  ],
  [
    rows.softmaxRows,
    {
      inputs: ['x'],
      routines: EXP,
      code: `${logSumExp}\n${each('select(expOf(x[at + j] - shift) / mass, expOf(x[at + j] - top), plain)')}`,
    },
  ],
  [
    rows.softmaxGradientRows,
    {
      inputs: ['y', 'upstream'],
      code: `${total('inner', 'upstream[at + j] * y[at + j]')}\n${each('y[at + j] * (upstream[at + j] - inner)')}`,
    },
  ],
  [
    rows.logSoftmaxRows,
    {
      inputs: ['x'],
      routines: EXP,
      code: `${logSumExp}\n${each('select((x[at + j] - shift) - spread, x[at + j] - top, plain)')}`,
    },
  ],
  [
    rows.logSoftmaxGradientRows,
    {
      inputs: ['y', 'upstream'],
      routines: ['expOf'],
      code: `${total('sum', 'upstream[at + j]')}\n${each('upstream[at + j] - sum * expOf(y[at + j])')}`,
    },
  ],
  [
    rows.normaliseRows,
    { inputs: ['x'], code: `${norm}\nlet scale = max(norm, uniforms.parameter);\n${each('x[at + j] / scale')}` },
  ],
  [
    rows.normaliseGradientRows,
    {
      inputs: ['x', 'upstream'],
      code: `${norm}
let scale = max(norm, uniforms.parameter);
${total('inner', 'upstream[at + j] * (x[at + j] / scale)')}
let along = select(0.0f, inner, norm > uniforms.parameter);
${each('(upstream[at + j] - along * (x[at + j] / scale)) / scale')}`,
    },
  ],
  [rows.sumRows, { inputs: ['x'], code: `${total('sum', 'x[at + j]')}\n${once('sum')}` }],
  [rows.maxRows, { inputs: ['x'], code: `${largest('x[at + j]')}\n${once('top')}` }],
  [
    rows.maxGradientRows,
    {
      inputs: ['x', 'value', 'upstream'],
      code: `let best = value[row];
${total('winners', 'select(0.0f, 1.0f, x[at + j] == best)')}
let share = upstream[row] / winners;
${each('select(0.0f, share, x[at + j] == best)')}`,
    },
  ],
  [
    rows.argMaxRows,
    {
      inputs: ['x'],
      // A NaN wins in first place and loses in every other, as a comparison that is false makes it.
      code: `var bestPart = vec2<f32>(-uniforms.INFINITY, f32(width));
for (var j = lane; j < width; j += LANES) {
  let v = x[at + j];
  let a = bestPart;
  let b = vec2<f32>(select(v, select(-uniforms.INFINITY, uniforms.INFINITY, j == 0), isnan(v)), f32(j));
  bestPart = ${FIRST};
}
let best = firstOf(bestPart);
${once('best.y')}`,
    },
  ],
]);

function byRows(
  name: string,
  { inputs, code, routines = [] }: Description,
  given: readonly tf.Tensor[],
  shape: Shape,
  count: number,
  parameter: number,
): tf.Tensor {
  const width = given[0]!.size / count;
  const lanes = width < WIDE ? 1 : GROUP;
  const helpers: Program['declarations'] = [
    reduction('addAll', 'f32', 'a + b', lanes),
    reduction('largestOf', 'f32', GREATER, lanes),
    reduction('firstOf', 'vec2<f32>', FIRST, lanes),
  ]
    .filter((text) => code.includes(`${/(\w+)\(value/.exec(text)![1]!}(`))
    .join('\n');
  const uses = code.includes('uniforms.parameter');
  return runProgram(
    {
      name: `rows/${name}/${lanes}`,
      inputs: Object.fromEntries(inputs.map((key, i) => [key, given[i]!])),
      integers: { count, width },
      numbers: uses ? { parameter } : {},
      routines,
      declarations: `const LANES = ${lanes};\n${helpers}`,
      threads: count * lanes,
      workgroup: GROUP,
      // No early return: barriers want every invocation. Those beyond the last row repeat it and write nothing.
      code: `let live = index < uniforms.threads;
let row = min(index, uniforms.threads - 1) / LANES;
let lane = index % LANES;
let width = uniforms.width;
let at = row * width;
${code}`,
    },
    shape,
  );
}

/** Column sums of each row seen as a matrix of `inner` columns, 16 columns by 16 strips of rows a workgroup. */
function sumColumns(x: tf.Tensor, shape: Shape, count: number, inner: number): tf.Tensor {
  const height = x.size / count / inner;
  const parts = Math.ceil(height / RUN);
  const blocks = Math.ceil(inner / 16);
  const sums = runProgram(
    {
      name: 'rows/sumColumns',
      inputs: { x },
      integers: { height, inner, parts, blocks },
      declarations: 'var<workgroup> strips : array<f32, 256>;',
      threads: count * parts * blocks * 256,
      workgroup: 256,
      code: `let live = index < uniforms.threads;
let group = min(index, uniforms.threads - 1) / 256;
let slot = i32(localIndex);
let column = (group % uniforms.blocks) * 16 + slot % 16;
let part = (group / uniforms.blocks) % uniforms.parts;
let row = group / uniforms.blocks / uniforms.parts;
let end = min((part + 1) * ${RUN}, uniforms.height);
var sum = 0.0f;
if (column < uniforms.inner) {
  for (var i = part * ${RUN} + slot / 16; i < end; i += 16) { sum += x[(row * uniforms.height + i) * uniforms.inner + column]; }
}
strips[slot] = sum;
workgroupBarrier();
for (var span = 8; span > 0; span /= 2) {
  if (slot / 16 < span) { strips[slot] += strips[slot + span * 16]; }
  workgroupBarrier();
}
if (live && slot < 16 && column < uniforms.inner) {
  result[(row * uniforms.parts + part) * uniforms.inner + column] = strips[slot];
}`,
    },
    parts === 1 ? shape : [count, parts, inner],
  );
  return parts === 1 ? sums : sumColumns(sums, shape, count, inner);
}

/** Sums of `term`, a number made of j, over runs of each row: [count, runs in a row]. */
function sumRuns(name: string, term: string, x: tf.Tensor, count: number): tf.Tensor {
  const width = x.size / count;
  const parts = Math.ceil(width / RUN);
  return runProgram(
    {
      name: `rows/${name}`,
      inputs: { x },
      integers: { width, parts },
      declarations: `const LANES = ${GROUP};\n${reduction('addAll', 'f32', 'a + b', GROUP)}`,
      threads: count * parts * GROUP,
      workgroup: GROUP,
      code: `let live = index < uniforms.threads;
let run = min(index, uniforms.threads - 1) / LANES;
let lane = index % LANES;
let begin = (run % uniforms.parts) * ${RUN};
let at = (run / uniforms.parts) * uniforms.width + begin;
let width = min(${RUN}, uniforms.width - begin);
${total('sum', term)}
if (live && lane == 0) { result[run] = sum; }`,
    },
    [count, parts],
  );
}

/** 1 where any element of any of the tensors is infinite or NaN, else 0: [1]. */
export function anyNonFinite(xs: readonly tf.Tensor[]): tf.Tensor {
  const flag = 'select(0.0f, 1.0f, isinf(x[at + j]) || isnan(x[at + j]))';
  const flags = xs.map((x) => tf.reshape(sumRuns('nonFinite', flag, x, 1), [-1]));
  const all = tf.concat(flags);
  return tf.minimum(rowsKernel(rows.maxRows, [all], [1], 1, 0), 1);
}

/** The device's counterpart of a row kernel, known by the function itself. Throws UNSUPPORTED for one without. */
export function rowsKernel(
  kernel: RowKernel,
  inputs: readonly tf.Tensor[],
  shape: Shape,
  count: number,
  parameter: number,
): tf.Tensor {
  const [x] = inputs;
  if (sizeOf(shape) === 0) return runProgram({ name: 'none', inputs: {}, code: '' }, shape);
  if (kernel === (rows.sumColumns as RowKernel)) return sumColumns(x!, shape, count, parameter);
  if (kernel === rows.sumRows && x!.size / count > RUN)
    return rowsKernel(kernel, [sumRuns('sumRuns', 'x[at + j]', x!, count)], shape, count, 0);
  const known = kernels.get(kernel);
  if (!known)
    throw new LossError('UNSUPPORTED', `row kernel ${kernel.name}: webgpu has no counterpart of it`, {
      field: 'backend',
      value: 'webgpu',
      allowed: 'wasm, cpu',
    });
  return byRows(kernel.name, known, inputs, shape, count, parameter);
}
