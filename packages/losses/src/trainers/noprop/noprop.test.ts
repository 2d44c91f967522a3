import { describe, expect, it } from 'vitest';
import { allZero, evaluate, evaluate32, expectClose, expectDifferentiable } from '../../../testing/method-checks.js';
import { clusters, runContext, trainTask } from '../../../testing/run-context.js';
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import type { Variable } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';
import { cosineSchedule } from './schedule.js';

const { nopropCoefficients, nopropDtLoss, nopropFm } = implementation.functions as Required<
  typeof implementation.functions
>;
const alphaBar = [0.05, 0.2, 0.45, 0.7, 0.9];
const defaults = definition.params.parse({});

describe('nopropCoefficients', () => {
  it('are those of the posterior of z_t given z_{t−1} and the label', () => {
    const { outputs } = evaluate(nopropCoefficients!, { alphaBar });
    for (let t = 1; t < alphaBar.length; t++) {
      const [before, now] = [alphaBar[t - 1]!, alphaBar[t]!];
      // z_{t−1} = √α z_t + noise of variance 1−α, and z_t ~ N(√ᾱ_t u, 1−ᾱ_t): Bayes in precision form.
      const alpha = before / now;
      const precision = alpha / (1 - alpha) + 1 / (1 - now);
      expectClose([outputs['c']![t - 1]!], [1 / precision], 1e-13);
      expectClose([outputs['b']![t - 1]!], [Math.sqrt(alpha) / (1 - alpha) / precision], 1e-13);
      expectClose([outputs['a']![t - 1]!], [Math.sqrt(now) / (1 - now) / precision], 1e-13);
      expectClose([outputs['snrDiff']![t - 1]!], [now / (1 - now) - before / (1 - before)], 1e-13);
    }
    expectClose(
      outputs['snr']!,
      alphaBar.map((bar) => bar / (1 - bar)),
      1e-14,
    );
  });

  it('refuse a schedule that does not rise within [0, 1)', () => {
    expect(() => evaluate(nopropCoefficients!, { alphaBar: [0.5, 0.4] })).toThrow(/alphaBar must rise/);
    expect(() => evaluate(nopropCoefficients!, { alphaBar: [0.5, 1] })).toThrow(/alphaBar must rise/);
  });

  it('stay finite on the schedule used, which rises from 0 and stops short of 1', () => {
    for (const blocks of [1, 5, 10, 100]) {
      const bars = cosineSchedule(blocks);
      expect(bars[0]).toBeCloseTo(0, 12);
      expect(bars[blocks]).toBeGreaterThan(0.99);
      const { outputs } = evaluate(nopropCoefficients!, { alphaBar: [...bars] });
      expect(Object.values(outputs).flat().every(Number.isFinite)).toBe(true);
    }
  });
});

describe('nopropDtLoss', () => {
  const inputs = { alphaBar, uY: [0, 1, 0], uHat: [0.3, 0.6, 0.1], logits: [0.2, 1.1, -0.4], label: 1 };

  it.each([1, 2, 4])('equals the formula for block %i, with right gradients', async (t) => {
    const params = { T: 4, eta: 0.1, t };
    const { outputs } = await expectDifferentiable(nopropDtLoss!, inputs, params, ['uHat', 'logits', 'uY']);
    const partition = inputs.logits.reduce((sum, h) => sum + Math.exp(h), 0);
    const ce = -Math.log(Math.exp(1.1) / partition);
    let kl = 0;
    for (const u of inputs.uY) kl += 0.5 * (0.05 * u * u + 0.95 - 1 - Math.log(0.95));
    const snr = (bar: number) => bar / (1 - bar);
    let square = 0;
    inputs.uHat.forEach((u, k) => (square += (u - inputs.uY[k]!) ** 2));
    const denoise = 2 * 0.1 * (snr(alphaBar[t]!) - snr(alphaBar[t - 1]!)) * square;
    expectClose([outputs['ce']!, outputs['kl']!, outputs['denoise']!].flat(), [ce, kl, denoise], 1e-13);
    expectClose(outputs['total']!, [ce + kl + denoise], 1e-13);
  });

  it('refuses a block or a class that does not exist, and vectors of different lengths', () => {
    const params = { T: 4, eta: 0.1, t: 2 };
    expect(() => evaluate(nopropDtLoss!, inputs, { ...params, t: 5 })).toThrow(/t must be .*\[1, 4\]/);
    expect(() => evaluate(nopropDtLoss!, { ...inputs, label: 3 }, params)).toThrow(/label must be .*\[0, 3\)/);
    expect(() => evaluate(nopropDtLoss!, { ...inputs, uHat: [1] }, params)).toThrow(/uHat must have shape \[3\]/);
  });
});

describe('nopropFm', () => {
  it('equals the formula in both precisions', async () => {
    const inputs = { z0: [0.3, -0.5], z1: [0, 1], vHat: [-0.2, 1.1] };
    const { outputs, loss } = evaluate(nopropFm!, inputs, { t: 0.4, sigma: 0 });
    expectClose(outputs['zt']!, [0.18, 0.1], 1e-15);
    expectClose(outputs['target']!, [-0.3, 1.5], 1e-15);
    expectClose([loss], [0.1 ** 2 + 0.4 ** 2], 1e-15);
    expectClose(outputs['z1Extrapolated']!, [0.18 - 0.12, 0.1 + 0.66], 1e-15);
    expectClose([(await evaluate32(nopropFm!, inputs, { t: 0.4, sigma: 0 })).loss], [loss], 1e-6);
  });

  it('refuses a negative sigma and vectors of different lengths', () => {
    const inputs = { z0: [0.3], z1: [0], vHat: [-0.2] };
    expect(() => evaluate(nopropFm!, { ...inputs, z1: [0, 1] }, { t: 0.4 })).toThrow(/z1 must have shape \[1\]/);
    expect(() => evaluate(nopropFm!, inputs, { t: 0.4, sigma: -1 })).toThrow(
      /sigma must be a number in \[0, Infinity\]/,
    );
  });
});

describe('training in discrete time', () => {
  const blocks = 3;

  function setting(count: number, seed = 0) {
    const tape = createTape();
    const run = runContext(tape, { seed });
    const batches = clusters(tape, { count, size: 12, classes: 3, inputDim: 4 });
    const objective = crossEntropy.setup(run.context, {});
    const trainer = implementation.setup(run.context, { ...defaults, blocks });
    return { tape, run, batches, objective, trainer };
  }

  it('gives the gradient of one block’s loss to that block and the output matrix alone', async () => {
    const { tape, run, batches, objective, trainer } = setting(1);
    let step = 0;
    const task = trainTask(tape, run, { batches, inputDim: 4, hidden: [6], objective });
    const blockOf = (variable: Variable) => Number(/block-(\d+)/.exec(variable.name)?.[1] ?? 0);
    const watched = {
      ...task,
      async minimise(loss: () => ReturnType<typeof tape.fill>, variables: readonly Variable[]) {
        const t = (step++ % blocks) + 1;
        expect(new Set(variables.map(blockOf))).toEqual(new Set([0, t]));
        const all = run.variables();
        const gradients = tape.gradients(loss(), all);
        all.forEach((variable, i) => {
          const own = blockOf(variable) === t || blockOf(variable) === 0;
          expect(allZero([...gradients[i]!]), variable.name).toBe(!own);
        });
        return task.minimise(loss, variables);
      },
    };
    for await (const _ of trainer.train(watched, run.context));
    expect(step).toBe(blocks);
  });

  it('learns separated classes, predicts the same twice, and depends on the seed alone', async () => {
    const trained = async () => {
      const { tape, run, batches, objective, trainer } = setting(80, 3);
      const task = trainTask(tape, run, { batches, inputDim: 4, hidden: [12], objective });
      const losses: number[] = [];
      for await (const { loss } of trainer.train(task, run.context)) losses.push(loss);
      const { x, labels } = batches.at(-1)!;
      const logits = [...tape.values(trainer.predict(x))];
      expect([...tape.values(trainer.predict(x))]).toEqual(logits);
      expect(losses.at(-1)).toBeLessThan(losses[0]!);
      const hits = [...tape.values(tape.argMax(trainer.predict(x), 1))].filter((k, i) => k === labels![i]).length;
      return { logits, accuracy: hits / labels!.length };
    };
    const [first, second] = [await trained(), await trained()];
    expect(first.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(second.logits).toEqual(first.logits);
  });

  it('refuses to predict before training', () => {
    const { tape, trainer } = setting(0);
    expect(() => trainer.predict(tape.fill([1, 4], 0))).toThrow(/before train/);
  });
});
