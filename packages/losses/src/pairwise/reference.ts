/** The executor that defines what programs mean: float64 loops over all pairs, on any plain arrays. */
import type { Floats } from '../core/kernels.js';
import { sigmoid, softplus } from '../core/special.js';
import type { Statistic } from './declaration.js';
import { FLOOR } from './declaration.js';
import type { BinaryFunction, Mask, UnaryFunction, Value } from './expression.js';
import type { BackwardProgram, ForwardProgram, PairArrays } from './program.js';
import { blocksOf } from './program.js';

export interface Matrix {
  readonly data: Floats;
  readonly rows: number;
  readonly columns: number;
}

type Arrays = Omit<PairArrays<Floats>, 'a' | 'b'> & { readonly a: Matrix; readonly b: Matrix };
type NumberAt = (i: number, j: number, s: number) => number;
type TruthAt = (i: number, j: number, s: number) => boolean;

const unaryFunctions: Record<UnaryFunction, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  relu: (x) => (x > 0 ? x : 0),
  sigmoid,
  softplus,
  acos: Math.acos,
  detach: (x) => x,
};

const binaryFunctions: Record<BinaryFunction, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};

function compileValue(x: Value, arrays: Arrays): NumberAt {
  switch (x.kind) {
    case 'constant':
      return () => x.value;
    case 'score':
      return (_i, _j, s) => s;
    case 'uniform': {
      const value = arrays.uniforms[x.name]!;
      return () => value;
    }
    case 'field': {
      const values = (x.per === 'row' ? arrays.rowFields : arrays.columnFields)[x.name]!;
      return x.per === 'row' ? (i) => values[i]! : (_i, j) => values[j]!;
    }
    case 'unary': {
      const [f, of] = [unaryFunctions[x.f], compileValue(x.x, arrays)];
      return (i, j, s) => f(of(i, j, s));
    }
    case 'binary': {
      const [f, a, b] = [binaryFunctions[x.f], compileValue(x.a, arrays), compileValue(x.b, arrays)];
      return (i, j, s) => f(a(i, j, s), b(i, j, s));
    }
    case 'select': {
      const when = compileMask(x.when, arrays);
      const [yes, no] = [compileValue(x.yes, arrays), compileValue(x.no, arrays)];
      return (i, j, s) => (when(i, j, s) ? yes(i, j, s) : no(i, j, s));
    }
  }
}

function compileMask(x: Mask, arrays: Arrays): TruthAt {
  switch (x.kind) {
    case 'all':
      return () => true;
    case 'sameIndex':
      return (i, j) => i === j;
    case 'before':
      return (i, j) => i < j;
    case 'sameId': {
      const [rows, columns] = [arrays.rowIds[x.row]!, arrays.columnIds[x.column]!];
      return (i, j) => rows[i] === columns[j];
    }
    case 'atPosition': {
      const values = (x.per === 'row' ? arrays.rowFields : arrays.columnFields)[x.name]!;
      return x.per === 'row' ? (i, j) => values[i] === j : (i, j) => values[j] === i;
    }
    case 'member': {
      const { offsets, columns } = arrays.relations[x.relation]!;
      return (i, j) => includes(columns, offsets[i]!, offsets[i + 1]!, j);
    }
    case 'less': {
      const [a, b] = [compileValue(x.a, arrays), compileValue(x.b, arrays)];
      return x.orEqual ? (i, j, s) => a(i, j, s) <= b(i, j, s) : (i, j, s) => a(i, j, s) < b(i, j, s);
    }
    case 'not': {
      const of = compileMask(x.x, arrays);
      return (i, j, s) => !of(i, j, s);
    }
    case 'and':
    case 'or': {
      const [a, b] = [compileMask(x.a, arrays), compileMask(x.b, arrays)];
      return x.kind === 'and' ? (i, j, s) => a(i, j, s) && b(i, j, s) : (i, j, s) => a(i, j, s) || b(i, j, s);
    }
  }
}

/** Binary search in an ascending run of `columns`. */
function includes(columns: Int32Array, from: number, to: number, wanted: number): boolean {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (columns[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < to && columns[low] === wanted;
}

function dot(a: Matrix, i: number, b: Matrix, j: number): number {
  let total = 0;
  for (let k = 0, p = i * a.columns, q = j * b.columns; k < a.columns; k++) total += a.data[p++]! * b.data[q++]!;
  return total;
}

/** Running reduction of one statistic, for every row or column at once. */
interface Running {
  readonly statistic: Statistic;
  readonly of: NumberAt;
  readonly over: TruthAt;
  readonly value: Float64Array;
  /** Σ e^(z − value) for logSumExp, else the position of the winner. */
  readonly extra: Float64Array;
}

function add({ statistic: { kind }, value, extra }: Running, at: number, z: number, position: number): void {
  if (kind === 'sum') value[at]! += z;
  else if (kind === 'logSumExp') {
    if (z === -Infinity) return;
    if (extra[at] === 0 || z > value[at]!) {
      extra[at] = extra[at]! * (extra[at] === 0 ? 0 : Math.exp(value[at]! - z)) + 1;
      value[at] = z;
    } else extra[at]! += Math.exp(z - value[at]!);
  } else if (extra[at] === -1 || (kind === 'max' ? z > value[at]! : z < value[at]!)) {
    value[at] = z;
    extra[at] = position;
  }
}

/** Fills `out` with the blocks of `blocksOf`; rounding is that of its type. */
export function referenceForward(program: ForwardProgram, arrays: Arrays, out: Floats): void {
  const [n, m] = [arrays.a.rows, arrays.b.rows];
  const running = program.statistics.map((statistic): Running => {
    const length = statistic.per === 'row' ? n : m;
    const start = { sum: 0, logSumExp: FLOOR, max: FLOOR, min: -FLOOR }[statistic.kind];
    return {
      statistic,
      of: compileValue(statistic.of, arrays),
      over: compileMask(statistic.over, arrays),
      value: new Float64Array(length).fill(start),
      extra: new Float64Array(length).fill(statistic.kind === 'logSumExp' ? 0 : -1),
    };
  });
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const s = dot(arrays.a, i, arrays.b, j);
      for (const each of running) {
        if (!each.over(i, j, s)) continue;
        const [at, position] = each.statistic.per === 'row' ? [i, j] : [j, i];
        add(each, at, each.of(i, j, s), position);
      }
    }
  for (const { statistic, part, offset, length } of blocksOf(program.statistics, n, m)) {
    const { value, extra, statistic: of } = running[statistic]!;
    for (let at = 0; at < length; at++) {
      if (part === 'position') {
        out[offset + at] = extra[at]!;
        continue;
      }
      const exact = of.kind === 'logSumExp' && extra[at] !== 0 ? value[at]! + Math.log(extra[at]!) : value[at]!;
      const rounded = out instanceof Float32Array ? Math.fround(exact) : exact;
      out[offset + at] = part === 'value' ? rounded : exact - rounded;
    }
  }
}

/** Adds W·B into `da` and Wᵀ·A into `db`, each where given; both must be zero before. They may be one array. */
export function referenceBackward(
  program: BackwardProgram,
  arrays: Arrays,
  da: Float64Array | undefined,
  db: Float64Array | undefined,
): void {
  const weight = compileValue(program.weight, arrays);
  const { a, b } = arrays;
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++) {
      const w = weight(i, j, dot(a, i, b, j));
      if (w === 0) continue;
      const [p, q] = [i * a.columns, j * a.columns];
      if (da) for (let k = 0; k < a.columns; k++) da[p + k]! += w * b.data[q + k]!;
      if (db) for (let k = 0; k < a.columns; k++) db[q + k]! += w * a.data[p + k]!;
    }
}
