import { describe, expect, it } from 'vitest';
import * as p from '../index.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { PairwiseEngine } from './engine.js';
import type { Plan } from './plan.js';
import { PLAN_64 } from './plan.js';
import { subgroupLanes } from './subgroups.js';
import { resultBuffer, runBackward, runForward } from '../../../testing/pairwise-webgpu/device.js';
import { webgpuForTests } from '../../../testing/webgpu.js';
import { exactForward, relativeError } from '../../../testing/pairwise-webgpu/evaluations.js';
import { judgeBackward, judgeForward, random, SEED, SMALL } from '../../../testing/pairwise-webgpu/law.js';

const gpu = await webgpuForTests();
const { score } = p;
const title = `shapes and plans${gpu ? ` on ${gpu.adapter.description}` : ': no adapter here'}, seed ${SEED}`;

describe.skipIf(!gpu)(title, () => {
  const engine = gpu && new PairwiseEngine(gpu, SMALL, { poison: true });
  const logits = p.mul(score, p.uniform('scale'));
  const contrastive = forwardProgram('contrastive', [
    p.statistic('logSumExp', logits, { over: p.not(p.sameIndex) }),
    p.statistic('sum', logits, { over: p.sameId('label', 'label') }),
    p.statistic('max', score, { per: 'column' }),
  ]);
  const pull = backwardProgram(
    'pull',
    p.select(p.not(p.sameIndex), p.mul(p.row('shift'), p.sigmoid(score)), p.row('width')),
  );
  const judgeBoth = async (by: PairwiseEngine, n: number, m: number, d: number, shared: boolean) => {
    const host = random(n, m, d, shared);
    return [...(await judgeForward(by, contrastive, host)), ...(await judgeBackward(by, pull, host))];
  };

  it.each([
    [1, 1, 1],
    [1, 40, 3],
    [40, 1, 5],
    [17, 16, 4],
    [16, 33, 8],
    [2, 2, 65],
  ])('n %i m %i d %i', async (n, m, d) => {
    for (const shared of n === m ? [false, true] : [false])
      expect(await judgeBoth(engine!, n, m, d, shared)).toEqual([]);
  });

  it.each([
    ['several panels', 20, 600, 4],
    ['the inner dimension of the transposed product split', 1100, 20, 8],
    ['both, with rows that are no whole quads', 700, 300, 3],
  ])('%s', async (_name, n, m, d) => {
    expect(await judgeBackward(engine!, pull, random(n, m, d, false))).toEqual([]);
  });

  const plans: Readonly<Record<string, Plan>> = {
    'tiles of 64': PLAN_64,
    'no prefetch': { ...SMALL, prefetch: false },
    'unlike tiles': {
      ...SMALL,
      scores: { rows: 8, columns: 20, depth: 16, rowsEach: 1, columnsEach: 5 },
      products: { rows: 16, columns: 32, depth: 32, rowsEach: 4, columnsEach: 4 },
    },
    'one split': { ...SMALL, workgroups: 1 },
    'many splits': { ...SMALL, workgroups: 100 },
    'native exp': { ...SMALL, exp: 'native' },
  };
  it.each(Object.keys(plans))(
    'plan with %s',
    async (name) => {
      const other = new PairwiseEngine(gpu!, plans[name]!, { poison: true });
      expect(await judgeBoth(other, 70, 45, 24, false)).toEqual([]);
      expect(await judgeBackward(other, pull, random(66, 66, 10, true))).toEqual([]);
      other.release();
      // Software adapters compile for long.
    },
    180_000,
  );

  it('plan with f16 storage: the law for factors that f16 holds, 2⁻⁹ for others', async () => {
    const other = new PairwiseEngine(gpu!, { ...SMALL, storage: 'f16' }, { poison: true });
    const forward = forwardProgram('f16', contrastive.statistics.slice(0, 2));
    for (const [n, m, d] of [
      [30, 41, 12],
      [19, 23, 7],
    ] as const) {
      const host = random(n, m, d, false);
      const eighths = (x: Float32Array): Float32Array => x.map((v) => Math.round(8 * Math.max(-4, Math.min(4, v))) / 8);
      const rounded = { ...host, a: eighths(host.a), b: eighths(host.b!) };
      expect(await judgeForward(other, forward, rounded)).toEqual([]);
      expect(await judgeBackward(other, pull, rounded)).toEqual([]);
      const out = await runForward(other, forward, host);
      expect(relativeError(out.subarray(0, n), exactForward(forward, host).subarray(0, n))).toBeLessThan(2 ** -9);
    }
  });

  it.skipIf(!gpu?.features.has('subgroups'))('plan with subgroups, where a row’s invocations share one', async () => {
    expect(await subgroupLanes(gpu!)).toBeGreaterThanOrEqual(4);
    const other = new PairwiseEngine(gpu!, { ...SMALL, subgroups: true }, { poison: true });
    const forward = forwardProgram('subgroups', [...contrastive.statistics, p.statistic('min', score)]);
    expect(await judgeForward(other, forward, random(37, 50, 12, false))).toEqual([]);
  });

  it('the same call gives the same bits', async () => {
    const host = random(50, 40, 9, false);
    expect(await runForward(engine!, contrastive, host)).toEqual(await runForward(engine!, contrastive, host));
    expect(await runBackward(engine!, pull, host)).toEqual(await runBackward(engine!, pull, host));
  });

  it('huge scores and branches that are not taken leave no trace', async () => {
    const host = random(20, 25, 6, false);
    // Whole numbers, so that scores are exact and every branch is taken by the same pairs in every precision.
    const whole = (x: number): number => Math.round(2 * x);
    const large = { ...host, a: host.a.map((x) => 4096 * whole(x)), b: host.b!.map(whole) };
    const statistics = [
      p.statistic('logSumExp', score),
      p.statistic('logSumExp', p.mul(score, -3), { per: 'column' }),
      p.statistic('sum', p.select(p.less(score, 1), p.exp(p.min(score, 1)), p.log(p.max(score, 1)))),
      p.statistic('sum', p.exp(score), { over: p.less(score, 0) }),
      p.statistic('sum', p.log(score), { over: p.less(0, score) }),
      p.statistic('sum', p.div(1, p.sub(p.square(score), p.square(score))), { over: p.less(p.square(score), 0) }),
    ];
    expect(await judgeForward(engine!, forwardProgram('huge', statistics), large)).toEqual([]);
  });

  it('what no kernel or adapter can do is refused by name', () => {
    const forward = forwardProgram('big', [p.statistic('sum', score)]);
    const arrays = { a: resultBuffer(gpu!, 16), b: resultBuffer(gpu!, 16), n: 4, m: 4, d: 4 };
    const run = (plan: Plan) => () => new PairwiseEngine(gpu!, plan).forward(forward, arrays, resultBuffer(gpu!, 4));
    const wide = { rows: 512, columns: 512, depth: 32, rowsEach: 4, columnsEach: 4 };
    expect(run({ ...PLAN_64, scores: wide })).toThrow(/workgroup memory of \d+ is beyond/);
    expect(run({ ...PLAN_64, scores: { ...PLAN_64.scores, depth: 5 } })).toThrow(/no kernel has the tile/);
  });
});
