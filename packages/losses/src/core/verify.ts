/**
 * The verifier: a file of numeric cases against the named functions of the methods, in float64 and, where a function is
 * made of tensors, in float32 on the chosen backend too.
 */
import { startBackend } from '../backend/start.js';
import type { BackendName } from '../backend/start.js';
import { methods } from '../registry.js';
import type { Nested } from './define.js';
import type { Evaluation } from './evaluate-function.js';
import { evaluateFunction, evaluateInFloat32, hasTensors } from './evaluate-function.js';
import { firstDifference } from './judge.js';

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
  if (!isRecord(cases))
    tree['(file)'] = [{ fn: '', status: 'failed', message: 'expected an object of case lists by method key' }];
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
    checkCase(given);
    const gradients = [...new Set([...Object.keys(given.grad ?? {}), ...(given.wantGrad ?? [])])];
    const call = { params: given.params ?? {}, inputs: given.inputs ?? {}, gradients };
    const in64 = evaluateFunction(found, call, 'float64');
    return judge(given, in64, hasTensors(found) ? await evaluateInFloat32(found, call) : undefined);
  } catch (error) {
    return { ...given, status: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function checkCase({ params = {}, inputs = {}, grad, wantGrad, tol }: VerifyCase): void {
  if (!isRecord(params) || !isRecord(inputs) || (grad !== undefined && !isRecord(grad)))
    throw new Error('params, inputs and grad are objects by name');
  if (wantGrad !== undefined && !(Array.isArray(wantGrad) && wantGrad.every((name) => typeof name === 'string')))
    throw new Error('wantGrad is a list of names');
  if (tol !== undefined && !(typeof tol === 'number' && tol >= 0))
    throw new Error(`tol must be a number ≥ 0, not ${tol}`);
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
