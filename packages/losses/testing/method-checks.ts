/** What the tests of methods share: evaluating a named function in both precisions and checking its gradients. */
import { expect } from 'vitest';
import { openSession } from '../src/backend/session.js';
import type { FunctionImplementation, FunctionValue } from '../src/core/define.js';
import { finiteDifference } from '../src/core/finite-difference.js';
import { hostView } from '../src/core/host-kernel.js';
import type { Ops, Tensor } from '../src/core/ops.js';
import { tfjsDifferentiation } from '../src/core/ops-tfjs.js';
import { createTape } from '../src/core/tape.js';

export type Plain = number | readonly number[] | readonly Plain[];
type Inputs = Readonly<Record<string, Plain>>;
type Params = Readonly<Record<string, unknown>>;

export interface Evaluated {
  /** Flat values of every output; a bare tensor is named `value`. */
  readonly outputs: Record<string, number[]>;
  /** The differentiated scalar. */
  readonly loss: number;
  readonly gradients: Record<string, number[]>;
}

export function shapeOf(x: Plain): number[] {
  if (typeof x === 'number') return [];
  return [x.length, ...(x.length > 0 ? shapeOf(x[0] as Plain) : [])];
}

export const flat = (x: Plain): number[] => (typeof x === 'number' ? [x] : (x as readonly Plain[]).flatMap(flat));

const isTensor = (x: unknown): x is Tensor => typeof x === 'object' && x !== null && 'shape' in x;

function run(
  fn: FunctionImplementation,
  inputs: Inputs,
  params: Params,
  ops: Ops,
  leaf: (values: number[], shape: number[]) => Tensor,
) {
  const given: Record<string, unknown> = {};
  const leaves: Record<string, Tensor> = {};
  for (const [name, kind] of Object.entries(fn.inputs)) {
    const input = inputs[name];
    if (input === undefined) throw new Error(`test input ${name} is missing`);
    if (kind === 'tensor') given[name] = leaves[name] = leaf(flat(input), shapeOf(input));
    else given[name] = kind === 'indices' ? Int32Array.from(flat(input)) : input;
  }
  const result = fn.evaluate(ops, given, params);
  const outputs: Record<string, FunctionValue> = isTensor(result) ? { value: result } : result;
  const named = outputs['loss'] ?? outputs['total'] ?? outputs['value'] ?? Object.values(outputs)[0];
  return { leaves, outputs, target: isTensor(named) ? named : undefined };
}

/** In float64, with the gradients of the loss (or of the sum of the first output) in `wanted`. */
export function evaluate(
  fn: FunctionImplementation,
  inputs: Inputs,
  params: Params = {},
  wanted: readonly string[] = [],
): Evaluated {
  const tape = createTape();
  const { leaves, outputs, target } = run(fn, inputs, params, tape, (values, shape) => tape.variable(values, shape));
  const names = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      isTensor(value) ? [...tape.values(value)] : flat(value as Plain),
    ]),
  );
  const gradients = target
    ? tape.gradients(
        target,
        wanted.map((name) => leaves[name]!),
      )
    : [];
  return {
    outputs: names,
    loss: target ? tape.values(target).reduce((sum, value) => sum + value, 0) : NaN,
    gradients: Object.fromEntries(wanted.map((name, i) => [name, [...gradients[i]!]])),
  };
}

/** In float32 on the backend that trains. */
export async function evaluate32(
  fn: FunctionImplementation,
  inputs: Inputs,
  params: Params = {},
  wanted: readonly string[] = [],
): Promise<{ loss: number; gradients: Record<string, number[]> }> {
  const session = await openSession({ backend: 'wasm' });
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  let result = { loss: NaN, gradients: {} as Record<string, number[]> };
  session.tidy(() =>
    recording(true, () => {
      const { leaves, target } = run(fn, inputs, params, ops, (values, shape) =>
        leaf(valueOf(ops.tensor(values, shape))),
      );
      if (!target) throw new Error('nothing to differentiate');
      const slopes = gradients(
        target,
        wanted.map((name) => leaves[name]!),
      );
      result = {
        loss: hostView(valueOf(target)).reduce((sum, value) => sum + value, 0),
        gradients: Object.fromEntries(wanted.map((name, i) => [name, [...hostView(slopes[i]!)]])),
      };
    }),
  );
  return result;
}

/** |actual − expected| ≤ tolerance · max(1, |expected|), element by element. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const error = Math.abs(actual[i]! - e) / Math.max(1, Math.abs(e));
    expect(error, `element ${i}: ${actual[i]} against ${e}`).toBeLessThanOrEqual(tolerance);
  });
}

/** The tape's gradients against finite differences, and TensorFlow.js's float32 value and gradients against both. */
export async function expectDifferentiable(
  fn: FunctionImplementation,
  inputs: Inputs,
  params: Params,
  names: readonly string[],
  tolerance32 = 1e-4,
): Promise<Evaluated> {
  const exact = evaluate(fn, inputs, params, names);
  for (const name of names) {
    const shape = shapeOf(inputs[name]!);
    const at = (values: Float64Array) => evaluate(fn, { ...inputs, [name]: nest([...values], shape) }, params).loss;
    expectClose(exact.gradients[name]!, [...finiteDifference(at, flat(inputs[name]!), 1e-4)], 1e-7);
  }
  const single = await evaluate32(fn, inputs, params, names);
  expectClose([single.loss], [exact.loss], tolerance32);
  for (const name of names) expectClose(single.gradients[name]!, exact.gradients[name]!, tolerance32);
  return exact;
}

/** Row-major values in nested arrays of a shape. */
export function nest(values: readonly number[], shape: readonly number[]): Plain {
  if (shape.length === 0) return values[0]!;
  if (shape.length === 1) return values;
  const [length = 0, ...rest] = shape;
  const size = values.length / Math.max(1, length);
  return Array.from({ length }, (_, i) => nest(values.slice(i * size, (i + 1) * size), rest));
}

/** Repeatable numbers in about (−2, 2) without a tie. */
export function numbers(seed: number, ...shape: number[]): Plain {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, (_, i) => {
    const x = Math.sin((seed + 1) * 12.9898 + (i + 1) * 78.233) * 43758.5453;
    return 4 * (x - Math.floor(x)) - 2;
  });
  return nest(values, shape);
}

export const allZero = (values: readonly number[]): boolean => values.every((value) => value === 0);
export const allFinite = (values: readonly number[]): boolean => values.every(Number.isFinite);
