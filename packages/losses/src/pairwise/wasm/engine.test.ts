import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyArrays, anyMask, anyStatistic, anyValue, arraysOf } from '../../../testing/pair-cases.js';
import type { Backward, Forward } from '../../../testing/pair-reference.js';
import { expectBackward, expectForward } from '../../../testing/pair-reference.js';
import type { StatisticKind } from '../declaration.js';
import { FLOOR, statistic } from '../declaration.js';
import type { BinaryFunction, Mask, Side, UnaryFunction, Value } from '../expression.js';
import * as e from '../expression.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { hasRelaxedSimd } from './code.js';
import type { FloatArrays } from './engine.js';
import { backwardArrays, forwardArrays } from './engine.js';
import { memoryOf, pairMemoryBytes, releasePairMemory } from './memory.js';

/** Whatever a run does not write itself is NaN. */
function poison(): void {
  new Uint8Array(memoryOf(Math.max(1, pairMemoryBytes())).buffer).fill(0xff);
}
const forward: Forward = (...given) => {
  poison();
  return forwardArrays(...given);
};
const backward: Backward = (...given) => {
  poison();
  return backwardArrays(...given);
};

const seed = Date.now() % 2 ** 31;
const kinds: readonly StatisticKind[] = ['sum', 'logSumExp', 'max', 'min'];
const sides: readonly Side[] = ['row', 'column'];

describe(`random programs, seed ${seed}`, () => {
  it('have the statistics of the reference', () => {
    fc.assert(
      fc.property(fc.array(anyStatistic, { minLength: 1, maxLength: 4 }), anyArrays, (statistics, arrays) =>
        expectForward(forward, statistics, arrays),
      ),
      { seed, numRuns: 120 },
    );
  });
  it('have the gradients of the reference', () => {
    fc.assert(
      fc.property(anyValue, anyMask, anyArrays, fc.boolean(), fc.boolean(), (weight, mask, arrays, a, b) =>
        expectBackward(backward, e.select(mask, weight, 0), arrays, { a, b }),
      ),
      { seed, numRuns: 60 },
    );
  });
});

const masks: readonly Mask[] = [
  e.all,
  e.sameIndex,
  e.not(e.sameIndex),
  e.before,
  e.sameId('x', 'y'),
  e.and(e.not(e.sameId('x', 'y')), e.less(e.score, e.row('p'))),
  e.or(e.member('list'), e.before),
  e.member('list'),
  e.atPosition('row', 'at'),
  e.not(e.atPosition('column', 'at')),
  e.lessEqual(e.column('q'), e.score),
];
const bounded = e.div(e.score, e.add(2, e.abs(e.score)));
const unaryFunctions: readonly UnaryFunction[] = [
  'neg',
  'abs',
  'square',
  'sqrt',
  'exp',
  'log',
  'relu',
  'sigmoid',
  'softplus',
  'acos',
  'detach',
];
const binaryFunctions: readonly BinaryFunction[] = ['add', 'sub', 'mul', 'div', 'min', 'max'];
const everyFunction: readonly Value[] = [
  ...unaryFunctions.map((f): Value => ({
    kind: 'unary',
    f,
    x: f === 'log' || f === 'sqrt' ? e.add(1.5, bounded) : bounded,
  })),
  ...binaryFunctions.map((f): Value => ({ kind: 'binary', f, a: e.score, b: e.add(1, e.square(e.row('p'))) })),
  e.select(e.less(e.score, 0), e.column('q'), e.uniform('u')),
];

describe.each([
  { name: 'rectangular', arrays: arraysOf(67, 130, 9, false, seed + 1) },
  { name: 'columns are the rows', arrays: arraysOf(130, 130, 9, true, seed + 2) },
  { name: 'columns are the rows, whole tiles', arrays: arraysOf(128, 128, 8, true, seed + 3) },
])('$name', ({ arrays }) => {
  it('every kind of statistic of rows and columns over every mask', () => {
    for (const over of masks)
      expectForward(
        forward,
        kinds.flatMap((kind) => sides.map((per) => statistic(kind, e.add(e.score, e.row('p')), { per, over }))),
        arrays,
      );
  });
  it('every function', () => {
    for (const of of everyFunction) {
      expectForward(forward, [statistic('sum', of), statistic('logSumExp', of, { per: 'column' })], arrays);
      expectBackward(backward, of, arrays);
    }
  });
});

it.each([
  [0, 3],
  [3, 0],
  [0, 0],
  [1, 1],
  [1, 200],
  [200, 1],
])('%d rows by %d columns', (n, m) => {
  const arrays = arraysOf(n, m, 5, false, seed);
  expectForward(
    forward,
    kinds.flatMap((kind) => sides.map((per) => statistic(kind, e.score, { per }))),
    arrays,
  );
  expectBackward(backward, e.sigmoid(e.score), arrays);
});

it.each([1, 7, 300, 1025])('dot products of length %d', (d) => {
  for (const shared of [false, true]) {
    const arrays = arraysOf(20, shared ? 20 : 37, d, shared, seed);
    expectForward(forward, [statistic('sum', e.score), statistic('max', e.score, { per: 'column' })], arrays);
    expectBackward(backward, e.sigmoid(e.score), arrays);
  }
});

const plain = (data: readonly number[], rows: number): FloatArrays['a'] => ({
  data: Float32Array.from(data),
  rows,
  columns: data.length / rows,
});
const operands = (a: FloatArrays['a'], b: FloatArrays['b']): FloatArrays => ({
  a,
  b,
  rowFields: {},
  columnFields: {},
  rowIds: {},
  columnIds: {},
  relations: {},
  uniforms: {},
});

describe('winners', () => {
  it.each(['max', 'min'] as const)('%s: the first of equals, in any tile', (kind) => {
    for (const shared of [false, true]) {
      const ones = plain(
        Array.from({ length: 150 }, () => 1),
        150,
      );
      const arrays = operands(ones, shared ? ones : plain([...ones.data], 150));
      for (const per of sides) {
        const program = forwardProgram('ties', [statistic(kind, e.score, { per, over: e.not(e.sameIndex) })]);
        const found = forward(program, arrays);
        expect([...found.subarray(150)]).toEqual(Array.from({ length: 150 }, (_, i) => (i === 0 ? 1 : 0)));
      }
    }
  });
  it('may be infinite', () => {
    const arrays = operands(plain([1], 1), plain([1, 2, 3], 3));
    const infinite = forwardProgram('infinite', [statistic('max', e.log(e.mul(0, e.score)))]);
    expect([...forward(infinite, arrays)]).toEqual([-Infinity, 0]);
  });
});

describe('extremes', () => {
  it('log-sum-exp over large scores and over none', () => {
    const arrays = operands(plain([1000, -1000, 0.5], 3), plain([100, 99.999, -100, 3e4], 4));
    expectForward(
      forward,
      [statistic('logSumExp', e.score), statistic('logSumExp', e.score, { over: e.less(e.score, -1e30) })],
      arrays,
    );
    const found = forward(forwardProgram('large', [statistic('logSumExp', e.score)]), arrays);
    expect(found[0]).toBe(3e7);
    expect(FLOOR).toBeLessThan(found[1]!);
  });
  it('the residual of a log-sum-exp has the digits that float32 cuts off', () => {
    const arrays = operands(plain([0], 1), plain([1, 1, 1], 3));
    const [value, residual] = forward(forwardProgram('residual', [statistic('logSumExp', e.score)]), arrays);
    expect(value).toBe(Math.fround(Math.log(3)));
    expect(value! + residual!).toBeCloseTo(Math.log(3), 13);
  });
  it('NaN reaches every statistic of its row and no other row', () => {
    const arrays = operands(plain([1, NaN, 2], 3), plain([1, 2, 3, 4, 5], 5));
    for (const kind of kinds) {
      const found = forward(forwardProgram('nan', [statistic(kind, e.score)]), arrays);
      expect([0, 1, 2].map((i) => Number.isNaN(found[i]))).toEqual([false, true, false]);
    }
    const weights = backward(backwardProgram('nan', e.score), arrays, { a: true, b: false });
    expect([...weights.a!].map(Number.isNaN)).toEqual([false, true, false]);
  });
});

describe('memory', () => {
  it('is linear in the sides, reused, and dropped where it has become far too big', () => {
    releasePairMemory();
    const arrays = arraysOf(1024, 1024, 64, true, 5);
    const program = backwardProgram('bytes', e.score);
    backwardArrays(program, arrays, { a: true, b: false });
    const bytes = pairMemoryBytes();
    expect(bytes).toBeLessThan(5 * 4 * 1024 * 64 + 2 ** 17);
    backwardArrays(program, arrays, { a: true, b: false });
    expect(pairMemoryBytes()).toBe(bytes);
    memoryOf(2 ** 28);
    backwardArrays(program, arrays, { a: true, b: false });
    expect(pairMemoryBytes()).toBe(bytes);
  });
  it('that cannot be addressed is refused', () => {
    expect(() => memoryOf(2 ** 33)).toThrow(/4 GiB/);
  });
});

it.runIf(hasRelaxedSimd())('fused multiply-add is as accurate', () => {
  const arrays = arraysOf(70, 90, 33, false, seed);
  expectForward(
    (program, given) => forwardArrays(program, given, 'relaxed-simd'),
    [statistic('logSumExp', e.score)],
    arrays,
  );
  expectBackward(
    (program, given, want) => backwardArrays(program, given, want, 'relaxed-simd'),
    e.sigmoid(e.score),
    arrays,
  );
});
