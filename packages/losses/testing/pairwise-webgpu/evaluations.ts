/** For tests: programs in float64, and in plain float32, than which a kernel may not be less accurate. */
import type { Mask, Value } from '../../src/pairwise/expression.js';
import type { BackwardProgram, ForwardProgram } from '../../src/pairwise/program.js';
import { blocksOf } from '../../src/pairwise/program.js';
import { referenceBackward, referenceForward } from '../../src/pairwise/reference.js';
import { PairwiseEngine as Engine } from '../../src/pairwise/webgpu/engine.js';
import type { HostArrays } from './device.js';

const matrices = ({ a, b, n, m, d }: HostArrays) => ({
  a: { data: a, rows: n, columns: d },
  b: { data: b ?? a, rows: m, columns: d },
});

/** The same in float64, of the same float32 operands. */
export function exactForward(program: ForwardProgram, host: HostArrays): Float64Array {
  const out = new Float64Array(Engine.forwardLength(program, host.n, host.m));
  referenceForward(program, { ...host, ...matrices(host) }, out);
  return out;
}

export function exactBackward(
  program: BackwardProgram,
  host: HostArrays,
): { da: Float64Array; db: Float64Array | undefined } {
  const da = new Float64Array(host.n * host.d);
  const db = host.b ? new Float64Array(host.m * host.d) : undefined;
  referenceBackward(program, { ...host, ...matrices(host) }, da, db ?? da);
  return { da, db };
}

const r = Math.fround;
const unary: Record<string, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => r(1 / r(1 + r(Math.exp(-x)))),
  softplus: (x) => r(Math.max(x, 0) + r(Math.log1p(r(Math.exp(-Math.abs(x)))))),
  acos: Math.acos,
  detach: (x) => x,
};
const binary = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  min: Math.min,
  max: Math.max,
};

/** An expression of one pair with every operation rounded to float32. */
export function plainValue(x: Value, host: HostArrays, i: number, j: number, s: number): number {
  const at = (y: Value): number => plainValue(y, host, i, j, s);
  switch (x.kind) {
    case 'constant':
      return r(x.value);
    case 'score':
      return s;
    case 'uniform':
      return r(host.uniforms[x.name]!);
    case 'field':
      return x.per === 'row' ? host.rowFields[x.name]![i]! : host.columnFields[x.name]![j]!;
    case 'unary':
      return r(unary[x.f]!(at(x.x)));
    case 'binary':
      return r(binary[x.f](at(x.a), at(x.b)));
    case 'select':
      return plainTruth(x.when, host, i, j, s) ? at(x.yes) : at(x.no);
  }
}

export function plainTruth(x: Mask, host: HostArrays, i: number, j: number, s: number): boolean {
  const truth = (y: Mask): boolean => plainTruth(y, host, i, j, s);
  const at = (y: Value): number => plainValue(y, host, i, j, s);
  switch (x.kind) {
    case 'all':
      return true;
    case 'sameIndex':
      return i === j;
    case 'before':
      return i < j;
    case 'sameId':
      return host.rowIds[x.row]![i] === host.columnIds[x.column]![j];
    case 'atPosition':
      return x.per === 'row' ? host.rowFields[x.name]![i] === j : host.columnFields[x.name]![j] === i;
    case 'member': {
      const { offsets, columns } = host.relations[x.relation]!;
      return columns.subarray(offsets[i]!, offsets[i + 1]!).includes(j);
    }
    case 'less':
      return x.orEqual ? at(x.a) <= at(x.b) : at(x.a) < at(x.b);
    case 'not':
      return !truth(x.x);
    case 'and':
      return truth(x.a) && truth(x.b);
    case 'or':
      return truth(x.a) || truth(x.b);
  }
}

/** S by float32 sums of products, as a matrix product gives it. */
export function plainScores({ a, b, n, m, d }: HostArrays): Float32Array {
  const scores = new Float32Array(n * m);
  const right = b ?? a;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let total = 0;
      for (let k = 0; k < d; k++) total = r(total + r(a[i * d + k]! * right[j * d + k]!));
      scores[i * m + j] = total;
    }
  return scores;
}

export function plainForward(program: ForwardProgram, host: HostArrays): Float32Array {
  const { n, m } = host;
  const scores = plainScores(host);
  const out = new Float32Array(Engine.forwardLength(program, n, m));
  for (const { statistic, part, offset, length } of blocksOf(program.statistics, n, m)) {
    const { per, kind, of, over } = program.statistics[statistic]!;
    for (let at = 0; at < length; at++) {
      const found: (readonly [z: number, position: number])[] = [];
      for (let other = 0; other < (per === 'row' ? m : n); other++) {
        const [i, j] = per === 'row' ? [at, other] : [other, at];
        const s = scores[i * m + j]!;
        if (plainTruth(over, host, i, j, s)) found.push([plainValue(of, host, i, j, s), other]);
      }
      out[offset + at] = part === 'residual' ? 0 : plainStatistic(kind, found)[part === 'value' ? 0 : 1];
    }
  }
  return out;
}

function plainStatistic(kind: string, found: readonly (readonly [number, number])[]): readonly [number, number] {
  if (kind === 'sum') return [found.reduce((total, [z]) => r(total + z), 0), 0];
  if (found.length === 0) return [kind === 'min' ? 1e30 : -1e30, -1];
  const best = found.reduce((x, y) => ((kind === 'min' ? y[0] < x[0] : y[0] > x[0]) ? y : x));
  if (kind !== 'logSumExp') return best;
  return [r(best[0] + r(Math.log(found.reduce((total, [z]) => r(total + r(Math.exp(r(z - best[0])))), 0)))), 0];
}

export function plainBackward(
  program: BackwardProgram,
  host: HostArrays,
): { da: Float32Array; db: Float32Array | undefined } {
  const { a, b, n, m, d } = host;
  const right = b ?? a;
  const scores = plainScores(host);
  const weights = scores.map((s, at) => plainValue(program.weight, host, Math.floor(at / m), at % m, s));
  const da = new Float32Array(n * d);
  const db = new Float32Array(m * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      for (let k = 0; k < d; k++) {
        da[i * d + k] = r(da[i * d + k]! + r(weights[i * m + j]! * right[j * d + k]!));
        db[j * d + k] = r(db[j * d + k]! + r(weights[i * m + j]! * a[i * d + k]!));
      }
  if (b) return { da, db };
  return { da: da.map((x, at) => r(x + db[at]!)), db: undefined };
}

/** ‖x − exact‖ / ‖exact‖ */
export function relativeError(x: ArrayLike<number>, exact: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let k = 0; k < exact.length; k++) {
    difference += (x[k]! - exact[k]!) ** 2;
    size += exact[k]! ** 2;
  }
  return Math.sqrt(difference / Math.max(size, Number.MIN_VALUE));
}

/** The kernel law: at most 1.5 times the error of the plain float32 evaluation, which may happen to be none. */
export const allowedError = (plain: number): number => Math.max(1.5 * plain, 2 ** -22);
