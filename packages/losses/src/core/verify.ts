/**
 * The verifier: a file of numeric cases against the named functions of the methods, in float64 and, where a function is
 * made of tensors, in float32 on the chosen backend too.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../backend/start.js';
import type { BackendName } from '../backend/start.js';
import { methods } from '../registry.js';
import type { FunctionImplementation, Nested } from './define.js';
import { Node } from './differentiate.js';
import { disposeAfter, hostView } from './host-kernel.js';
import { firstDifference } from './judge.js';
import { tfjsKernels } from './kernels-tfjs.js';
import type { Flat } from './nested.js';
import { flatten, nest } from './nested.js';
import { tfjsDifferentiation } from './ops-tfjs.js';
import type { Ops, Tensor } from './ops.js';
import { createTape } from './tape.js';

/** One case of `{key: [case, …]}`. */
export interface VerifyCase {
  readonly fn: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What the function gives; absent: computed, not judged. */
  readonly expected?: unknown;
  /** Gradients by the name of an input, a parameter or an alias; judged. */
  readonly grad?: Readonly<Record<string, unknown>>;
  /** Gradients to compute without judging them. */
  readonly wantGrad?: readonly string[];
  /** Float64 tolerance; default 1e-6. Float32 is judged with max(tol, 1e-4). */
  readonly tol?: number;
}

export interface VerifiedCase extends VerifyCase {
  /** `computed`: nothing was expected. `skipped`: the method is not in this registry. */
  readonly status: 'passed' | 'failed' | 'computed' | 'skipped';
  readonly message?: string;
  readonly actual?: unknown;
  readonly actualGrad?: Readonly<Record<string, Nested>>;
  readonly actual32?: unknown;
  readonly actualGrad32?: Readonly<Record<string, Nested>>;
}

export interface VerifyReport {
  readonly cases: Readonly<Record<string, readonly VerifiedCase[]>>;
  readonly passed: number;
  readonly failed: number;
  readonly computed: number;
  readonly skipped: number;
}

/**
 * Runs every case; a case that cannot be run is a failed case with a message, never an exception.
 *
 * @param cases the parsed file: lists of cases by method key
 * @throws LossError NO_BACKEND if the backend does not start
 */
export async function verifyCases(cases: unknown, options: { backend?: BackendName } = {}): Promise<VerifyReport> {
  await startBackend(options.backend ?? 'wasm');
  const tree: Record<string, VerifiedCase[]> = {};
  const entries = isRecord(cases) ? Object.entries(cases) : [];
  if (!isRecord(cases)) tree['(file)'] = [{ fn: '', status: 'failed', message: 'expected an object of case lists by method key' }];
  for (const [key, list] of entries) {
    const results: VerifiedCase[] = [];
    for (const item of Array.isArray(list) ? list : [list]) results.push(await verifyCase(key, item));
    tree[key] = results;
  }
  const all = Object.values(tree).flat();
  const count = (status: VerifiedCase['status']): number => all.filter((result) => result.status === status).length;
  return {
    cases: tree,
    passed: count('passed'),
    failed: count('failed'),
    computed: count('computed'),
    skipped: count('skipped'),
  };
}

async function verifyCase(key: string, item: unknown): Promise<VerifiedCase> {
  if (!isRecord(item) || typeof item['fn'] !== 'string')
    return { fn: '', status: 'failed', message: `${key}: a case is an object with the name of a function in \`fn\`` };
  const given = item as unknown as VerifyCase;
  const method = methods.find((definition) => definition.key === key);
  if (!method) return { ...given, status: 'skipped', message: `${key} is not in this registry` };
  try {
    const { functions } = await method.load();
    const found = Object.hasOwn(functions, given.fn) ? functions[given.fn] : undefined;
    if (!found) throw new Error(`${key} has no function ${given.fn}; it has ${Object.keys(functions).join(', ')}`);
    checkCase(given, found);
    return judge(given, evaluateFloat64(given, found), hasTensors(found) ? evaluateFloat32(given, found) : undefined);
  } catch (error) {
    return { ...given, status: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

const hasTensors = (f: FunctionImplementation): boolean => Object.values(f.inputs).includes('tensor');

function checkCase({ params = {}, inputs = {}, grad, wantGrad, tol }: VerifyCase, f: FunctionImplementation): void {
  if (!isRecord(params) || !isRecord(inputs) || (grad !== undefined && !isRecord(grad)))
    throw new Error('params, inputs and grad are objects by name');
  if (wantGrad !== undefined && !(Array.isArray(wantGrad) && wantGrad.every((name) => typeof name === 'string')))
    throw new Error('wantGrad is a list of names');
  if (tol !== undefined && !(typeof tol === 'number' && tol >= 0)) throw new Error(`tol must be a number ≥ 0, not ${tol}`);
  for (const [name, only] of Object.entries(f.constants ?? {}))
    if (params[name] !== undefined && params[name] !== only)
      throw new Error(`params.${name} can only be "${only}", not ${JSON.stringify(params[name])}`);
  for (const name of Object.keys(inputs))
    if (!Object.hasOwn(f.inputs, name)) throw new Error(`unknown input ${name}; inputs are ${Object.keys(f.inputs).join(', ')}`);
  for (const name of Object.keys(f.inputs)) if (inputs[name] === undefined) throw new Error(`input ${name} is missing`);
}

interface Evaluation {
  readonly value: unknown;
  readonly gradients: Readonly<Record<string, Nested>>;
}

function judge(given: VerifyCase, in64: Evaluation, in32: Evaluation | undefined): VerifiedCase {
  const tolerance = given.tol ?? 1e-6;
  const differences = [
    compare(given, in64, tolerance, 'float64'),
    in32 && compare(given, in32, Math.max(tolerance, 1e-4), 'float32'),
  ].filter((difference) => difference !== undefined);
  const judged = given.expected !== undefined || given.grad !== undefined;
  const wants = given.grad !== undefined || given.wantGrad !== undefined;
  return {
    ...given,
    status: differences.length > 0 ? 'failed' : judged ? 'passed' : 'computed',
    ...(differences.length > 0 ? { message: differences.join('; ') } : {}),
    actual: in64.value,
    ...(wants ? { actualGrad: in64.gradients } : {}),
    ...(in32 ? { actual32: in32.value } : {}),
    ...(in32 && wants ? { actualGrad32: in32.gradients } : {}),
  };
}

function compare(given: VerifyCase, { value, gradients }: Evaluation, tolerance: number, precision: string) {
  const found =
    (given.expected === undefined ? undefined : firstDifference(value, given.expected, tolerance)) ??
    (given.grad === undefined ? undefined : firstDifference(gradients, given.grad, tolerance, 'grad'));
  return found && `${precision}: ${found}`;
}

interface Binding {
  readonly ops: Ops;
  leaf(flat: Flat): Tensor;
  values(x: Tensor): ArrayLike<number>;
  gradients(output: Tensor, leaves: readonly Tensor[]): ArrayLike<number>[];
}

function evaluateFloat64(given: VerifyCase, f: FunctionImplementation): Evaluation {
  const tape = createTape();
  return evaluate(given, f, {
    ops: tape,
    leaf: ({ values, shape }) => tape.variable(values, shape),
    values: (x) => tape.values(x),
    gradients: (output, leaves) => tape.gradients(output, leaves),
  });
}

function evaluateFloat32(given: VerifyCase, f: FunctionImplementation): Evaluation {
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  const data = (x: tf.Tensor): ArrayLike<number> => hostView(x).slice();
  return disposeAfter(() =>
    recording(true, () =>
      evaluate(given, f, {
        ops,
        leaf: ({ values, shape }) => leaf(tfjsKernels.tensor(values, shape)),
        values: (x) => data(valueOf(x)),
        gradients: (output, leaves) => gradients(output, leaves).map(data),
      }),
    ),
  );
}

function evaluate(given: VerifyCase, f: FunctionImplementation, binding: Binding): Evaluation {
  const names = [...new Set([...Object.keys(given.grad ?? {}), ...(given.wantGrad ?? [])])];
  const sources = new Set(names.flatMap((name) => sourcesOf(name, given, f)));
  const leaves = new Map<string, Tensor>();
  const leaf = (name: string, value: unknown): Tensor => {
    const made = binding.leaf(flatten(name, value));
    leaves.set(name, made);
    return made;
  };
  const inputs = Object.fromEntries(
    Object.entries(f.inputs).map(([name, kind]) => {
      const value = given.inputs?.[name];
      if (kind === 'tensor' || sources.has(name)) return [name, leaf(name, value)];
      if (kind === 'indices') return [name, Int32Array.from(flatten(name, value).values)];
      if (kind === 'number' && typeof value !== 'number' && typeof value !== 'boolean')
        throw new Error(`input ${name} must be a number, not ${JSON.stringify(value)?.slice(0, 80)}`);
      return [name, value];
    }),
  );
  const params = Object.fromEntries(
    Object.entries(given.params ?? {}).map(([name, value]) => [
      name,
      sources.has(name) && !leaves.has(name) ? leaf(name, value) : value,
    ]),
  );
  const result = f.evaluate(binding.ops, inputs, params);
  const outputs = isTensor(result) ? { value: result } : result;
  const gradients = names.map((name) => [name, gradient(name, f, outputs, leaves, binding)] as const);
  return { value: plain(result, binding), gradients: Object.fromEntries(gradients) };
}

/** The inputs or parameters that a gradient key stands for. */
function sourcesOf(name: string, { inputs = {}, params = {} }: VerifyCase, f: FunctionImplementation): readonly string[] {
  const alias = f.aliases && Object.hasOwn(f.aliases, name) ? f.aliases[name] : undefined;
  if (alias) return alias.of;
  if (Object.hasOwn(inputs, name) || Object.hasOwn(params, name)) return [name];
  // A bracketed suffix describes the shape: `views` names the input `views[N,M,D]`.
  const suffixed = Object.keys(inputs).find((input) => input.startsWith(`${name}[`));
  if (suffixed) return [suffixed];
  throw new Error(`no gradient by ${name}: it names no input, parameter or derived tensor`);
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
  if (!output) throw new Error('the function gives no tensor, so it has no gradient');
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
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, binding)]));
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
