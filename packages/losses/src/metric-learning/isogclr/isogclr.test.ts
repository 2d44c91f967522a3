import { beforeAll, describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, numbers } from '../../../testing/method-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { startBackend } from '../../backend/start.js';
import { evaluateFunction } from '../../core/evaluate-function.js';
import { finiteDifference } from '../../core/finite-difference.js';
import type { Batch } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

beforeAll(() => startBackend('wasm'));

const fn = implementation.functions['isogclrUnimodalStep']!;
const defaults = definition.params.parse({});
const { tauInit: _, ...step } = defaults;
const params = { ...step, firstEpoch: false };

const view1 = numbers(41, 4, 3) as number[][];
const view2 = numbers(42, 4, 3) as number[][];
const s = [1.2, 0.9, 30, 0.4];
const u = [0.2, 0.1, -0.1, 0];
const tau = [0.1, 0.3, 0.5, 1];
const inputs = { view1, view2, s, u, tau };

const unitRows = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((x) => x / Math.hypot(...row)));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

/** The step by loops; with `weights`, the loss under the weights of those views instead of its own. */
function byLoops(p: typeof params, a = view1, b = view2, weights?: number[][]) {
  const count = a.length;
  const z = unitRows([...a, ...b]);
  const m = 2 * count - 2;
  const own: number[][] = [];
  const averages: number[] = [];
  const slopes: number[] = [];
  let loss = 0;
  z.forEach((row, i) => {
    const id = i % count;
    const cosines = z.map((other) => dot(row, other));
    const e = cosines.map((x, j) => (j % count === id ? 0 : Math.exp(x / tau[id]!)));
    const g = e.reduce((sum, x) => sum + x, 0) / m;
    const average = p.firstEpoch ? g : (1 - p.gamma) * s[id]! + p.gamma * g;
    const w = e.map((x) => x / average);
    own.push(w);
    const used = weights?.[i] ?? w;
    const pull = used.reduce((sum, x, j) => sum + x * cosines[j]!, 0) / m;
    loss += (pull - cosines[(i + count) % (2 * count)]!) / count;
    averages.push(average);
    slopes.push(Math.log(average) + p.rho - pull / tau[id]!);
  });
  const half = (x: number[], i: number) => (x[i]! + x[i + count]!) / 2;
  const ids = Array.from({ length: count }, (_, i) => i);
  const gradTau = ids.map((i) => Math.max(-p.gradClip, Math.min(p.gradClip, half(slopes, i))));
  const moved = gradTau.map((x, i) => (1 - p.betaU) * u[i]! + p.betaU * x);
  const limit = (x: number) => Math.max(p.tauMin, Math.min(p.tauMax, x));
  const next = moved.map((x, i) => limit(tau[i]! - p.eta * x));
  return {
    weights: own,
    outputs: { loss: [loss], s: ids.map((i) => half(averages, i)), u: moved, tau: next, gradTau },
  };
}

describe('isogclrUnimodalStep', () => {
  it.each([{}, { firstEpoch: true }, { gamma: 1, gradClip: 0.5 }, { gamma: 0.1, rho: 3, eta: 2, tauMax: 0.4 }])(
    'equals the released step at %o',
    (changed) => {
      const p = { ...params, ...changed };
      const { outputs } = evaluate(fn, inputs, p);
      for (const [name, expected] of Object.entries(byLoops(p).outputs)) expectClose(outputs[name]!, expected, 1e-12);
    },
  );

  it('has the gradient of the loss under fixed weights, the two views side by side, in both precisions', () => {
    const { weights } = byLoops(params);
    const both = (x: Float64Array) => {
      const rows = Array.from({ length: 8 }, (_, i) => [...x.subarray(3 * i, 3 * i + 3)]);
      const side = (k: number) => rows.filter((_, i) => i % 2 === k);
      return byLoops(params, side(0), side(1), weights).outputs.loss[0]!;
    };
    const features = view1.flatMap((row, i) => [...row, ...view2[i]!]);
    const call = { inputs, params, gradients: ['features[B,2,D]', 'tau', 's'] };
    const { gradients } = evaluateFunction(fn, call, 'float64');
    const stacked = gradients['features[B,2,D]'] as number[][][];
    expect([stacked.length, stacked[0]!.length, stacked[0]![0]!.length]).toEqual([4, 2, 3]);
    expectClose(stacked.flat(2), [...finiteDifference(both, features, 1e-4)], 1e-7);
    expectClose([...(gradients['tau'] as number[]), ...(gradients['s'] as number[])], new Array<number>(8).fill(0), 0);
    const single = evaluateFunction(fn, call, 'float32').gradients['features[B,2,D]'] as number[][][];
    expectClose(single.flat(2), stacked.flat(2), 1e-4);
  });

  it('is the gradient of τ log mean e^{S/τ} − S⁺ where s starts from the batch', () => {
    // s = g makes W/m a softmax over the negatives.
    const surrogate = evaluateFunction(
      fn,
      { inputs, params: { ...params, firstEpoch: true }, gradients: ['features[B,2,D]'] },
      'float64',
    ).gradients['features[B,2,D]'] as number[][][];
    const objective = (x: Float64Array) => {
      const rows = Array.from({ length: 8 }, (_, i) => [...x.subarray(3 * i, 3 * i + 3)]);
      const z = unitRows([...rows.filter((_, i) => i % 2 === 0), ...rows.filter((_, i) => i % 2 === 1)]);
      return z.reduce((sum, row, i) => {
        const t = tau[i % 4]!;
        const e = z.reduce((all, other, j) => all + (j % 4 === i % 4 ? 0 : Math.exp(dot(row, other) / t)), 0);
        return sum + (t * Math.log(e / 6) - dot(row, z[(i + 4) % 8]!)) / 4;
      }, 0);
    };
    const features = view1.flatMap((row, i) => [...row, ...view2[i]!]);
    expectClose(surrogate.flat(2), [...finiteDifference(objective, features, 1e-4)], 1e-7);
  });

  it('only pulls the views of a single example together', () => {
    const alone = { view1: [[1, 0]], view2: [[0, 2]], s: [0.5], u: [0], tau: [0.1] };
    for (const firstEpoch of [false, true]) {
      const { outputs, gradients } = evaluate(fn, alone, { ...params, firstEpoch }, ['view1']);
      expectClose(outputs['loss']!, [0], 0);
      expectClose(gradients['view1']!, [0, -2], 1e-14);
      expectClose(outputs['s']!, [firstEpoch ? 0 : (1 - params.gamma) * 0.5], 1e-15);
      expectClose(outputs['gradTau']!, [firstEpoch ? -3 : Math.log(0.1) + 0.4], 1e-12);
    }
  });

  it('stays finite for zero vectors, s = 0 and the coldest temperature in both precisions', () => {
    const hard = { view1: [[0, 0], [1, 0]], view2: [[1, 0], [1, 0]], s: [0, 0], u: [0, 0], tau: [0.005, 0.005] }; // prettier-ignore
    for (const precision of ['float64', 'float32'] as const) {
      const call = { inputs: hard, params, gradients: ['features[B,2,D]'] };
      const { value, gradients } = evaluateFunction(fn, call, precision);
      const { loss, tau: moved } = value as { loss: number; tau: number[] };
      expect(allFinite([loss, ...moved, ...(gradients['features[B,2,D]'] as number[][][]).flat(2)])).toBe(true);
    }
  });

  it('refuses state of another length and a flag that is none', () => {
    expect(() => evaluate(fn, { ...inputs, tau: [0.1] }, params)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    expect(() => evaluate(fn, { ...inputs, s: [1] }, params)).toThrow(/s must have shape/);
    expect(() => evaluate(fn, inputs, { ...params, firstEpoch: 1 })).toThrow(/firstEpoch must be true or false/);
  });
});

describe('isogclrBimodalStep', () => {
  const bimodal = implementation.functions['isogclrBimodalStep']!;
  const image = view1;
  const text = view2;
  const state = { sI: [0.5, 0.2, 0.9, 0], sT: [0.6, 0.6, 0.1, 2], b: [0, 1, 20, 3], u: [0.1, 0, -0.3, 0] };
  const base = { gamma: 0.8, rho: 0.2, tau: 0.1, betaU: 0.5, eta: 0.03, eps: 1e-10, gradClip: 5 };

  function loops(
    p: typeof base,
    rows: number[][],
    columns: number[][],
    fixed?: { image: number[][]; text: number[][] },
  ) {
    const [a, b] = [unitRows(rows), unitRows(columns)];
    const n = a.length;
    const side = (x: number[][], y: number[][], past: number[], weights?: number[][]) =>
      x.map((row, i) => {
        const d = y.map((other) => dot(row, other) - dot(a[i]!, b[i]!));
        const bNew = Math.max(state.b[i]!, ...d.map((v) => v / p.tau));
        const e = d.map((v) => Math.exp(v / p.tau - bNew));
        const g = e.reduce((sum, v) => sum + v, 0) / (n - 1);
        const average = (1 - p.gamma) * past[i]! * Math.exp(state.b[i]! - bNew) + p.gamma * g;
        const w = e.map((v) => v / (average + p.eps));
        const pull = d.reduce((sum, v, j) => sum + (weights?.[i]?.[j] ?? w[j]!) * v, 0) / (n - 1);
        const slope = Math.max(-p.gradClip, Math.min(p.gradClip, Math.log(average) + bNew + p.rho - pull / p.tau));
        const moved = p.tau - p.eta * ((1 - p.betaU) * state.u[i]! + p.betaU * slope);
        return { w, pull, average, bNew, tau: Math.max(0.005, Math.min(1, moved)) };
      });
    const [i, t] = [side(a, b, state.sI, fixed?.image), side(b, a, state.sT, fixed?.text)];
    return { i, t, loss: [...i, ...t].reduce((sum, { pull }) => sum + pull, 0) / n };
  }

  it.each([{}, { tau: 0.5, gamma: 0.3 }, { tau: 0.01, eta: 1, gradClip: 2 }])(
    'equals the released step at %o',
    (changed) => {
      const p = { ...base, ...changed };
      const { outputs } = evaluate(bimodal, { image, text, ...state }, p);
      const { i, t, loss } = loops(p, image, text);
      expectClose(outputs['loss']!, [loss], 1e-12);
      for (const [name, side] of Object.entries({ I: i, T: t })) {
        expectClose(outputs[`s${name}`]!, side.map(({ average }) => average), 1e-12); // prettier-ignore
        expectClose(outputs[`b${name}`]!, side.map(({ bNew }) => bNew), 1e-12); // prettier-ignore
        expectClose(outputs[`tau${name}`]!, side.map((row) => row.tau), 1e-12); // prettier-ignore
      }
    },
  );

  it('has the gradient of the loss under fixed weights', () => {
    const { i, t } = loops(base, image, text);
    const fixed = { image: i.map(({ w }) => w), text: t.map(({ w }) => w) };
    const rows = (x: Float64Array) => Array.from({ length: 4 }, (_, k) => [...x.subarray(3 * k, 3 * k + 3)]);
    const { gradients } = evaluate(bimodal, { image, text, ...state }, base, ['image', 'text']);
    const byImage = finiteDifference((x) => loops(base, rows(x), text, fixed).loss, image.flat(), 1e-4);
    const byText = finiteDifference((x) => loops(base, image, rows(x), fixed).loss, text.flat(), 1e-4);
    expectClose(gradients['image']!, [...byImage], 1e-7);
    expectClose(gradients['text']!, [...byText], 1e-7);
  });

  it('teaches nothing to one pair alone', () => {
    const alone = { image: [[1, 0]], text: [[0, 1]], sI: [0.5], sT: [0.5], b: [0], u: [0] };
    const { outputs, gradients } = evaluate(bimodal, alone, base, ['image', 'text']);
    expectClose(outputs['loss']!, [0], 0);
    expectClose([...gradients['image']!, ...gradients['text']!], [0, 0, 0, 0], 1e-15);
  });
});

describe('isogclr as an objective', () => {
  const net = { embed: <T>(x: T) => x, logits: <T>(x: T) => x };

  it('keeps s, u and τ of every example from step to step', async () => {
    const tape = createTape();
    const run = runContext(tape, { trainSize: 6 });
    const objective = implementation.setup(run.context, { ...defaults, eta: 0.3 });
    const ids = Int32Array.from([5, 0, 3, 2]);
    const views = [tape.tensor(view1.flat(), [4, 3]), tape.tensor(view2.flat(), [4, 3])];
    const batch: Batch = { ids, x: views[0]!, views };
    let state = { s: [1, 1, 1, 1], u: [0, 0, 0, 0], tau: [0.1, 0.1, 0.1, 0.1] };
    for (const epoch of [0, 0, 1, 2]) {
      run.clock.epoch = epoch;
      const expected = evaluate(fn, { view1, view2, ...state }, { ...step, eta: 0.3, firstEpoch: epoch === 0 }).outputs;
      expectClose([...tape.values(objective.loss(batch, net))], expected['loss']!, 1e-6);
      await objective.afterStep!(batch);
      state = { s: expected['s']!, u: expected['u']!, tau: expected['tau']! };
    }
    const memory = run.context.sampleState('state', 4);
    expectClose(
      Array.from(ids, (id) => memory[4 * id + 3]!),
      state.tau,
      1e-6,
    );
    expect([memory[4], memory[16]]).toEqual([0, 0]);
  });

  it('starts s from the batch at the first visit, however late', () => {
    const tape = createTape();
    const run = runContext(tape, { trainSize: 4 });
    run.clock.epoch = 3;
    const objective = implementation.setup(run.context, defaults);
    const views = [tape.tensor(view1.flat(), [4, 3]), tape.tensor(view2.flat(), [4, 3])];
    const value = objective.loss({ ids: Int32Array.from([0, 1, 2, 3]), x: views[0]!, views }, net);
    const fresh = { view1, view2, s: [0, 0, 0, 0], u: [0, 0, 0, 0], tau: [0.1, 0.1, 0.1, 0.1] };
    expectClose([...tape.values(value)], evaluate(fn, fresh, { ...params, firstEpoch: true }).outputs['loss']!, 1e-6);
  });

  it('pulls views together and others apart in training', async () => {
    // With the temperatures held, the surrogate of epoch 0 falls with the objective.
    const losses = await lossesOfSteps(
      implementation,
      { ...defaults, tauInit: 0.5, eta: 0 },
      { steps: 8, learningRate: 0.05 },
    );
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
