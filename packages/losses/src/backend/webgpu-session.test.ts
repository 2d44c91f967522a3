/** What training on webgpu promises beyond the operations, on a GPU or on SwiftShader; skipped where neither is. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bounds } from '../../testing/bounds.js';
import { webgpuForTests } from '../../testing/webgpu.js';
import { philox } from '../core/rng.js';
import { createTape } from '../core/tape.js';
import type { Ops, Tensor } from '../core/ops.js';
import type { OptimiserOptions } from './optimiser.js';
import type { TrainingSession } from './session.js';
import { openSession } from './session.js';

// A software GPU compiles each shader for the CPU, on a busy machine in seconds.
vi.setConfig({ testTimeout: 180_000 });
const device = await webgpuForTests();

const normal = (name: string, size: number, scale = 1): Float32Array => {
  const rng = philox(7, name);
  return Float32Array.from({ length: size }, () => scale * (rng.uniform() + rng.uniform() + rng.uniform() - 1.5));
};

const SIZES = [20, 16, 5] as const;
const BATCH = 12;

/** Parameters and losses of a net with one hidden layer after `steps` steps. */
async function trained(backend: 'wasm' | 'webgpu', options: Partial<OptimiserOptions>, steps: number) {
  const session = await openSession({ backend });
  try {
    const { ops } = session;
    const layer = (name: string, from: number, to: number) => ({
      weight: session.variable(`${name}/weight`, [from, to], normal(name, from * to, Math.sqrt(4 / from))),
      bias: session.variable(`${name}/bias`, [to], new Float32Array(to), { decay: false }),
    });
    const [first, second] = [layer('first', SIZES[0], SIZES[1]), layer('second', SIZES[1], SIZES[2])];
    const x = normal('x', BATCH * SIZES[0]);
    const labels = Int32Array.from({ length: BATCH }, (_, i) => i % SIZES[2]);
    const variables = [first.weight, first.bias, second.weight, second.bias];
    const optimiser = session.optimiser({ kind: 'adamw', learningRate: () => 1e-2, weightDecay: 1e-2, ...options });
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      losses.push(
        await optimiser.minimise(() => {
          const hidden = ops.relu(ops.add(ops.matMul(ops.tensor(x, [BATCH, SIZES[0]]), first.weight), first.bias));
          const logits = ops.add(ops.matMul(hidden, second.weight), second.bias);
          return ops.neg(ops.mean(ops.pick(ops.logSoftmax(logits), labels)));
        }, variables),
      );
    }
    const parameters = await Promise.all(variables.map((variable) => session.evaluate(() => ops.add(variable, 0))));
    return { losses, parameters: parameters.flatMap((values) => [...values]) };
  } finally {
    session.close();
  }
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b);

describe.skipIf(!device)(`webgpu${device ? ` on ${device.adapter.description}` : ': no adapter here'}`, () => {
  let session: TrainingSession | undefined;
  afterEach(() => {
    session?.close();
    session = undefined;
  });

  it.each([
    ['sgd', { kind: 'sgd', learningRate: (): number => 0.1 }],
    ['heavy ball', { kind: 'sgd', learningRate: (): number => 0.1, momentum: 0.9 }],
    ['adam', { kind: 'adam' }],
    ['adamw', { kind: 'adamw' }],
  ] as const)('one step of %s agrees with wasm to 1e-5, ten steps to 1e-4', async (_, options) => {
    for (const [steps, bound] of [
      [1, 1e-5],
      [10, 1e-4],
    ] as const) {
      const [gpu, cpu] = [await trained('webgpu', options, steps), await trained('wasm', options, steps)];
      expect(distance(gpu.losses, cpu.losses)).toBeLessThan(bound);
      expect(distance(gpu.parameters, cpu.parameters)).toBeLessThan(bound);
    }
  });

  it('the same training gives the same bits', async () => {
    const [one, two] = [await trained('webgpu', {}, 5), await trained('webgpu', {}, 5)];
    expect(one).toEqual(two);
  });

  it('a step that is not finite answers so and moves nothing, and the next one is unharmed', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const w = session.variable('w', [2], Float32Array.of(1, 4));
    const optimiser = session.optimiser({ kind: 'adam', learningRate: () => 0.1, weightDecay: 0 });
    expect(await optimiser.minimise(() => ops.sum(ops.log(ops.sub(w, 1))), [w])).toBe(-Infinity);
    // The loss is finite and its gradient is not.
    expect(await optimiser.minimise(() => ops.sum(ops.sqrt(ops.sub(w, 1))), [w])).toBeNaN();
    expect(optimiser.steps).toBe(0);
    expect([...(await session.evaluate(() => ops.add(w, 0)))]).toEqual([1, 4]);
    await optimiser.minimise(() => ops.sum(ops.square(w)), [w]);
    expect(optimiser.steps).toBe(1);
    const [a, b] = await session.evaluate(() => ops.add(w, 0));
    expect(a).toBeCloseTo(0.9, 6);
    expect(b).toBeCloseTo(3.9, 6);
  });

  it('frees what it makes, step after step, and everything at the end', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const before = session.memory().tensors;
    const w = session.variable('w', [3, 3], normal('w', 9));
    const optimiser = session.optimiser({ kind: 'adamw', learningRate: () => 0.1, weightDecay: 0.1 });
    const step = () => optimiser.minimise(() => ops.sum(ops.square(ops.sort(ops.matMul(w, w)))), [w]);
    await step();
    const after = session.memory().tensors;
    for (let i = 0; i < 5; i++) await step();
    expect(session.memory().tensors).toBe(after);
    session.close();
    expect(session.memory().tensors).toBe(before);
  });

  it('predicts in chunks', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const rows = normal('rows', 7 * 3);
    const out = await session.predict((x) => ops.mul(x, 2), rows, [3], { chunk: 2 });
    expect([...out]).toEqual([...rows].map((value) => value * 2));
  });

  it('a device error is the error of the step, typed', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const w = session.variable('w', [1], Float32Array.of(1));
    const optimiser = session.optimiser({ kind: 'sgd', learningRate: () => 0.1, weightDecay: 0 });
    const broken = optimiser.minimise(() => {
      device!.device.createBuffer({ size: 16, usage: 0 });
      return ops.sum(w);
    }, [w]);
    await expect(broken).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  });

  const check = async (given: Tensorial, tolerance: number): Promise<void> => {
    session = await openSession({ backend: 'webgpu' });
    const tape = createTape();
    const expected = tape.values(given(tape));
    const actual = await session.evaluate(() => given(session!.ops));
    expect(actual.length).toBe(expected.length);
    expect(bounds(actual, expected)).toBeLessThan(tolerance);
  };
  type Tensorial = (ops: Ops) => Tensor;

  it.each([
    ['rows of 33', [5, 33]],
    ['rows of 257', [3, 257]],
    ['rows past one run', [2, 9001]],
    ['many narrow rows', [1500, 3]],
  ] as const)('%s: reductions and maps', async (_, shape) => {
    const x = normal('wide', shape[0] * shape[1], 3);
    const parts = (o: Ops): Tensor[] => {
      const t = o.tensor(x, shape);
      return [
        o.sum(t, { axis: 1 }),
        o.sum(t, { axis: 0 }),
        o.max(t, { axis: 1 }),
        o.argMax(t, 1),
        o.logSumExp(t, { axis: 1 }),
        o.reshape(
          o.softmax(t),
          [-1].map(() => shape[0] * shape[1]),
        ),
        o.reshape(o.logSoftmax(t), [shape[0] * shape[1]]),
        o.reshape(o.l2Normalise(t), [shape[0] * shape[1]]),
        o.reshape(o.mean(t), [1]),
      ];
    };
    await check((o) => o.concat(parts(o), 0), 1e-5);
  });

  it('sorts rows wider than a workgroup, with ties', async () => {
    const x = Float32Array.from(normal('sorted', 2 * 300, 3), Math.round);
    await check((o) => o.sort(o.tensor(x, [2, 300])), 0 + 1e-30);
  });

  it('products with a long inner extent add in one order, whatever else runs', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const [a, b] = [normal('a', 16 * 2300), normal('b', 2300 * 16)];
    const product = () => session!.evaluate(() => ops.matMul(ops.tensor(a, [16, 2300]), ops.tensor(b, [2300, 16])));
    const first = await product();
    for (let i = 0; i < 3; i++) expect(await product()).toEqual(first);
  });

  it.each([
    ['exp', [-120, -87, -1e-8, 30, 88.5, -Infinity, Infinity]],
    ['expm1', [-50, -0.5, -1e-7, 1e-30, 0.49, 3, 80]],
    ['log', [1e-40, 1e-30, 0.70710678, 1.0000001, 3, 1e30, Infinity]],
    ['log1p', [-0.99, -0.2, 1e-8, 0.4, 7, 1e20]],
    ['sin', [-1000, -1e-5, 0.1, 3.1415927, 77]],
    ['cos', [-1000, -1e-5, 0.1, 1.5707964, 77]],
    ['acos', [-1, -0.999, -0.3, 0.6, 0.9999, 1]],
    ['atan', [-1e30, -3, -0.5, 1e-6, 0.42, 1.1, Infinity]],
    ['tanh', [-50, -0.3, 1e-6, 0.9, 5]],
    ['erf', [-5, -2.2, 1e-6, 0.8, 3.3]],
    ['sigmoid', [-100, -3, 0, 50]],
    ['softplus', [-90, -3, 0, 50]],
  ] as const)('%s keeps its digits', async (kernel, points) => {
    await check((o) => o[kernel](o.tensor(Float32Array.from(points), [points.length])), 6e-7);
  });

  it('NaN passes where it must: arithmetic and extrema; comparisons are false', async () => {
    session = await openSession({ backend: 'webgpu' });
    const { ops } = session;
    const nan = () => ops.tensor([NaN], [1]);
    const out = await session.evaluate(() =>
      ops.concat(
        [
          ops.exp(nan()),
          ops.relu(nan()),
          ops.maximum(nan(), 1),
          ops.minimum(1, nan()),
          ops.clip(nan(), 0, 1),
          ops.max(ops.concat([nan(), ops.fill([1], 2)], 0), { axis: 0, keepDims: true }),
          ops.greater(nan(), 0),
          ops.lessEqual(nan(), 0),
          ops.equal(nan(), nan()),
        ],
        0,
      ),
    );
    expect([...out]).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, 0, 0, 0]);
  });
});
