import { describe, expect, it } from 'vitest';
import type { Mask, Statistic, Value } from '../index.js';
import * as p from '../index.js';
import { derivative } from '../derivative.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { PairwiseEngine } from './engine.js';
import { webgpuForTests } from '../../../testing/webgpu.js';
import { judgeBackward, judgeForward, random, SEED, SMALL } from '../../../testing/pairwise-webgpu/law.js';

const gpu = await webgpuForTests();

const { score } = p;
const bounded = p.div(score, p.add(1, p.abs(score)));
const functions: Record<string, Value> = {
  score,
  neg: p.neg(score),
  abs: p.abs(p.sub(score, 0.5)),
  square: p.square(score),
  sqrt: p.sqrt(p.add(0.1, p.square(score))),
  exp: p.exp(p.mul(score, p.uniform('scale'))),
  log: p.log(p.add(0.5, p.square(score))),
  relu: p.relu(p.sub(score, p.uniform('margin'))),
  sigmoid: p.sigmoid(p.mul(4, score)),
  softplus: p.softplus(p.mul(4, score)),
  acos: p.acos(bounded),
  detach: p.mul(p.detach(p.sigmoid(score)), score),
  min: p.min(score, p.column('shift')),
  max: p.max(score, p.row('shift')),
  divide: p.div(p.sub(score, p.row('shift')), p.column('width')),
  select: p.select(p.less(score, 0), p.exp(score), p.log(p.add(score, 1))),
};
const masks: Record<string, Mask> = {
  all: p.all,
  sameId: p.sameId('label', 'label'),
  sameIndex: p.sameIndex,
  before: p.before,
  atRow: p.atPosition('row', 'top'),
  atColumn: p.atPosition('column', 'top'),
  member: p.member('list'),
  less: p.less(score, p.row('shift')),
  lessEqual: p.lessEqual(score, p.column('shift')),
  not: p.not(p.sameIndex),
  and: p.and(p.not(p.sameId('sample', 'index')), p.sameId('label', 'label')),
  or: p.or(p.sameIndex, p.member('list')),
  none: p.less(p.square(score), -1),
};
const kinds = ['sum', 'logSumExp', 'max', 'min'] as const;

const title = `pairwise kernels${gpu ? ` on ${gpu.adapter.description}` : ': no adapter here'}, seed ${SEED}`;
describe.skipIf(!gpu)(title, () => {
  const engine = gpu && new PairwiseEngine(gpu, SMALL, { poison: true });

  describe.each([
    [false, 37, 21, 13],
    [true, 29, 29, 20],
  ] as const)('columns are the rows: %s', (shared, n, m, d) => {
    it.each(Object.keys(masks))('every kind of statistic, per row and per column, over %s', async (mask) => {
      const statistics = (['row', 'column'] as const).flatMap((per) =>
        kinds.map((kind): Statistic =>
          p.statistic(kind, p.mul(score, p.uniform('scale')), { over: masks[mask]!, per }),
        ),
      );
      expect(await judgeForward(engine!, forwardProgram(`mask-${mask}`, statistics), random(n, m, d, shared))).toEqual(
        [],
      );
      const weight = p.select(masks[mask]!, p.add(score, p.row('shift')), 0);
      expect(await judgeBackward(engine!, backwardProgram(`mask-${mask}`, weight), random(n, m, d, shared))).toEqual(
        [],
      );
    });

    it.each(Object.keys(functions))('%s, its sums and its derivative', async (name) => {
      const of = functions[name]!;
      const over = p.not(p.sameIndex);
      const statistics = [p.statistic('sum', of, { over }), p.statistic('logSumExp', of, { over, per: 'column' })];
      expect(
        await judgeForward(engine!, forwardProgram(`function-${name}`, statistics), random(n, m, d, shared)),
      ).toEqual([]);
      const weight = p.select(over, p.mul(p.row('shift'), derivative(of, { kind: 'score' })), 0);
      expect(
        await judgeBackward(engine!, backwardProgram(`function-${name}`, weight), random(n, m, d, shared)),
      ).toEqual([]);
    });
  });
});
