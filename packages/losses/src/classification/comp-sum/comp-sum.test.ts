import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  allZero,
  evaluate,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { makeMlp, runContext } from '../../../testing/run-context.js';
import type { Batch, Net } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { findAdversary } from './adversary.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { compSum as compSumOfLogits, linearCompSum, marginShift } from './formulas.js';
import { implementation as crossEntropy } from '../cross-entropy/implement.js';
import { hConsistencyTransform } from './consistency.js';
import { implementation } from './implement.js';

const functions = implementation.functions;
const { compSum, smoothAdvCompSum } = functions as Required<typeof functions>;
const logits = numbers(4, 4, 4) as number[][];
const shifted = numbers(5, 4, 4) as number[][];
const labels = [0, 2, 1, 3];

function phi(u: number, tau: number): number {
  return tau === 1 ? Math.log(1 + u) : ((1 + u) ** (1 - tau) - 1) / (1 - tau);
}

function byLoops(rows: readonly (readonly number[])[], tau: number, rho = 1): number {
  let total = 0;
  rows.forEach((row, i) => {
    let u = 0;
    row.forEach((h, k) => {
      if (k !== labels[i]) u += Math.exp((h - row[labels[i]!]!) / rho);
    });
    total += phi(u, tau);
  });
  return total / rows.length;
}

function adversarialByLoops(tau: number, nu: number, rho: number): number {
  let total = 0;
  logits.forEach((row, i) => {
    const y = labels[i]!;
    let square = 0;
    row.forEach((h, k) => {
      if (k !== y) square += (shifted[i]![y]! - shifted[i]![k]! - (row[y]! - h)) ** 2;
    });
    total += nu * Math.sqrt(square);
  });
  return byLoops(logits, tau, rho) + total / logits.length;
}

describe('comp-sum', () => {
  it.each([0, 0.5, 1, 1.5, 2, 3])('equals the formula at τ = %f, with right gradients', async (tau) => {
    const { loss } = await expectDifferentiable(compSum!, { logits, labels }, { tau }, ['logits'], 5e-4);
    expectClose([loss], [byLoops(logits, tau)], 1e-12);
  });

  it('is cross-entropy at τ = 1 and continuous there', () => {
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels }, {}, ['logits']);
    const one = evaluate(compSum!, { logits, labels }, { tau: 1 }, ['logits']);
    expectClose([one.loss], [plain.loss], 1e-14);
    expectClose(one.gradients['logits']!, plain.gradients['logits']!, 1e-14);
    for (const tau of [1 - 1e-5, 1 - 1e-7, 1 + 1e-7, 1 + 1e-5])
      expectClose([evaluate(compSum!, { logits, labels }, { tau }).loss], [plain.loss], 1e-4);
  });

  it('is the mean absolute error 1 − p at τ = 2', () => {
    let total = 0;
    logits.forEach((row, i) => {
      total += 1 - Math.exp(row[labels[i]!]!) / row.reduce((sum, h) => sum + Math.exp(h), 0);
    });
    expectClose([evaluate(compSum!, { logits, labels }, { tau: 2 }).loss], [total / logits.length], 1e-12);
  });

  it('survives logits of ±1e4 for τ ≥ 1 and one class for every τ', () => {
    for (const tau of [1, 1.5, 2]) {
      const huge = evaluate(
        compSum!,
        {
          logits: [
            [1e4, -1e4],
            [-1e4, 1e4],
          ],
          labels: [0, 0],
        },
        { tau },
        ['logits'],
      );
      expect(allFinite([huge.loss, ...huge.gradients['logits']!])).toBe(true);
    }
    for (const tau of [0, 1, 2]) {
      const single = evaluate(compSum!, { logits: [[4]], labels: [0] }, { tau }, ['logits']);
      expect(Math.abs(single.loss)).toBe(0);
      expect(allZero(single.gradients['logits']!)).toBe(true);
    }
  });

  it('refuses a negative τ', () => {
    expect(() => evaluate(compSum!, { logits, labels }, { tau: -0.1 })).toThrow(/tau must be a number in \[0/);
  });
});

describe('comp-sum of a linear layer', () => {
  const features = numbers(6, 4, 3) as number[][];
  const weights = numbers(7, 4, 3) as number[][];
  const bias = numbers(8, 4) as number[];

  it.each([0, 1, 1.5, 2])('is that of its logits at τ = %f, with right gradients', async (tau) => {
    const names = ['features', 'weights', 'bias'];
    const inputs = { features, weights, bias, labels };
    const { loss } = await expectDifferentiable(functions['linearCompSum']!, inputs, { tau }, names, 5e-4);
    const product = features.map((x) => weights.map((w, c) => w.reduce((sum, v, k) => sum + v * x[k]!, bias[c]!)));
    expectClose([loss], [byLoops(product, tau)], 1e-11);
  });

  it('has one value and gradient in both forms, those of the stored logits', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 20 }),
      classes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 1, max: 9 }),
      tau: fc.double({ min: 0, max: 3, noNaN: true }),
      biased: fc.boolean(),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, tau, biased }) => ({
      leaves: [
        randomLeaf(seed, 'features', rows, width),
        randomLeaf(seed, 'weights', classes, width),
        randomLeaf(seed, 'bias', classes),
      ],
      loss: (ops, [features, weights, b], form) => {
        const truth = randomLabels(seed, rows, classes);
        const bias = biased ? b! : undefined;
        if (form === 'fused')
          return linearCompSum(ops, { features: features!, weights: weights!, bias, labels: truth }, tau, form);
        const product = ops.matMul(features!, weights!, { transposeB: true });
        return compSumOfLogits(ops, bias ? ops.add(product, bias) : product, truth, tau);
      },
    }));
  });

  it('stores no logits of many classes, refuses a bias of another length and labels without a weight', () => {
    const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
    const leaves = [randomLeaf(1, 'x', side, 2), randomLeaf(1, 'w', side, 2)];
    const calls = pairwiseCalls(leaves, (ops, [x, w]) =>
      linearCompSum(ops, { features: x!, weights: w!, labels: randomLabels(1, side, side) }, 1),
    );
    expect(calls).toBe(1);
    const fn = functions['linearCompSum']!;
    expect(() => evaluate(fn, { features, weights, bias: [1], labels })).toThrow(/bias must have shape \[4\]/);
    expect(() => evaluate(fn, { features, weights, bias, labels: [0, 1, 2, 4] })).toThrow(/labels must be/);
  });
});

describe('smooth adversarial comp-sum', () => {
  const inputs = { cleanLogits: logits, advLogits: shifted, labels };

  it.each([
    [1, 6, 1],
    [0.5, 2, 3],
    [2, 1, 0.5],
  ])('equals the formula at τ = %f, ν = %f, ρ = %f, with right gradients', async (tau, nu, rho) => {
    const names = ['cleanLogits', 'advLogits'];
    const { loss } = await expectDifferentiable(smoothAdvCompSum!, inputs, { tau, nu, rho }, names, 5e-4);
    expectClose([loss], [adversarialByLoops(tau, nu, rho)], 1e-12);
  });

  it('is the plain loss with a zero gradient in x′ where nothing is shifted', () => {
    const same = evaluate(smoothAdvCompSum!, { ...inputs, advLogits: logits }, { tau: 1, nu: 6, rho: 1 }, [
      'advLogits',
    ]);
    expectClose([same.loss], [byLoops(logits, 1)], 1e-10);
    expect(allZero(same.gradients['advLogits']!)).toBe(true);
  });
});

describe('adversarial mode', () => {
  const params = { ...definition.params.parse({ mode: 'adversarial' }), gamma: 0.2 };

  function setting() {
    const tape = createTape();
    const run = runContext(tape);
    const mlp = makeMlp(run, 'net', [5, 8, 3]);
    const net: Net = { embed: (x) => x, logits: (x) => mlp(x) };
    const labelled: Batch = {
      ids: Int32Array.from([0, 1, 2]),
      x: tape.tensor((numbers(17, 3, 5) as number[][]).flat(), [3, 5]),
      views: [],
      labels: Int32Array.from([2, 0, 1]),
    };
    return { tape, run, mlp, net, batch: labelled, truth: labelled.labels! };
  }

  it('finds a point in the ball where the margins differ more than at an arbitrary corner', () => {
    const { tape, run, net, batch, truth } = setting();
    const found = findAdversary(run.context, net, batch.x, truth, params);
    const moved = tape.values(found).map((x, i) => x - tape.values(batch.x)[i]!);
    expect(Math.max(...moved.map(Math.abs))).toBeLessThanOrEqual(params.gamma + 1e-12);
    const shift = (x: typeof found) =>
      tape.values(tape.sum(marginShift(tape, net.logits(batch.x), net.logits(x), truth)))[0]!;
    const corner = tape.add(
      batch.x,
      tape.tensor(
        moved.map((_, i) => (i % 2 ? 0.2 : -0.2)),
        [3, 5],
      ),
    );
    expect(shift(found)).toBeGreaterThan(shift(corner));
    expect(shift(found)).toBeGreaterThan(0.1);
  });

  it('trains through clean and perturbed logits, the same way at the same step', () => {
    const { tape, run, mlp, net, batch, truth } = setting();
    const objective = implementation.setup(run.context, params);
    const loss = objective.loss(batch, net);
    const gradients = tape.gradients(loss, mlp.variables).flatMap((gradient) => [...gradient]);
    expect(allFinite(gradients)).toBe(true);
    const adversary = findAdversary(run.context, net, batch.x, truth, params);
    const rows = (x: typeof adversary) => {
      const values = [...tape.values(net.logits(x))];
      return [values.slice(0, 3), values.slice(3, 6), values.slice(6)];
    };
    const inputs = { cleanLogits: rows(batch.x), advLogits: rows(adversary), labels: [...truth] };
    expectClose([...tape.values(loss)], [evaluate(smoothAdvCompSum!, inputs, params).loss], 1e-12);
    run.clock.step = 1;
    expect(tape.values(objective.loss(batch, net))[0]).not.toBe(tape.values(loss)[0]);
  });

  it('is the plain loss in standard mode', () => {
    const { tape, run, net, batch, truth } = setting();
    const objective = implementation.setup(run.context, definition.params.parse({ tau: 1.5 }));
    const values = [...tape.values(net.logits(batch.x))];
    const rows = [values.slice(0, 3), values.slice(3, 6), values.slice(6)];
    const plain = evaluate(compSum!, { logits: rows, labels: [...truth] }, { tau: 1.5 });
    expectClose([...tape.values(objective.loss(batch, net))], [plain.loss], 1e-14);
  });
});

describe('H-consistency transform', () => {
  it('is 1 − √(1−b²) at τ = 0 and linear from τ = 2', () => {
    expect(hConsistencyTransform(0.6, 0, 10)).toBeCloseTo(1 - Math.sqrt(1 - 0.36), 14);
    expect(hConsistencyTransform(0.6, 2, 10)).toBeCloseTo(0.06, 14);
    expect(hConsistencyTransform(0.6, 3, 10)).toBeCloseTo(0.6 / 200, 14);
  });

  it('is continuous at τ = 1 and 2, zero at b = 0, and rising in b', () => {
    for (const b of [0.1, 0.5, 1]) {
      const one = hConsistencyTransform(b, 1, 2);
      expect(hConsistencyTransform(b, 1 - 1e-5, 2)).toBeCloseTo(one, 4);
      expect(hConsistencyTransform(b, 1 + 1e-5, 2)).toBeCloseTo(one, 4);
    }
    expect(hConsistencyTransform(0.4, 1.9999, 5)).toBeCloseTo(hConsistencyTransform(0.4, 2, 5), 3);
    for (const tau of [0, 0.5, 1, 1.5, 2, 3]) {
      expect(hConsistencyTransform(0, tau, 4)).toBeCloseTo(0, 14);
      expect(hConsistencyTransform(0.7, tau, 4)).toBeGreaterThan(hConsistencyTransform(0.6, tau, 4));
    }
  });

  it('refuses b outside [0, 1]', () => {
    expect(() => hConsistencyTransform(1.1, 1, 2)).toThrow(/b must be in \[0, 1\], received 1.1/);
  });
});
