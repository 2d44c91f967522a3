/** Named functions of a method on plain nested lists, with their gradients: what `verify` and papers' authors call. */
import type * as tf from '@tensorflow/tfjs-core';
import type { FunctionImplementation, Nested } from './define.js';
import type { LossErrorCode } from './errors.js';
import { LossError } from './errors.js';
import { Node } from './graph.js';
import { answersLater, disposeAfter, hostView, readLater } from './host-kernel.js';
import { tfjsKernels } from './kernels-tfjs.js';
import type { Flat } from './nested.js';
import { flatten, nest } from './nested.js';
import { tfjsDifferentiation } from './ops-tfjs.js';
import type { Ops, Tensor } from './ops.js';
import { createTape } from './tape.js';

export interface FunctionCall {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of inputs, parameters or the function's aliases to differentiate by. */
  readonly gradients?: readonly string[];
}

export interface Evaluation {
  /** A number, nested lists, or a record of such by output. */
  readonly value: unknown;
  readonly gradients: Readonly<Record<string, Nested>>;
}

/** Whether the function is made of tensors, so that it exists in float32 too. */
export const hasTensors = (f: FunctionImplementation): boolean => Object.values(f.inputs).includes('tensor');

/**
 * Evaluates a named function and the gradients asked for, in float64 or, with a backend started, in float32.
 * On webgpu float32 is UNSUPPORTED here; `evaluateInFloat32` waits for it.
 * Throws UNKNOWN_PARAM for an unknown or missing input, a parameter that the function never reads and a gradient by
 * nothing, PARAM_RANGE for another value of a constant, DOMAIN and SHAPE_MISMATCH for values that are none, and whatever
 * the function itself refuses.
 */
export function evaluateFunction(
  f: FunctionImplementation,
  call: FunctionCall,
  precision: 'float64' | 'float32',
): Evaluation {
  checkCall(f, call);
  return precision === 'float64' ? inFloat64(f, call) : inFloat32(f, call);
}

/**
 * `evaluateFunction` in float32 on whichever backend has been started. Where values come later than they are asked for,
 * the function is evaluated twice: first to learn what is asked for, then with the answers.
 */
export async function evaluateInFloat32(f: FunctionImplementation, call: FunctionCall): Promise<Evaluation> {
  if (!answersLater()) return evaluateFunction(f, call, 'float32');
  checkCall(f, call);
  const pending: Promise<Float32Array>[] = [];
  inFloat32(f, call, (x) => {
    pending.push(readLater(x));
    return new Float32Array(x.size);
  });
  const answers = await Promise.all(pending);
  return inFloat32(f, call, () => answers.shift()!);
}

function checkCall(f: FunctionImplementation, call: FunctionCall): void {
  for (const [name, only] of Object.entries(f.constants ?? {}))
    if (call.params[name] !== undefined && call.params[name] !== only)
      throw refuse('PARAM_RANGE', `params.${name}`, call.params[name], `"${only}"`);
  const names = Object.keys(f.inputs);
  for (const name of Object.keys(call.inputs))
    if (!names.includes(name)) throw refuse('UNKNOWN_PARAM', name, 'unknown input', names.join(', '));
  for (const name of names)
    if (call.inputs[name] === undefined) throw refuse('UNKNOWN_PARAM', name, 'missing input', names.join(', '));
}

function refuse(code: LossErrorCode, field: string, value: unknown, allowed: string): LossError {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value)?.slice(0, 80) ?? String(value));
  return new LossError(code, `${field}: ${shown}; allowed: ${allowed}`, { field, value, allowed });
}

interface Binding {
  readonly ops: Ops;
  leaf(flat: Flat): Tensor;
  values(x: Tensor): ArrayLike<number>;
  gradients(output: Tensor, leaves: readonly Tensor[]): ArrayLike<number>[];
}

function inFloat64(f: FunctionImplementation, call: FunctionCall): Evaluation {
  const tape = createTape();
  return evaluate(f, call, {
    ops: tape,
    leaf: ({ values, shape }) => tape.variable(values, shape),
    values: (x) => tape.values(x),
    gradients: (output, leaves) => tape.gradients(output, leaves),
  });
}

function inFloat32(
  f: FunctionImplementation,
  call: FunctionCall,
  data: (x: tf.Tensor) => ArrayLike<number> = (x) => hostView(x).slice(),
): Evaluation {
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  return disposeAfter(() =>
    recording(true, () =>
      evaluate(f, call, {
        ops,
        leaf: ({ values, shape }) => leaf(tfjsKernels.tensor(values, shape)),
        values: (x) => data(valueOf(x)),
        gradients: (output, leaves) => gradients(output, leaves).map(data),
      }),
    ),
  );
}

function evaluate(f: FunctionImplementation, call: FunctionCall, binding: Binding): Evaluation {
  const names = call.gradients ?? [];
  const sources = new Set(names.flatMap((name) => sourcesOf(name, f, call)));
  const leaves = new Map<string, Tensor>();
  const leaf = (name: string, value: unknown): Tensor => {
    const made = binding.leaf(flatten(name, value));
    leaves.set(name, made);
    return made;
  };
  const inputs = Object.fromEntries(
    Object.entries(f.inputs).map(([name, kind]) => {
      const value = call.inputs[name];
      if (kind === 'tensor' || sources.has(name)) return [name, leaf(name, value)];
      if (kind === 'indices') return [name, wholeNumbers(name, value)];
      if (kind === 'number' && typeof value !== 'number' && typeof value !== 'boolean')
        throw refuse('DOMAIN', name, value, 'a number');
      return [name, value];
    }),
  );
  const params = Object.fromEntries(
    Object.entries(call.params).map(([name, value]) => [
      name,
      sources.has(name) && !leaves.has(name) ? leaf(name, value) : value,
    ]),
  );
  const known = new Set(Object.keys(f.constants ?? {}));
  const result = f.evaluate(binding.ops, inputs, recordingReads(params, known));
  const unknown = Object.keys(params).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw refuse('UNKNOWN_PARAM', `params.${unknown}`, 'unknown parameter', [...known].join(', ') || 'none');
  const outputs = isTensor(result) ? { value: result } : result;
  const gradients = names.map((name) => [name, gradient(name, f, outputs, leaves, binding)] as const);
  return { value: plain(result, binding), gradients: Object.fromEntries(gradients) };
}

/** The record itself, noting every name that is asked for: a function's parameters are those that it reads. */
function recordingReads<T extends object>(record: T, names: Set<string>): T {
  const note = (...keys: (string | symbol)[]): void => keys.forEach((key) => typeof key === 'string' && names.add(key));
  return new Proxy(record, {
    get: (target, key, receiver) => (note(key), Reflect.get(target, key, receiver)),
    has: (target, key) => (note(key), Reflect.has(target, key)),
    ownKeys: (target) => (note(...Reflect.ownKeys(target)), Reflect.ownKeys(target)),
  });
}

/** The inputs or parameters that a gradient key stands for. */
function sourcesOf(name: string, f: FunctionImplementation, { inputs, params }: FunctionCall): readonly string[] {
  const alias = f.aliases && Object.hasOwn(f.aliases, name) ? f.aliases[name] : undefined;
  if (alias) return alias.of;
  const known = Object.hasOwn(inputs, name) || Object.hasOwn(params, name);
  if (known && f.inputs[name] !== 'indices') return [name];
  // A bracketed suffix describes the shape: `views` names the input `views[N,M,D]`.
  const suffixed = Object.keys(inputs).find((input) => input.startsWith(`${name}[`));
  if (suffixed) return [suffixed];
  throw refuse('UNKNOWN_PARAM', name, 'gradient', 'the name of an input of numbers, a parameter or a derived tensor');
}

function gradient(
  name: string,
  f: FunctionImplementation,
  outputs: Record<string, unknown>,
  leaves: ReadonlyMap<string, Tensor>,
  binding: Binding,
): Nested {
  const alias = f.aliases?.[name];
  const by = alias?.of ?? [leaves.has(name) ? name : [...leaves.keys()].find((leaf) => leaf.startsWith(`${name}[`))!];
  const tensors = by.map((source) => leaves.get(source)!);
  const output = alias?.differentiate?.(outputs, binding.ops) ?? f.differentiate?.(outputs) ?? mainOutput(outputs);
  const nested = binding.gradients(output, tensors).map((values, i) => nest(values, tensors[i]!.shape));
  return alias?.arrange ? alias.arrange(nested) : nested[0]!;
}

function mainOutput(outputs: Record<string, unknown>): Tensor {
  const named = ['loss', 'total', 'value'].map((name) => outputs[name]).find(isTensor);
  const output = named ?? Object.values(outputs).find(isTensor);
  if (!output) throw new LossError('UNSUPPORTED', 'the function gives no tensor, so it has no gradient');
  return output;
}

function isTensor(value: unknown): value is Tensor {
  return value instanceof Node;
}

/** Results as JSON carries them. */
function plain(value: unknown, binding: Binding): unknown {
  if (isTensor(value)) return nest(binding.values(value), value.shape);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map((item) => plain(item, binding));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, binding)]));
  return value;
}

function wholeNumbers(field: string, value: unknown): Int32Array {
  const { values } = flatten(field, value);
  const bad = values.find((item) => (item | 0) !== item);
  if (bad !== undefined) throw refuse('DOMAIN', field, bad, 'whole numbers');
  return Int32Array.from(values);
}
