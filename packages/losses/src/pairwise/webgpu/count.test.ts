import { describe, expect, it } from 'vitest';
import * as p from '../index.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { countSchedule, evaluate } from './count.js';
import type { Plan } from './plan.js';
import { PLAN_128, PLAN_32, PLAN_64 } from './plan.js';
import type { Shape } from './schedule.js';
import { scheduleBackward, scheduleForward } from './schedule.js';

const logits = p.mul(p.score, p.uniform('scale'));
const forward = forwardProgram('nt-xent', [
  p.statistic('logSumExp', logits, { over: p.not(p.sameIndex) }),
  p.statistic('sum', logits, { over: p.sameId('partner', 'index') }),
]);
const backward = backwardProgram('nt-xent', p.mul(p.row('g'), p.exp(p.sub(logits, p.row('v')))));

/** Every tile of S reads its rows of both factors once; results are written once. */
function idealForward({ n, m, d }: Shape, { scores }: Plan): { flops: number; bytes: number } {
  return { flops: 2 * n * m * d, bytes: 4 * (n * m * d * (1 / scores.rows + 1 / scores.columns) + 3 * n) };
}

/** S once more, W written once, then read by every column block of each product. */
function idealBackward({ n, m, d, shared }: Shape, { scores, products }: Plan): { flops: number; bytes: number } {
  const score = n * m * d * (1 / scores.rows + 1 / scores.columns) + n * m;
  const count = shared ? 1 : 2;
  // A tile is computed whole, however few of the d columns of a gradient its last one has.
  const wide = Math.ceil(d / products.columns) * products.columns;
  // W is read once for each column of tiles, the factor once for each row of them.
  const product = n * m * (wide / products.columns + d / products.rows);
  return { flops: 2 * n * m * (d + count * wide), bytes: 4 * (score + count * product) };
}

describe.each([
  ['32', PLAN_32],
  ['64', PLAN_64],
  ['128', PLAN_128],
  ['64, f16', { ...PLAN_64, storage: 'f16' }],
  ['64 without prefetch', { ...PLAN_64, prefetch: false }],
] as const)('plan %s', (name, plan: Plan) => {
  it.each([
    [4096, 4096, 128, true],
    [16384, 16384, 512, true],
    [8192, 8192, 768, false],
    [5000, 12000, 200, false],
  ])('n %i m %i d %i: flops and bytes within 1.2 of the ideal tiling', (n, m, d, shared) => {
    const shape: Shape = { n, m, d, shared, relations: {} };
    const f16 = name.includes('f16') ? 0.5 : 1;
    const there = countSchedule(scheduleForward(forward, shape, plan).dispatches);
    const back = countSchedule(scheduleBackward(backward, shape, { a: true, b: !shared }, plan).dispatches);
    const [idealThere, idealBack] = [idealForward(shape, plan), idealBackward(shape, plan)];
    expect(there.flops / idealThere.flops).toBeLessThan(1.2);
    expect(back.flops / idealBack.flops).toBeLessThan(1.2);
    expect(there.flops).toBeGreaterThanOrEqual(idealThere.flops);
    expect(back.flops).toBeGreaterThanOrEqual(idealBack.flops);
    if (f16 === 1) {
      expect(there.bytes / idealThere.bytes).toBeLessThan(1.2);
      expect(back.bytes / idealBack.bytes).toBeLessThan(1.2);
    } else expect(there.bytes / idealThere.bytes).toBeLessThan(0.6 + 0.1);
    expect(there.bytes).toBeGreaterThan(0.99 * f16 * idealThere.bytes);
  });
});

it('extra memory is within a constant times (n + m) · d', () => {
  for (const [n, m, d] of [
    [65536, 65536, 128],
    [262144, 262144, 128],
    [262144, 262144, 768],
    [200000, 50000, 100],
  ] as const) {
    const shape: Shape = { n, m, d, shared: false, relations: {} };
    const { scratch } = scheduleBackward(backward, shape, { a: true, b: true }, PLAN_64);
    const bytes = Object.values(scratch).reduce((a, b) => a + b, 0);
    expect(bytes).toBeLessThanOrEqual(4 * 5 * (n + m) * d);
  }
});

it('whole-number expressions of the kernels', () => {
  const scope = new Map([
    ['p.n', 10],
    ['group.x', 3],
  ]);
  expect(evaluate('min(group.x * 4u + 2u, p.n)', scope)).toBe(10);
  expect(evaluate('(p.n + 5u) / 4u % 2u', scope)).toBe(1);
  expect(evaluate('p.n - unknown', scope)).toBeUndefined();
});
