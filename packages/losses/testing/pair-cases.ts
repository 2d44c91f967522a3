/** Random pairwise programs and operands for tests of executors: numbers that float32 holds, so that masks are exact. */
import fc from 'fast-check';
import type { Statistic, StatisticKind } from '../src/pairwise/declaration.js';
import type { Mask, Side, Value } from '../src/pairwise/expression.js';
import * as e from '../src/pairwise/expression.js';
import type { Relation } from '../src/pairwise/program.js';
import type { FloatArrays, FloatMatrix } from '../src/pairwise/wasm/engine.js';

const bounded = (x: Value): Value => e.div(x, e.add(1, e.abs(x)));

const leaf: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(e.score) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Value>(e.uniform('u'), e.row('p'), e.column('q'), e.constant(0.5), e.constant(-2)),
  },
);

/** Masks compare leaves alone: these are the same numbers in float32 and float64. */
const maskLeaf: fc.Arbitrary<Mask> = fc.oneof(
  fc.constantFrom<Mask>(
    e.all,
    e.sameIndex,
    e.before,
    e.sameId('x', 'y'),
    e.member('list'),
    e.atPosition('row', 'at'),
    e.atPosition('column', 'at'),
  ),
  fc.tuple(leaf, leaf, fc.boolean()).map(([a, b, even]) => (even ? e.lessEqual(a, b) : e.less(a, b))),
);

export const anyMask: fc.Arbitrary<Mask> = fc.letrec<{ mask: Mask }>((tie) => ({
  mask: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    maskLeaf,
    tie('mask').map(e.not),
    fc.tuple(tie('mask'), tie('mask')).map(([a, b]) => e.and(a, b)),
    fc.tuple(tie('mask'), tie('mask')).map(([a, b]) => e.or(a, b)),
  ),
})).mask;

/** Trees in which every function meets arguments of its domain and no value is huge. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => {
  const pair = fc.tuple(tie('value'), tie('value'));
  return {
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      tie('value').map(e.neg),
      tie('value').map(e.abs),
      tie('value').map(e.relu),
      tie('value').map(e.detach),
      tie('value').map((x) => e.square(bounded(x))),
      tie('value').map((x) => e.sqrt(e.add(1, e.abs(x)))),
      tie('value').map((x) => e.exp(e.mul(2, bounded(x)))),
      tie('value').map((x) => e.log(e.add(1.5, e.abs(x)))),
      tie('value').map(e.sigmoid),
      tie('value').map(e.softplus),
      tie('value').map((x) => e.acos(e.mul(0.9, bounded(x)))),
      pair.map(([a, b]) => e.add(a, b)),
      pair.map(([a, b]) => e.sub(a, b)),
      pair.map(([a, b]) => e.mul(a, bounded(b))),
      pair.map(([a, b]) => e.div(a, e.add(1, e.abs(b)))),
      pair.map(([a, b]) => e.min(a, b)),
      pair.map(([a, b]) => e.max(a, b)),
      fc.tuple(anyMask, tie('value'), tie('value')).map(([mask, a, b]) => e.select(mask, a, b)),
    ),
  };
}).value;

/** Bounds how far rounding of the parts can move a value of such a tree, in units of the rounding. */
export function sensitivity(x: Value): Value {
  switch (x.kind) {
    case 'constant':
    case 'score':
    case 'uniform':
    case 'field':
      return e.abs(x);
    case 'unary':
      return ['neg', 'abs', 'relu', 'detach'].includes(x.f) ? sensitivity(x.x) : e.mul(8, e.add(1, sensitivity(x.x)));
    case 'binary': {
      const [a, b] = [sensitivity(x.a), sensitivity(x.b)];
      return x.f === 'mul' || x.f === 'div' ? e.mul(e.add(1, a), e.add(1, b)) : e.add(a, b);
    }
    case 'select':
      return e.add(sensitivity(x.yes), sensitivity(x.no));
  }
}

export const anyStatistic: fc.Arbitrary<Statistic> = fc.record({
  per: fc.constantFrom<Side>('row', 'column'),
  kind: fc.constantFrom<StatisticKind>('sum', 'logSumExp', 'max', 'min'),
  of: anyValue,
  over: anyMask,
});

const lengths = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 8, 63, 64, 65, 127, 130), fc.integer({ min: 0, max: 140 }));

/** Operands that every program of these trees can read. */
export const anyArrays: fc.Arbitrary<FloatArrays> = fc
  .record({
    n: lengths,
    m: lengths,
    d: fc.constantFrom(1, 2, 3, 4, 7, 8, 9, 16, 33),
    shared: fc.boolean(),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
  })
  .map(({ n, m, d, shared, seed }) => arraysOf(n, shared ? n : m, d, shared, seed));

export function arraysOf(n: number, m: number, d: number, shared: boolean, seed: number): FloatArrays {
  let state = seed;
  const next = (below: number): number => (state = (state * 48271) % 2147483647) % below;
  const halves = (length: number): Float32Array => Float32Array.from({ length }, () => (next(9) - 4) / 2);
  const whole = (length: number, below: number): Int32Array => Int32Array.from({ length }, () => next(below));
  const matrix = (rows: number): FloatMatrix => ({ data: halves(rows * d), rows, columns: d });
  const positions = (length: number, below: number): Float32Array =>
    Float32Array.from({ length }, () => next(below + 1) - 1);
  const a = matrix(n);
  return {
    a,
    b: shared ? a : matrix(m),
    rowFields: { p: halves(n), at: positions(n, m) },
    columnFields: { q: halves(m), at: positions(m, n) },
    rowIds: { x: whole(n, 4) },
    columnIds: { y: whole(m, 4) },
    relations: { list: relation(n, m, next) },
    uniforms: { u: 0.75 },
  };
}

function relation(n: number, m: number, next: (below: number) => number): Relation {
  const rows = Array.from({ length: n }, () => Array.from({ length: m }, (_, j) => j).filter(() => next(4) === 0));
  const offsets = Int32Array.from([0, ...rows.map(({ length }) => length)]);
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  return { offsets, columns: Int32Array.from(rows.flat()) };
}
