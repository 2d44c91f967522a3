import { describe, expect, it } from 'vitest';
import type { Tensor } from '../core/ops.js';
import { philox } from '../core/rng.js';
import { createTape } from '../core/tape.js';
import type { OptimiserOptions, TrainingSession } from './index.js';
import { forbidMathRandom, openSession } from './index.js';

const rng = philox(3, 'session');
const random = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * rng.normal());
const features = random(32 * 6, 1);
const labels = Int32Array.from({ length: 32 }, (_, i) => i % 3);
const weights = { w: random(18, 0.3), b: new Float32Array(3) };

async function softmaxRegression(backend: 'wasm' | 'cpu') {
  const session = await openSession({ backend });
  const w = session.variable('w', [6, 3], weights.w);
  const b = session.variable('b', [3], weights.b, { decay: false });
  const { ops } = session;
  const logits = (x: Tensor) => ops.add(ops.matMul(x, w), b);
  const loss = () => ops.neg(ops.mean(ops.pick(ops.logSoftmax(logits(ops.tensor(features, [32, 6]))), labels)));
  return { session, w, b, logits, loss };
}

const adamw: OptimiserOptions = { kind: 'adamw', learningRate: () => 0.05, weightDecay: 0.1 };

async function train(options: OptimiserOptions, steps: number, backend: 'wasm' | 'cpu' = 'wasm') {
  const { session, w, b, loss } = await softmaxRegression(backend);
  const optimiser = session.optimiser(options);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(await optimiser.minimise(loss, [w, b]));
  const values = { w: await session.evaluate(() => w), b: await session.evaluate(() => b) };
  session.close();
  return { losses, ...values };
}

/** The same training in float64, by the formulas of the papers. */
function reference({ kind, learningRate, weightDecay, momentum = 0 }: OptimiserOptions, steps: number) {
  const parameters = [Float64Array.from(weights.w), Float64Array.from(weights.b)];
  const zeros = () => parameters.map((p) => new Float64Array(p.length));
  const [first, second] = [zeros(), zeros()];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const tape = createTape();
    const [w, b] = [tape.variable(parameters[0]!, [6, 3]), tape.variable(parameters[1]!, [3])];
    const logits = tape.add(tape.matMul(tape.tensor(features, [32, 6]), w), b);
    const loss = tape.neg(tape.mean(tape.pick(tape.logSoftmax(logits), labels)));
    losses.push(tape.values(loss)[0]!);
    const rate = learningRate(step);
    tape.gradients(loss, [w, b]).forEach((gradient, p) => {
      const decay = p === 0 ? weightDecay : 0;
      gradient.forEach((raw, i) => {
        const at = parameters[p]![i]!;
        const g = kind === 'adamw' ? raw : raw + decay * at;
        if (kind === 'sgd') {
          first[p]![i] = momentum * first[p]![i]! + g;
          parameters[p]![i] = at - rate * first[p]![i]!;
          return;
        }
        first[p]![i] = 0.9 * first[p]![i]! + 0.1 * g;
        second[p]![i] = 0.999 * second[p]![i]! + 0.001 * g * g;
        const corrected = first[p]![i]! / (1 - 0.9 ** (step + 1));
        const scale = Math.sqrt(second[p]![i]! / (1 - 0.999 ** (step + 1))) + 1e-8;
        parameters[p]![i] = at - rate * (corrected / scale) - (kind === 'adamw' ? rate * decay * at : 0);
      });
    });
  }
  return { losses, w: parameters[0]!, b: parameters[1]! };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance);
}

describe('a training session', () => {
  it.each<[string, OptimiserOptions]>([
    ['adamw', adamw],
    ['adam with coupled decay', { ...adamw, kind: 'adam' }],
    ['sgd with momentum', { kind: 'sgd', learningRate: (step) => 0.1 / (1 + step), weightDecay: 0.01, momentum: 0.9 }],
    ['plain sgd', { kind: 'sgd', learningRate: () => 0.1, weightDecay: 0 }],
  ])('%s follows the float64 reference', async (_, options) => {
    for (const backend of ['wasm', 'cpu'] as const) {
      const [actual, expected] = [await train(options, 20, backend), reference(options, 20)];
      expectClose(actual.losses, expected.losses);
      expectClose(actual.w, expected.w);
      expectClose(actual.b, expected.b);
    }
  });

  it('gives equal bits when run again', async () => {
    const [a, b] = [await train(adamw, 15), await train(adamw, 15)];
    expect(a.losses).toEqual(b.losses);
    expect(Buffer.from(a.w.buffer).equals(Buffer.from(b.w.buffer))).toBe(true);
  });

  it('does not leak over 50 steps', async () => {
    const { session, w, b, loss } = await softmaxRegression('wasm');
    const optimiser = session.optimiser(adamw);
    await optimiser.minimise(loss, [w, b]);
    const before = session.memory();
    for (let step = 0; step < 50; step++) await optimiser.minimise(loss, [w, b]);
    await session.evaluate(loss);
    expect(session.memory()).toEqual(before);
    expect(optimiser.steps).toBe(51);
    session.close();
    expect(session.memory().tensors).toBe(before.tensors - 2);
  });

  it('returns a loss that is not finite and leaves the variables as they were', async () => {
    const { session, w, b } = await softmaxRegression('wasm');
    const { ops } = session;
    const optimiser = session.optimiser(adamw);
    expect(await optimiser.minimise(() => ops.sum(ops.log(ops.mul(w, 0))), [w, b])).toBe(-Infinity);
    // A finite loss with a gradient that is not: √ at 0.
    expect(await optimiser.minimise(() => ops.sum(ops.sqrt(ops.abs(b))), [w, b])).toBeNaN();
    expect(await session.evaluate(() => w)).toEqual(weights.w);
    expect(optimiser.steps).toBe(0);
    session.close();
  });

  it('keeps what it is told to keep, as a snapshot', async () => {
    const { session, w, b, loss } = await softmaxRegression('wasm');
    const { ops } = session;
    let teacher: Tensor | undefined;
    await session.optimiser(adamw).minimise(() => {
      teacher = ops.keep(ops.stopGradient(w));
      return loss();
    }, [w, b]);
    expect(await session.evaluate(() => teacher!)).toEqual(weights.w);
    expect(await session.evaluate(() => w)).not.toEqual(weights.w);
    ops.release(teacher!);
    session.close();
  });

  it('turns a kept result into a constant after the step', async () => {
    const { session, w, b, loss } = await softmaxRegression('wasm');
    const { ops } = session;
    const optimiser = session.optimiser(adamw);
    let average: Tensor | undefined;
    for (let step = 0; step < 5; step++) {
      const before = average;
      const value = await optimiser.minimise(() => {
        average = ops.keep(before ? ops.add(ops.mul(before, 0.9), ops.mul(w, 0.1)) : ops.mul(w, 1));
        return before ? ops.add(loss(), ops.mean(ops.square(ops.sub(w, before)))) : loss();
      }, [w, b]);
      expect(value).toBeGreaterThan(0);
      if (before) ops.release(before);
    }
    const { tensors } = session.memory();
    await expect(session.evaluate(() => average!)).resolves.toHaveLength(18);
    session.ops.release(average!);
    expect(session.memory().tensors).toBe(tensors - 1);
    session.close();
  });

  it('predicts in chunks what it predicts at once', async () => {
    const { session, logits } = await softmaxRegression('wasm');
    const whole = await session.predict(logits, features, [6], { chunk: 1000 });
    const chunks = await session.predict(logits, features, [6], { chunk: 7 });
    expect(whole.length).toBe(32 * 3);
    expect(chunks).toEqual(whole);
    session.close();
  });

  it('counts the operations of matrix products', async () => {
    const { session, w, b, loss } = await softmaxRegression('wasm');
    await session.evaluate(loss);
    expect(session.flops()).toBe(2 * 32 * 6 * 3);
    await session.optimiser(adamw).minimise(loss, [w, b]);
    expect(session.flops()).toBe(3 * 2 * 32 * 6 * 3);
    session.close();
  });

  it('refuses what it cannot use, by name', async () => {
    const { session, w, loss } = await softmaxRegression('wasm');
    expect(() => session.variable('w', [1], new Float32Array(1))).toThrow(/"w" exists/);
    expect(() => session.variable('v', [2], new Float32Array(1))).toThrow(/v: expected 2 values/);
    const optimiser = session.optimiser(adamw);
    await expect(optimiser.minimise(() => w, [w])).rejects.toThrow(/scalar/);
    const other: TrainingSession = await openSession({ backend: 'wasm' });
    const foreign = other.variable('foreign', [1], new Float32Array(1));
    await expect(optimiser.minimise(loss, [foreign])).rejects.toThrow(/"foreign" is not of this session/);
    await expect(openSession({ backend: 'abacus' as 'cpu' })).rejects.toThrow(
      /expected one of webgpu, tensorflow, wasm, cpu/,
    );
    other.close();
    session.close();
  });

  /* eslint-disable no-restricted-properties -- the rule at run time is what is tested */
  it('forbids Math.random inside a run', () => {
    const restore = forbidMathRandom();
    try {
      expect(() => Math.random()).toThrow(/ctx\.rng/);
    } finally {
      restore();
    }
    expect(Math.random()).toBeLessThan(1);
  });
});
