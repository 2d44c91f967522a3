import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { finiteDifference } from '../../core/finite-difference.js';
import type { Variable } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const { amclNtXentHardMax, adaptiveTemperature } = implementation.functions as Required<
  typeof implementation.functions
>;
const defaults = definition.params.parse({});
const positive = (x: number) => 0.1 + Math.abs(x);

const simPos = (numbers(71, 2, 3) as number[][]).map((row) => row.map((x) => x / 2));
const simNeg = (numbers(72, 2, 3, 4) as number[][][]).map((head) => head.map((row) => row.map((x) => x / 2)));
const tauPos = (numbers(73, 2, 3) as number[][]).map((row) => row.map(positive));
const tauNeg = (numbers(74, 2, 3, 4) as number[][][]).map((head) => head.map((row) => row.map(positive)));
const inputs = { simPos, simNeg, tauPos, tauNeg };

const omega = (tau: number, dim: number) => (dim / 2) * Math.log(tau) + 1 / tau;

describe('amclNtXentHardMax', () => {
  it.each([
    [0.1, 8],
    [0, 128],
    [2, 3],
  ])('equals the formula at β = %f, d′ = %i, with right gradients', async (beta, dim) => {
    const names = ['simPos', 'simNeg', 'tauPos', 'tauNeg'];
    const { loss } = await expectDifferentiable(amclNtXentHardMax!, inputs, { beta, dim }, names, 2e-4);
    let total = 0;
    simPos.forEach((head, c) =>
      head.forEach((s, i) => {
        const row = simNeg[c]![i]!;
        const n = row.indexOf(Math.max(...row));
        const [hot, cold] = [tauPos[c]![i]!, tauNeg[c]![i]![n]!];
        total += (-s / hot + row[n]! / cold + beta * omega(hot, dim) - beta * omega(cold, dim)) / 3;
      }),
    );
    expectClose([loss], [total], 1e-12);
  });

  it('sums heads and averages anchors', () => {
    const one = { simPos: [[0.5, 0.5]], simNeg: [[[0.1], [0.1]]], tauPos: [[1, 1]], tauNeg: [[[1], [1]]] };
    const three = Object.fromEntries(Object.entries(one).map(([name, [head]]) => [name, [head!, head!, head!]]));
    expectClose([evaluate(amclNtXentHardMax!, one, { beta: 0 }).loss], [-0.4], 1e-15);
    expectClose([evaluate(amclNtXentHardMax!, three, { beta: 0 }).loss], [-1.2], 1e-15);
  });

  it('takes the first of equal negatives, with its temperature and gradient', () => {
    const tied = { simPos: [[0]], simNeg: [[[0.2, 0.6, 0.6]]], tauPos: [[1]], tauNeg: [[[1, 0.5, 2]]] };
    const { loss, gradients } = evaluate(amclNtXentHardMax!, tied, { beta: 0 }, ['simNeg', 'tauNeg']);
    expectClose([loss], [1.2], 1e-15);
    expectClose(gradients['simNeg']!, [0, 2, 0], 1e-15);
    expectClose(gradients['tauNeg']!, [0, -0.6 / 0.25, 0], 1e-14);
  });

  it('leaves the terms of a negative out where there is none', () => {
    const tape = createTape();
    const none = tape.tensor([], [1, 2, 0]);
    const ones = tape.fill([1, 2], 1);
    const given = { simPos: tape.fill([1, 2], 0.5), tauPos: ones, simNeg: none, tauNeg: none };
    const value = amclNtXentHardMax!.evaluate(tape, given, { beta: 0.1, dim: 8 });
    expectClose([...tape.values(value as never)], [-0.5 + 0.1], 1e-15);
  });

  it('holds temperatures at 1e-5', () => {
    const cold = { simPos: [[0.5]], simNeg: [[[0.5]]], tauPos: [[0]], tauNeg: [[[1e-9]]] };
    const { loss, gradients } = evaluate(amclNtXentHardMax!, cold, {}, ['simPos', 'tauPos']);
    expectClose([loss, ...gradients['simPos']!, ...gradients['tauPos']!], [0, -1e5, 0], 1e-12);
  });

  it('refuses shapes that do not fit', () => {
    for (const [name, wrong] of Object.entries({ tauPos: [[1, 1]], simNeg: [[[1]]], tauNeg: simNeg.slice(1) }))
      expect(() => evaluate(amclNtXentHardMax!, { ...inputs, [name]: wrong })).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
      );
  });
});

describe('adaptiveTemperature', () => {
  it('moves between its bounds by a logistic function', async () => {
    const dot = [-1000, -1, 0, 2.5, 1000];
    const { outputs } = await expectDifferentiable(adaptiveTemperature!, { dot: [-1, 0, 2.5] }, {}, ['dot']);
    const expected = [-1, 0, 2.5].map((x) => 1e-5 + (2 - 1e-5) / (1 + Math.exp(-x)));
    expectClose(outputs['value']!, expected, 1e-14);
    const ends = evaluate(adaptiveTemperature!, { dot }, { lower: 0.1, upper: 0.3 }).outputs['value']!;
    expectClose([ends[0]!, ends[2]!, ends[4]!], [0.1, 0.2, 0.3], 1e-15);
  });
});

describe('amcl as an objective', () => {
  const params = { ...defaults, heads: 2, hidden: 5, dim: 3, temperatureUnits: 4, lower: 0.05 };
  const view1 = numbers(75, 3, 4) as number[][];
  const view2 = numbers(76, 3, 4) as number[][];
  const prepare = (count: number) => {
    const tape = createTape();
    const run = runContext(tape, { embeddingDim: 4 });
    const objective = implementation.setup(run.context, params);
    const views = [view1, view2].map((view) => tape.variable(view.slice(0, count).flat(), [count, 4]));
    const batch = { ids: Int32Array.from({ length: count }, (_, i) => i), x: views[0]!, views };
    const loss = () => objective.loss(batch, { embed: (x) => x, logits: (x) => x });
    return { tape, run, views, loss };
  };
  type Prepared = ReturnType<typeof prepare>;

  function byLoops({ tape, run }: Prepared, count: number): number {
    const values = (name: string): [number[], readonly number[]] => {
      const found = run.variables().find((variable) => variable.name === name)!;
      return [[...tape.values(found)], found.shape];
    };
    const layer = (x: number[], name: string, at: number) => {
      const [w, [, m = 0]] = values(`${name}/weight-${at}`);
      const [b] = values(`${name}/bias-${at}`);
      return b.map((bias, k) => x.reduce((sum, v, l) => sum + v * w[l * m + k]!, bias));
    };
    const mlp = (x: number[], name: string) => layer(layer(x, name, 0).map((v) => Math.max(0, v)), name, 1); // prettier-ignore
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
    let total = 0;
    for (let c = 0; c < 2; c++) {
      const z = [...view1.slice(0, count), ...view2.slice(0, count)].map((x) => {
        const y = mlp(x, `head-${c}`);
        return y.map((v) => v / Math.hypot(...y));
      });
      const keys = z.map((x) => mlp(x, 'temperature'));
      const tau = (i: number, j: number) => 0.05 + 1.95 / (1 + Math.exp(-dot(keys[i]!, keys[j]!)));
      z.forEach((row, i) => {
        const mate = (i + count) % (2 * count);
        const hot = tau(i, mate);
        let loss = -dot(row, z[mate]!) / hot + 0.1 * omega(hot, 3);
        const rivals = z.flatMap((_, j) => (j % count === i % count ? [] : [j]));
        if (rivals.length > 0) {
          const n = rivals.reduce((best, j) => (dot(row, z[j]!) > dot(row, z[best]!) ? j : best));
          loss += dot(row, z[n]!) / tau(i, n) - 0.1 * omega(tau(i, n), 3);
        }
        total += loss / (2 * count);
      });
    }
    return total;
  }

  it.each([3, 2, 1])('sums its heads over all views of %i examples', (count) => {
    const prepared = prepare(count);
    expectClose([...prepared.tape.values(prepared.loss())], [byLoops(prepared, count)], 1e-12);
  });

  it('trains the views, every head and the temperature net', () => {
    const { tape, run, views, loss } = prepare(3);
    const wanted = [...views, ...run.variables()];
    const slopes = tape.gradients(loss(), wanted);
    wanted.forEach((leaf, k) => {
      const values = tape.values(leaf);
      const name = (leaf as Partial<Variable>).name ?? 'view';
      const at = (x: Float64Array) => {
        const kept = values.slice();
        values.set(x);
        const value = tape.values(loss())[0]!;
        values.set(kept);
        return value;
      };
      expectClose([...slopes[k]!], [...finiteDifference(at, [...values], 1e-5)], 1e-5);
      if (!name.endsWith('bias-1'))
        expect(
          slopes[k]!.some((x) => x !== 0),
          name,
        ).toBe(true);
    });
  });

  it('lowers its loss in training', async () => {
    const losses = await lossesOfSteps(implementation, { ...params, lower: 0.1 }, { steps: 8, learningRate: 0.005 });
    expect(allFinite(losses)).toBe(true);
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
