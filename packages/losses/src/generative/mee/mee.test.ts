import { describe, expect, it } from 'vitest';
import { evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import type { Tensor } from '../../core/ops.js';
import { createTape } from '../../core/tape.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const { entropyLossBuffer, entropyLossFlat, dIsoMap, dlle } = implementation.functions as Required<
  typeof implementation.functions
>;
const codes = numbers(51, 3, 4) as number[][];
const defaults = definition.params.parse({});

const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0) / a.length;
const entropy = (nearest: readonly number[], weight: number) =>
  -weight * Math.log(nearest.reduce((sum, x) => sum + x, 0) / nearest.length + 1e-12);

describe('entropyLossFlat', () => {
  const buffer = numbers(52, 7, 4) as number[][];

  it.each([5e-4, 1, 3])(
    'takes the nearest of all remembered codes, weight %f, with right gradients',
    async (weight) => {
      const { loss, outputs } = await expectDifferentiable(entropyLossFlat!, { codes, buffer }, { weight }, ['codes']);
      const nearest = codes.map((code) => Math.min(...buffer.map((row) => apart(code, row))));
      expectClose(outputs['nearestSq']!, nearest, 1e-13);
      expectClose([loss], [entropy(nearest, weight)], 1e-12);
    },
  );

  it('does not move the buffer, and of two nearest follows the first', () => {
    const tied = { codes: [[0, 0]], buffer: [[3, 0], [1, 0], [0, 1]] }; // prettier-ignore
    const { outputs, gradients } = evaluate(entropyLossFlat!, tied, { weight: 1 }, ['codes', 'buffer']);
    expectClose(outputs['nearestSq']!, [0.5], 0);
    expectClose(gradients['codes']!, [2, 0], 1e-11);
    expectClose(gradients['buffer']!, [0, 0, 0, 0, 0, 0], 0);
  });

  it('costs a finite amount where all codes repeat', () => {
    const { loss, gradients } = evaluate(entropyLossFlat!, { codes, buffer: codes }, { weight: 1 }, ['codes']);
    expectClose([loss], [-Math.log(1e-12)], 1e-12);
    expectClose(gradients['codes']!, new Array<number>(12).fill(0), 0);
  });

  it('refuses an empty buffer and codes of another width', () => {
    expect(() => evaluate(entropyLossFlat!, { codes, buffer: [[1, 2]] })).toThrow(/buffer must have shape/);
    const tape = createTape();
    const empty = tape.tensor([], [0, 4]);
    expect(() => entropyLossFlat!.evaluate(tape, { codes: tape.fill([2, 4], 0), buffer: empty }, {})).toThrow(
      /at least one entry/,
    );
  });
});

describe('entropyLossBuffer', () => {
  const buffer = numbers(53, 5, 3, 4) as number[][][];

  it('compares a code with the same place of each slot, with right gradients', async () => {
    const inputs = { codes, 'buffer[S,B,L]': buffer };
    const { loss, outputs } = await expectDifferentiable(entropyLossBuffer!, inputs, { weight: 2 }, ['codes']);
    const nearest = codes.map((code, i) => Math.min(...buffer.map((slot) => apart(code, slot[i]!))));
    expectClose(outputs['nearestSq']!, nearest, 1e-13);
    expectClose([loss], [entropy(nearest, 2)], 1e-12);
  });

  it.each([
    [5, 3],
    [2, 1],
    [1, 1],
  ])('leaves of %i slots %i after three codes', (slots, left) => {
    const inputs = { codes, 'buffer[S,B,L]': buffer.slice(0, slots) };
    expect(evaluate(entropyLossBuffer!, inputs).outputs['newBufferLength']).toEqual([left]);
  });

  it('is the flat form where there is one code', () => {
    const one = { codes: codes.slice(0, 1), 'buffer[S,B,L]': buffer.map((slot) => slot.slice(0, 1)) };
    const flat = { codes: codes.slice(0, 1), buffer: buffer.map((slot) => slot[0]!) };
    const [a, b] = [evaluate(entropyLossBuffer!, one, {}, ['codes']), evaluate(entropyLossFlat!, flat, {}, ['codes'])];
    expectClose([a.loss, ...a.gradients['codes']!], [b.loss, ...b.gradients['codes']!], 1e-15);
  });

  it('refuses slots of another shape', () => {
    expect(() => evaluate(entropyLossBuffer!, { codes: codes.slice(1), 'buffer[S,B,L]': buffer })).toThrow(
      /\[slots, 2, 4\]/,
    );
  });
});

describe('dIsoMap', () => {
  const [dReal, dFake, dMix] = [54, 55, 56].map((seed) => numbers(seed, 3, 2) as number[][]) as [
    number[][],
    number[][],
    number[][],
  ];
  const alpha = [0.3, -0.8, 1.7];

  it.each([0, 0.05, 2])('is the mean square from the mixture, plus the variance of noise %f', async (noiseStd) => {
    const inputs = { dReal, dFake, alpha, dMix };
    const { loss } = await expectDifferentiable(dIsoMap!, inputs, { noiseStd }, ['dMix']);
    let total = 0;
    dMix.forEach((row, i) =>
      row.forEach((x, l) => (total += (x - alpha[i]! * dReal[i]![l]! - (1 - alpha[i]!) * dFake[i]![l]!) ** 2)),
    );
    expectClose([loss], [total / 6 + noiseStd ** 2], 1e-12);
  });

  it('moves the embedding of the mixture only', () => {
    const { gradients } = evaluate(dIsoMap!, { dReal, dFake, alpha, dMix }, {}, ['dReal', 'dFake', 'alpha']);
    for (const slope of Object.values(gradients)) expect(slope.every((x) => x === 0)).toBe(true);
  });
});

describe('dlle', () => {
  const [dReal, dRealAug, dFake, dFakeAug] = [57, 58, 59, 60].map((seed) => numbers(seed, 3, 2) as number[][]) as [
    number[][], number[][], number[][], number[][],
  ]; // prettier-ignore

  it('is the sum of two mean squares, with right gradients and none in the augmentations', async () => {
    const inputs = { dReal, dRealAug, dFake, dFakeAug };
    const { loss } = await expectDifferentiable(dlle!, inputs, {}, ['dReal', 'dFake']);
    const mean = (a: number[][], b: number[][]) => a.reduce((sum, row, i) => sum + apart(row, b[i]!), 0) / a.length;
    expectClose([loss], [mean(dReal, dRealAug) + mean(dFake, dFakeAug)], 1e-13);
    const { gradients } = evaluate(dlle!, inputs, {}, ['dRealAug', 'dFakeAug']);
    for (const slope of Object.values(gradients)) expect(slope.every((x) => x === 0)).toBe(true);
  });
});

describe('mee as a regulariser', () => {
  const net = { embed: (x: Tensor) => x, logits: (x: Tensor) => x };
  const setup = (changed: Partial<typeof defaults>) => {
    const tape = createTape();
    const run = runContext(tape, { totalEpochs: 10 });
    const regulariser = implementation.setup(run.context, { ...defaults, weight: 1, warmup: 0, ...changed });
    const rows: number[][][] = [61, 62, 63, 64].map((seed) => numbers(seed, 3, 2) as number[][]);
    const batch = (at: number) => ({
      ids: Int32Array.from([0, 1, 2]),
      x: tape.tensor(rows[at]!.flat(), [3, 2]),
      views: [],
    });
    const value = (at: number) => tape.values(regulariser.loss(batch(at), net))[0]!;
    const advance = async (at: number) => {
      const loss = value(at);
      await regulariser.afterStep!(batch(at));
      run.clock.step++;
      return loss;
    };
    return { run, rows, value, advance };
  };
  const nearest = (from: number[][], to: number[][]) =>
    from.map((code) => Math.min(...to.map((row) => apart(code, row))));

  it('remembers the newest codes, oldest out first', async () => {
    const { rows, advance } = setup({ bufferSize: 5 });
    const noise = await advance(0);
    expect(Number.isFinite(noise)).toBe(true);
    await advance(1);
    // Five places: two of the first batch are left, then the second.
    const kept = [...rows[0]!.slice(1), ...rows[1]!];
    expectClose([await advance(2)], [entropy(nearest(rows[2]!, kept), 1)], 1e-6);
  });

  it('keeps the newest codes of a batch larger than the buffer', async () => {
    const { rows, advance, value } = setup({ bufferSize: 2 });
    await advance(0);
    expectClose([value(1)], [entropy(nearest(rows[1]!, rows[0]!.slice(1)), 1)], 1e-6);
  });

  it('forgets all but one batch in the released form', async () => {
    const { rows, advance, value } = setup({ buffer: 'slots', bufferSize: 4 });
    for (const at of [0, 1, 2]) await advance(at);
    const pairs = rows[3]!.map((code, i) => apart(code, rows[2]![i]!));
    expectClose([value(3)], [entropy(pairs, 1)], 1e-6);
  });

  it('warms up linearly over the first steps', async () => {
    const { run, value } = setup({ warmup: 0.5 });
    const at = (step: number) => ((run.clock.step = step), value(0));
    const full = at(5);
    expectClose([at(0), at(1), at(4), at(9)], [0, full / 5, (4 * full) / 5, full], 1e-12);
  });

  it.each(['flat', 'slots'] as const)('moves away from what the buffer holds in training, %s', async (buffer) => {
    // Without the memory of new codes, so that the loss of every step is measured from the same buffer.
    const still = {
      functions: {},
      setup: (...given: Parameters<typeof implementation.setup>) => ({ loss: implementation.setup(...given).loss }),
    };
    const losses = await lossesOfSteps(still, { ...defaults, weight: 1, warmup: 0, buffer, bufferSize: 32 });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
