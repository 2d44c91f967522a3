/**
 * Finds the fastest plan for a class of shapes by timing a few on the device, once per adapter; what it finds is kept in a
 * file. It proposes: a ranked run is given its plan and never comes here.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WebgpuDevice } from '../../backend/webgpu-device.js';
import { philox } from '../../core/rng.js';
import { exp, mul, not, row, sameIndex, score, select, sub, uniform } from '../expression.js';
import { statistic } from '../declaration.js';
import { backwardProgram, forwardProgram } from '../program.js';
import { PairwiseEngine } from './engine.js';
import type { GpuArrays } from './engine.js';
import type { Plan, Tile } from './plan.js';
import {
  across,
  DEFAULT_PLAN,
  invocations,
  PLAN_128,
  PLAN_32,
  PLAN_64,
  showPlan,
  tileBytes,
  WEBGPU_PAIRWISE,
} from './plan.js';
import { median, Timer } from './timer.js';

export interface TunedShape {
  readonly n: number;
  readonly m: number;
  readonly d: number;
  readonly shared: boolean;
  readonly storage: Plan['storage'];
}

/** Bytes that the declared losses' fields need in workgroup memory beside the tiles, and then some. */
const FIELD_BYTES = 8192;
/** Rows and columns beyond this tell plans apart no better. */
const MOST = 16384;
const REPEATS = 5;

/** Plans worth timing on an adapter: within its limits, and with subgroups where they lie as the kernels need. */
export function candidates(
  limits: Readonly<Record<string, number>>,
  lanes: number,
  storage: Plan['storage'],
): readonly Plan[] {
  const wide: Tile = { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 };
  const deep: Tile = { ...PLAN_128.scores, depth: 16 };
  const tiles = [PLAN_32.scores, PLAN_64.scores, wide, PLAN_128.scores, deep];
  const fits = (tile: Tile): boolean =>
    invocations(tile) <= limits['maxComputeInvocationsPerWorkgroup']! &&
    tileBytes(tile) + FIELD_BYTES <= limits['maxComputeWorkgroupStorageSize']!;
  const fitting = tiles.filter(fits);
  // Products have fewer tiles than scores, so that the smaller ones may fill a device better.
  const pairs = fitting.flatMap((scores) =>
    fitting.filter((products) => products.rows <= scores.rows).map((products) => ({ scores, products })),
  );
  return pairs.flatMap(({ scores, products }) =>
    [true, false].map((prefetch): Plan => ({
      ...DEFAULT_PLAN,
      scores,
      products,
      prefetch,
      storage,
      subgroups: lanes >= across(scores),
    })),
  );
}

const classOf = (x: number): number => 2 ** Math.ceil(Math.log2(Math.min(x, MOST)));

/** Names the adapter and the class of shapes that a plan was found for. */
function tuningKey({ adapter }: WebgpuDevice, { n, m, d, shared, storage }: TunedShape): string {
  const { vendor, architecture, device, description } = adapter;
  return [
    vendor,
    architecture,
    device,
    description,
    `v${WEBGPU_PAIRWISE}`,
    classOf(n),
    classOf(m),
    d,
    shared,
    storage,
  ].join(' | ');
}

/** Where plans are kept: the platform's home, else the user's cache folder. */
export function planFile(): string {
  const home = process.env['TOUCHSTONE_HOME'];
  if (home) return join(home, 'pairwise-plans.json');
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'touchstone', 'pairwise-plans.json');
}

async function readPlans(file: string): Promise<Record<string, Plan>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Plan>;
  } catch {
    // A file that is not there, or was cut off, costs one more search.
    return {};
  }
}

/** The plan found earlier for this adapter and class of shapes. */
export async function rememberedPlan(
  gpu: WebgpuDevice,
  shape: TunedShape,
  file = planFile(),
): Promise<Plan | undefined> {
  return (await readPlans(file))[tuningKey(gpu, shape)];
}

const logits = mul(score, uniform('scale'));
const over = not(sameIndex);
const forward = forwardProgram('tuner', [statistic('logSumExp', logits, { over }), statistic('sum', logits, { over })]);
const backward = backwardProgram('tuner', select(over, mul(row('g'), exp(sub(logits, row('v')))), 0));

/**
 * The fastest of `plans` for a contrastive loss of this shape, forward and backward, and remembers it.
 * `report` is told each plan's milliseconds.
 */
export async function tune(
  gpu: WebgpuDevice,
  shape: TunedShape,
  plans: readonly Plan[],
  options: { readonly file?: string; readonly report?: (plan: string, milliseconds: number) => void } = {},
): Promise<Plan> {
  const { device } = gpu;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const made: GPUBuffer[] = [];
  const buffer = (length: number, stream?: string): GPUBuffer => {
    const created = device.createBuffer({ size: Math.max(16, 4 * length), usage });
    made.push(created);
    if (stream) {
      const rng = philox(1, stream);
      device.queue.writeBuffer(
        created,
        0,
        Float32Array.from({ length }, () => rng.uniform() / Math.sqrt(shape.d)),
      );
    }
    return created;
  };
  const [n, m, d] = [Math.min(shape.n, MOST), Math.min(shape.m, MOST), shape.d];
  const a = buffer(n * d, 'a');
  const arrays: GpuArrays = {
    a,
    b: shape.shared ? a : buffer(m * d, 'b'),
    n,
    m,
    d,
    rowFields: { g: buffer(n, 'g'), v: buffer(n, 'v') },
    uniforms: { scale: 1 },
  };
  const out = buffer(PairwiseEngine.forwardLength(forward, n, m));
  const results = { da: buffer(n * d), db: shape.shared ? undefined : buffer(m * d) };
  const timer = new Timer(gpu);

  let best: { plan: Plan; milliseconds: number } | undefined;
  for (const plan of plans) {
    const engine = new PairwiseEngine(gpu, plan);
    const once = async (): Promise<number> => {
      const there = await timer.time((timestamps) => engine.forward(forward, arrays, out, timestamps));
      const back = await timer.time((timestamps) => engine.backward(backward, arrays, results, timestamps));
      return there.milliseconds + back.milliseconds;
    };
    await once();
    await engine.settled();
    const times: number[] = [];
    for (let k = 0; k < REPEATS; k++) times.push(await once());
    engine.release();
    const { milliseconds } = median(times.map((each) => ({ milliseconds: each, clock: 'device' })));
    options.report?.(showPlan(plan), milliseconds);
    if (!best || milliseconds < best.milliseconds) best = { plan, milliseconds };
  }
  for (const each of made) each.destroy();
  if (!best) return DEFAULT_PLAN;
  await remember(options.file ?? planFile(), tuningKey(gpu, shape), best.plan);
  return best.plan;
}

async function remember(file: string, key: string, plan: Plan): Promise<void> {
  const plans = await readPlans(file);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify({ ...plans, [key]: plan }, null, 1)}\n`);
  await rename(draft, file);
}
