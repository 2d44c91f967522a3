/** For tests: random operands, and the kernel law. */
import { philox } from '../../src/core/rng.js';
import type { BackwardProgram, ForwardProgram } from '../../src/pairwise/program.js';
import { blocksOf } from '../../src/pairwise/program.js';
import type { PairwiseEngine } from '../../src/pairwise/webgpu/engine.js';
import type { Plan } from '../../src/pairwise/webgpu/plan.js';
import { PLAN_SOFTWARE } from '../../src/pairwise/webgpu/plan.js';
import type { HostArrays } from './device.js';
import { runBackward, runForward } from './device.js';
import {
  allowedError,
  exactBackward,
  exactForward,
  plainBackward,
  plainForward,
  relativeError,
} from './evaluations.js';

/** Of every random number here; another at each run unless given. */
export const SEED = process.env['TEST_SEED'] ? Number(process.env['TEST_SEED']) : Date.now() % 2 ** 31;
const streams = philox(SEED, 'webgpu');

/** So few results and workgroups that a handful of rows meets everything that large problems meet. */
export const SMALL: Plan = { ...PLAN_SOFTWARE, workgroups: 4 };

export function random(n: number, m: number, d: number, shared: boolean): HostArrays {
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

interface Judged {
  readonly what: string;
  readonly error: number;
  readonly allowed: number;
}

const violated = (all: readonly Judged[]): readonly Judged[] => all.filter(({ error, allowed }) => !(error <= allowed));

/** What breaks the law in a forward program: values, positions, and what stands for the value over no pair. */
export async function judgeForward(
  engine: PairwiseEngine,
  program: ForwardProgram,
  host: HostArrays,
): Promise<readonly Judged[]> {
  const [exact, plain] = [exactForward(program, host), plainForward(program, host)];
  const out = await runForward(engine, program, host);
  const judged: Judged[] = [];
  for (const { statistic, part, offset, length } of blocksOf(program.statistics, host.n, host.m)) {
    const what = `${part} ${statistic} of ${program.key} n ${host.n} m ${host.m} d ${host.d} seed ${SEED}`;
    const of = (x: ArrayLike<number>): number[] => Array.from({ length }, (_, k) => x[offset + k]!);
    const [right, found] = [of(exact), of(out)];
    if (part === 'position') judged.push({ what, error: right.filter((x, k) => x !== found[k]).length, allowed: 0 });
    if (part !== 'value') continue;
    if (program.statistics[statistic]!.kind === 'logSumExp')
      found.forEach((x, k) => (found[k] = x + out[offset + length + k]!));
    // Values over no pair are so large that beside them every error of another would vanish.
    const empty = right.map((x) => Math.abs(x) > 1e29);
    const kept = (x: readonly number[]): number[] => x.filter((_, k) => !empty[k]);
    const wrong = right.filter((x, k) => empty[k] && Math.fround(x) !== found[k]).length;
    judged.push({ what: `${what}, over no pair`, error: wrong, allowed: 0 });
    const allowed = allowedError(relativeError(kept(of(plain)), kept(right)));
    judged.push({ what, error: relativeError(kept(found), kept(right)), allowed });
  }
  return violated(judged);
}

/** What breaks the law in a backward program. */
export async function judgeBackward(
  engine: PairwiseEngine,
  program: BackwardProgram,
  host: HostArrays,
): Promise<readonly Judged[]> {
  const [exact, plain] = [exactBackward(program, host), plainBackward(program, host)];
  const out = await runBackward(engine, program, host);
  return violated(
    (['da', 'db'] as const).flatMap((side) => {
      const right = exact[side];
      if (!right) return [];
      const what = `${side} of ${program.key} n ${host.n} m ${host.m} d ${host.d} seed ${SEED}`;
      return [
        { what, error: relativeError(out[side]!, right), allowed: allowedError(relativeError(plain[side]!, right)) },
      ];
    }),
  );
}
