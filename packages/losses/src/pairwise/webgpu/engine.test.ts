import { describe, expect, it } from 'vitest';
import { philox } from '../../core/rng.js';
import type { Mask, Statistic, Value } from '../index.js';
import * as p from '../index.js';
import { derivative } from '../derivative.js';
import { backwardProgram, blocksOf, forwardProgram } from '../program.js';
import type { BackwardProgram, ForwardProgram } from '../program.js';
import { PairwiseEngine } from './engine.js';
import type { HostArrays } from './helpers.js';
import {
  allowedError,
  exactBackward,
  exactForward,
  plainBackward,
  plainForward,
  relativeError,
  runBackward,
  runForward,
  testDevice,
} from './helpers.js';
import type { Plan } from './plan.js';
import { PLAN_32, PLAN_64 } from './plan.js';

const gpu = await testDevice();
const SEED = process.env['TEST_SEED'] ? Number(process.env['TEST_SEED']) : Math.floor(Math.random() * 2 ** 31);
const streams = philox(SEED, 'webgpu');

/** 16 invocations, two row and column blocks at a handful of rows: everything that large problems meet, at small size. */
const SMALL: Plan = {
  ...PLAN_32,
  scores: { rows: 16, columns: 16, depth: 8, rowsEach: 4, columnsEach: 4 },
  products: { rows: 16, columns: 16, depth: 8, rowsEach: 4, columnsEach: 4 },
  workgroups: 4,
};

function random(n: number, m: number, d: number, shared: boolean): HostArrays {
  const normal = (length: number, scale = 1): Float32Array =>
    Float32Array.from({ length }, () => scale * streams.normal());
  const ids = (length: number, of: number): Int32Array => Int32Array.from({ length }, () => streams.integer(of));
  const columns = shared ? n : m;
  const lists = Array.from({ length: n }, () => [...Array(columns).keys()].filter(() => streams.uniform() < 0.3));
  return {
    a: normal(n * d, 1 / Math.sqrt(d) ** 0.5),
    ...(shared ? {} : { b: normal(m * d, 1 / Math.sqrt(d) ** 0.5) }),
    n,
    m: columns,
    d,
    rowFields: {
      shift: normal(n),
      width: normal(n).map((x) => 1 + x * x),
      top: Float32Array.from(ids(n, columns), (x) => x - 1),
    },
    columnFields: {
      shift: normal(columns),
      width: normal(columns).map((x) => 1 + x * x),
      top: Float32Array.from(ids(columns, n)),
    },
    rowIds: { label: ids(n, 4), sample: ids(n, 3) },
    columnIds: { label: ids(columns, 4), index: Int32Array.from({ length: columns }, (_, j) => j) },
    relations: {
      list: {
        offsets: Int32Array.from([0, ...lists.map((_, i) => lists.slice(0, i + 1).flat().length)]),
        columns: Int32Array.from(lists.flat()),
      },
    },
    uniforms: { scale: 1 + streams.uniform(), margin: streams.normal() },
  };
}

/** The kernel law, for values and positions. A position may differ where float32 rounds two scores to one. */
async function judgeForward(engine: PairwiseEngine, program: ForwardProgram, host: HostArrays): Promise<void> {
  const [exact, plain, out] = [
    exactForward(program, host),
    plainForward(program, host),
    await runForward(engine, program, host),
  ];
  const hint = `${program.key} n ${host.n} m ${host.m} d ${host.d} seed ${SEED}`;
  for (const { statistic, part, offset, length } of blocksOf(program.statistics, host.n, host.m)) {
    const of = (x: Float64Array | Float32Array) => x.subarray(offset, offset + length);
    if (part === 'value') {
      const values = Float64Array.from(of(out));
      const kind = program.statistics[statistic]!.kind;
      if (kind === 'logSumExp') for (let k = 0; k < length; k++) values[k]! += out[offset + length + k]!;
      // Values over no pair are exact, and so large that beside them every error of another would vanish.
      const kept = [...of(exact).keys()].filter((k) => Math.abs(of(exact)[k]!) < 1e29);
      const pick = (x: ArrayLike<number>) => kept.map((k) => x[k]!);
      for (let k = 0; k < length; k++) if (!kept.includes(k)) expect(values[k], hint).toBe(Math.fround(of(exact)[k]!));
      const error = relativeError(pick(values), pick(of(exact)));
      expect(error, hint).toBeLessThanOrEqual(allowedError(relativeError(pick(of(plain)), pick(of(exact)))));
    } else if (part === 'position') {
      expect([...of(out)], hint).toEqual([...of(exact)]);
    }
  }
}

async function judgeBackward(engine: PairwiseEngine, program: BackwardProgram, host: HostArrays): Promise<void> {
  const [exact, plain, out] = [
    exactBackward(program, host),
    plainBackward(program, host),
    await runBackward(engine, program, host),
  ];
  for (const side of ['da', 'db'] as const) {
    if (!exact[side]) continue;
    const error = relativeError(out[side]!, exact[side]);
    const allowed = allowedError(relativeError(plain[side]!, exact[side]));
    expect(error, `${side} of ${program.key} n ${host.n} m ${host.m} d ${host.d} seed ${SEED}`).toBeLessThanOrEqual(
      allowed,
    );
  }
}

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

describe.skipIf(!gpu)(
  `pairwise kernels${gpu ? ` on ${gpu.adapter.description}` : ': no adapter here'}, seed ${SEED}`,
  () => {
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
        await judgeForward(engine!, forwardProgram(`mask-${mask}`, statistics), random(n, m, d, shared));
        const weight = p.select(masks[mask]!, p.add(score, p.row('shift')), 0);
        await judgeBackward(engine!, backwardProgram(`mask-${mask}`, weight), random(n, m, d, shared));
      });

      it.each(Object.keys(functions))('%s, its sums and its derivative', async (name) => {
        const of = functions[name]!;
        const over = p.not(p.sameIndex);
        const statistics = [p.statistic('sum', of, { over }), p.statistic('logSumExp', of, { over, per: 'column' })];
        await judgeForward(engine!, forwardProgram(`function-${name}`, statistics), random(n, m, d, shared));
        const weight = p.select(over, p.mul(p.row('shift'), derivative(of, { kind: 'score' })), 0);
        await judgeBackward(engine!, backwardProgram(`function-${name}`, weight), random(n, m, d, shared));
      });
    });
  },
);
