import { describe, expect, it } from 'vitest';
import * as p from '../index.js';
import type { Statistic } from '../index.js';
import { derivative } from '../derivative.js';
import type { Value } from '../expression.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { PLAN_32, PLAN_64 } from './plan.js';
import { scheduleBackward, scheduleForward } from './schedule.js';

const logits = p.mul(p.score, p.uniform('scale'));
const same = p.and(p.sameId('label', 'label'), p.not(p.sameIndex));
const other = p.not(p.sameId('label', 'label'));
const target = p.sameId('label', 'index');

/** Losses as they are declared: their statistics, and the weight that the gradient of their sum has. */
const losses: Record<string, readonly Statistic[]> = {
  'nt-xent': [
    p.statistic('logSumExp', logits, { over: p.not(p.sameIndex) }),
    p.statistic('sum', logits, { over: p.sameId('partner', 'index') }),
  ],
  'supervised-contrastive': [
    p.statistic('logSumExp', logits, { over: p.not(p.sameIndex) }),
    p.statistic('sum', logits, { over: same }),
  ],
  'multi-similarity-mined': [
    p.statistic('logSumExp', p.mul(p.neg(p.uniform('alpha')), p.sub(p.score, p.uniform('base'))), {
      over: p.and(same, p.less(p.score, p.row('hardest'))),
    }),
    p.statistic('logSumExp', p.mul(p.uniform('beta'), p.sub(p.score, p.uniform('base'))), {
      over: p.and(other, p.greater(p.score, p.row('easiest'))),
    }),
  ],
  'margin-head': [
    p.statistic('logSumExp', p.mul(p.uniform('scale'), p.select(target, p.sub(p.score, p.row('margin')), p.score))),
  ],
};

const weightOf = (statistics: readonly Statistic[]): Value =>
  statistics
    .map(({ kind, of, over }, k) => {
      const soft = p.exp(p.sub(p.sub(of, p.row(`v${k}`)), p.row(`r${k}`)));
      const upstream = p.row(`g${k}`);
      const factor = kind === 'logSumExp' ? p.mul(upstream, soft) : upstream;
      return p.select(over, p.mul(factor, derivative(of, { kind: 'score' })), 0);
    })
    .reduce((a, b) => p.add(a, b));

/** Small register blocks keep the snapshots readable; the epilogue is the same in every tile. */
const plan = { ...PLAN_32, scores: { rows: 16, columns: 16, depth: 8, rowsEach: 4, columnsEach: 4 } };

describe('generated WGSL', () => {
  it.each(Object.keys(losses))('of %s', (name) => {
    const statistics = losses[name]!;
    const shared = name !== 'margin-head';
    const shape = { n: 48, m: shared ? 48 : 100, d: 32, shared, relations: {} };
    const forward = scheduleForward(forwardProgram(name, statistics), shape, plan);
    const backward = scheduleBackward(backwardProgram(name, weightOf(statistics)), shape, { a: true, b: true }, plan);
    for (const { kernel } of [forward.dispatches[0]!, backward.dispatches[0]!])
      expect(kernel.wgsl).toMatchSnapshot(kernel.label);
  });

  it('of the products and the combination', () => {
    const shape = { n: 4096, m: 300, d: 64, shared: false, relations: {} };
    const forward = scheduleForward(forwardProgram('nt-xent', losses['nt-xent']!), shape, plan);
    const backward = scheduleBackward(backwardProgram('plain', p.score), shape, { a: true, b: true }, PLAN_32);
    const kernels = [forward.dispatches[1]!, ...backward.dispatches.slice(1, 4)].map(({ kernel }) => kernel);
    expect(kernels.map(({ label }) => label)).toEqual([
      'statistics: combine',
      'product',
      'transposed product',
      'sum of splits',
    ]);
    for (const { label, wgsl } of kernels) expect(wgsl).toMatchSnapshot(label);
  });

  it('needs at most 16 KiB of workgroup memory and 256 invocations under the default plan, and eight buffers', () => {
    for (const [name, statistics] of Object.entries(losses))
      for (const shared of [true, false]) {
        const shape = { n: 500, m: 500, d: 32, shared, relations: {} };
        const forward = scheduleForward(forwardProgram(name, statistics), shape, PLAN_64);
        const backward = scheduleBackward(
          backwardProgram(name, weightOf(statistics)),
          shape,
          { a: true, b: true },
          PLAN_64,
        );
        for (const { kernel } of [...forward.dispatches, ...backward.dispatches]) {
          expect(kernel.workgroupBytes, kernel.label).toBeLessThanOrEqual(16384);
          expect(kernel.invocations).toBeLessThanOrEqual(256);
          expect(kernel.bindings.length).toBeLessThanOrEqual(8);
        }
      }
  });
});
