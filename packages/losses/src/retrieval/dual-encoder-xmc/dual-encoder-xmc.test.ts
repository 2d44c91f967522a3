import { describe, expect, it } from 'vitest';
import {
  allFinite,
  allZero,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import { finiteDifference } from '../../core/finite-difference.js';
import { createTape } from '../../core/tape.js';
import { implementation as normalisedSoftmax } from '../../metric-learning/hyperspherical-nsl/implement.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';
import { retrievalLoss } from './objective.js';

const { decoupledSoftmax, softTopK, softTopKLoss } = implementation.functions as Required<
  typeof implementation.functions
>;
const scores = numbers(41, 4, 6) as number[][];
const targets = [
  [1, 0, 1, 0, 0, 0],
  [0, 1, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0],
  [0, 1, 1, 0, 0, 1],
];

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const positivesOf = (row: readonly number[]) => row.flatMap((target, k) => (target === 1 ? [k] : []));

function overPositives(loss: (row: readonly number[], k: number, positives: readonly number[]) => number): number {
  const rows = scores.map((row, i) => {
    const positives = positivesOf(targets[i]!);
    return positives.length === 0 ? 0 : sum(positives.map((k) => loss(row, k, positives))) / positives.length;
  });
  return sum(rows) / rows.length;
}

/** The gates of one row, by halving a bracket wider than any until it is exhausted. */
function gatesOf(x: readonly number[], k: number, alpha: number): number[] {
  let [low, high] = [-Math.max(...x) - 60 / alpha, -Math.min(...x) + 60 / alpha];
  for (let step = 0; step < 300; step++) {
    const t = (low + high) / 2;
    if (sum(x.map((value) => sigmoid(alpha * (value + t)))) < k) low = t;
    else high = t;
  }
  return x.map((value) => sigmoid(alpha * (value + low)));
}

describe('decoupledSoftmax', () => {
  it('equals the formula, with right gradients', async () => {
    const { loss } = await expectDifferentiable(decoupledSoftmax!, { scores, targets }, {}, ['scores']);
    const expected = overPositives((row, k, positives) => {
      const negatives = sum(row.map((s, j) => (positives.includes(j) ? 0 : Math.exp(s))));
      return -Math.log(Math.exp(row[k]!) / (Math.exp(row[k]!) + negatives));
    });
    expectClose([loss], [expected], 1e-13);
  });

  it('is cross-entropy where every row has one positive', () => {
    const labels = [3, 0, 5, 2];
    const oneHot = labels.map((label) => scores[0]!.map((_, k) => (k === label ? 1 : 0)));
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits: scores, labels }, {}, ['logits']);
    const decoupled = evaluate(decoupledSoftmax!, { scores, targets: oneHot }, {}, ['scores']);
    expectClose([decoupled.loss], [plain.loss], 1e-13);
    expectClose(decoupled.gradients['scores']!, plain.gradients['logits']!, 1e-13);
  });

  it('does not move a positive against another', () => {
    const { gradients } = evaluate(decoupledSoftmax!, { scores, targets }, {}, ['scores']);
    const raised = scores.map((row, i) => (i === 0 ? row.map((s, k) => (k === 2 ? s + 9 : s)) : row));
    const moved = evaluate(decoupledSoftmax!, { scores: raised, targets }, {}, ['scores']);
    expect(moved.gradients['scores']![0]).toBe(gradients['scores']![0]);
  });

  it('is 0 without a positive, without a negative and for one document, in both precisions', async () => {
    for (const [rows, truth] of [
      [[[1, 2]], [[0, 0]]],
      [[[1, 2]], [[1, 1]]],
      [[[5]], [[1]]],
    ] as const)
      for (const at of [
        evaluate(decoupledSoftmax!, { scores: rows, targets: truth }, {}, ['scores']),
        await evaluate32(decoupledSoftmax!, { scores: rows, targets: truth }, {}, ['scores']),
      ]) {
        expect(Math.abs(at.loss)).toBe(0);
        expect(allZero(at.gradients['scores']!)).toBe(true);
      }
  });

  it('survives scores of ±1e4 in both precisions', async () => {
    const huge = { scores: [[1e4, -1e4, 1e4]], targets: [[0, 1, 1]] };
    for (const at of [
      evaluate(decoupledSoftmax!, huge, {}, ['scores']),
      await evaluate32(decoupledSoftmax!, huge, {}, ['scores']),
    ]) {
      expectClose([at.loss], [1e4 + Math.log(2) / 2], 1e-6);
      expect(allFinite(at.gradients['scores']!)).toBe(true);
    }
  });

  it('refuses targets of another shape or between 0 and 1', () => {
    expect(() => evaluate(decoupledSoftmax!, { scores, targets: [[1, 0]] })).toThrow(
      /targets must have shape \[4, 6\]/,
    );
    expect(() => evaluate(decoupledSoftmax!, { scores: [[1, 2]], targets: [[0.5, 1]] })).toThrow(/0 or 1/);
  });
});

describe('softTopK', () => {
  const x = scores[1]!;
  const cotangent = [0.3, -0.2, 0.5, 0.1, 0.7, -0.4];

  it.each([
    [1, 2],
    [2, 2],
    [3.5, 0.7],
    [5, 10],
  ])('opens gates that sum to k = %f at α = %f', (k, alpha) => {
    const { outputs } = evaluate(softTopK!, { x, cotangent }, { k, alpha });
    expectClose(outputs['sum']!, [k], 1e-9);
    expectClose(outputs['value']!, gatesOf(x, k, alpha), 1e-9);
  });

  it('contracts its derivative with the cotangent', async () => {
    const params = { k: 2, alpha: 1.5 };
    const { gradients } = evaluate(softTopK!, { x, cotangent }, params, ['x']);
    const product = (at: Float64Array) => sum(gatesOf([...at], 2, 1.5).map((p, l) => p * cotangent[l]!));
    expectClose(gradients['x']!, [...finiteDifference(product, x, 1e-3)], 1e-8);
    expectClose([sum(gradients['x']!)], [0], 1e-12);
    const single = await evaluate32(softTopK!, { x, cotangent }, params, ['x']);
    expectClose(single.gradients['x']!, gradients['x']!, 1e-4);
  });

  it('shares alike among ties, also where k is a tiny share of the columns', () => {
    const tied = new Array<number>(5).fill(0.4);
    expectClose(
      evaluate(softTopK!, { x: tied, cotangent: tied }, { k: 2, alpha: 3 }).outputs['value']!,
      new Array(5).fill(0.4),
      1e-12,
    );
    const many = new Array<number>(60_000).fill(0.1);
    const { outputs } = evaluate(softTopK!, { x: many, cotangent: many }, { k: 1, alpha: 2 });
    expectClose([outputs['value']![0]! * 60_000], [1], 1e-9);
  });

  it('refuses a k that is not between 0 and the number of documents', () => {
    for (const k of [0, 6, 7]) expect(() => evaluate(softTopK!, { x, cotangent }, { k, alpha: 2 })).toThrow(/^k must/);
  });
});

describe('softTopKLoss', () => {
  it.each([
    [2, 2],
    [5, 0.8],
    [1, 6],
  ])('equals the formula at k = %f, α = %f, with right gradients', async (k, alpha) => {
    const inputs = { scores, targets };
    const { loss } = await expectDifferentiable(softTopKLoss!, inputs, { k, alpha, nIter: 64 }, ['scores'], 1e-3);
    expectClose([loss], [overPositives((row, at) => -Math.log(gatesOf(row, k, alpha)[at]!))], 1e-9);
  });

  it('needs about thirty bisection steps', () => {
    const at = (nIter: number) => evaluate(softTopKLoss!, { scores, targets }, { k: 2, alpha: 2, nIter }).loss;
    expect(Math.abs(at(1) - at(64))).toBeGreaterThan(1e-2);
    expectClose([at(32)], [at(64)], 1e-7);
  });

  it('puts the gate halfway between scores that lie far apart, in both precisions', async () => {
    // σ underflows long before −log σ(−10⁴) = 10⁴ does.
    const far = { scores: [[1e4, 0]], targets: [[0, 1]] };
    for (const at of [
      evaluate(softTopKLoss!, far, { k: 1, alpha: 2 }, ['scores']),
      await evaluate32(softTopKLoss!, far, { k: 1, alpha: 2 }, ['scores']),
    ]) {
      expectClose([at.loss], [1e4], 1e-6);
      expectClose(at.gradients['scores']!, [1, -1], 1e-6);
    }
  });
});

describe('the objective', () => {
  const defaults = definition.params.parse({});
  const embeddings = numbers(42, 5, 3) as number[][];
  const proxies = numbers(43, 4, 3) as number[][];
  const labels = [0, 3, 1, 0, 3];

  it('is the normalised softmax over label vectors', () => {
    const tape = createTape();
    const [queries, documents] = [tape.tensor(embeddings.flat(), [5, 3]), tape.tensor(proxies.flat(), [4, 3])];
    const loss = retrievalLoss(tape, queries, documents, labels, defaults);
    const classic = evaluate(
      normalisedSoftmax.functions['normalizedSoftmax']!,
      { embeddings, proxies, labels },
      { temperature: 0.05 },
    );
    expectClose([...tape.values(loss)], [classic.loss], 1e-12);
  });

  it('leaves the query itself and other positives out of the batch that it is compared with', () => {
    const tape = createTape();
    const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
    const s = unit.map((a) => unit.map((b) => sum(a.map((x, k) => x * b[k]!)) / 0.5));
    const rows = labels.map((label, i) => {
      const positives = labels.flatMap((other, j) => (j !== i && other === label ? [j] : []));
      const negatives = sum(labels.map((other, j) => (other === label ? 0 : Math.exp(s[i]![j]!))));
      const terms = positives.map((k) => -Math.log(Math.exp(s[i]![k]!) / (Math.exp(s[i]![k]!) + negatives)));
      return terms.length === 0 ? 0 : sum(terms) / terms.length;
    });
    const queries = tape.tensor(embeddings.flat(), [5, 3]);
    const loss = retrievalLoss(tape, queries, undefined, labels, { ...defaults, tau: 0.5 });
    expectClose([...tape.values(loss)], [sum(rows) / 5], 1e-12);
    const topK = retrievalLoss(tape, queries, undefined, labels, {
      ...defaults,
      tau: 0.5,
      loss: 'soft-top-k',
      k: 2,
      nIter: 64,
    });
    const ranked = labels.map((label, i) => {
      const rest = labels.flatMap((_, j) => (j === i ? [] : [j]));
      const gates = gatesOf(
        rest.map((j) => s[i]![j]!),
        2,
        2,
      );
      const terms = rest.flatMap((j, at) => (labels[j] === label ? [-Math.log(gates[at]!)] : []));
      return terms.length === 0 ? 0 : sum(terms) / terms.length;
    });
    expectClose([...tape.values(topK)], [sum(ranked) / 5], 1e-9);
  });

  it('has nothing to rank among fewer than two documents', () => {
    const tape = createTape();
    for (const rows of [1, 2]) {
      const queries = tape.variable(embeddings.slice(0, rows).flat(), [rows, 3]);
      const loss = retrievalLoss(tape, queries, undefined, labels.slice(0, rows), { ...defaults, loss: 'soft-top-k' });
      expect(Math.abs(tape.values(loss)[0]!)).toBe(0);
      expect(allZero([...tape.gradients(loss, [queries])[0]!])).toBe(true);
    }
  });

  it.each([
    ['decoupled-softmax', 'labels'],
    ['decoupled-softmax', 'batch'],
    ['soft-top-k', 'labels'],
    ['soft-top-k', 'batch'],
  ] as const)('%s over documents from %s falls in training', async (loss, documents) => {
    const losses = await lossesOfSteps(implementation, { ...defaults, loss, documents, tau: 0.2 });
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  });
});
