import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import { implementation, normalizedSoftmax } from './implement.js';

const softmax = implementation.functions['normalizedSoftmax']!;
const scores = implementation.functions['novelClassScores']!;
const embeddings = numbers(9, 4, 3) as number[][];
const proxies = numbers(10, 5, 3) as number[][];
const labels = [1, 4, 0, 0];

const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

describe('normalised softmax', () => {
  it.each([0.05, 0.5])('equals the formula at T = %f, with right gradients', async (temperature) => {
    const inputs = { embeddings, proxies, labels };
    const { loss } = await expectDifferentiable(softmax, inputs, { temperature }, ['embeddings', 'proxies'], 5e-4);
    let total = 0;
    embeddings.forEach((row, i) => {
      const exps = proxies.map((proxy) => Math.exp(dot(unit(row), unit(proxy)) / temperature));
      total -= Math.log(exps[labels[i]!]! / exps.reduce((sum, e) => sum + e, 0));
    });
    expectClose([loss], [total / embeddings.length], 1e-12);
  });

  it('is cross-entropy of the scaled cosines', () => {
    const cosines = embeddings.map((row) => proxies.map((proxy) => dot(unit(row), unit(proxy)) / 0.05));
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits: cosines, labels });
    const normalised = evaluate(softmax, { embeddings, proxies, labels }, { temperature: 0.05 });
    expectClose([normalised.loss], [plain.loss], 1e-12);
  });

  it('stays finite for zero vectors, a batch of one and one class', () => {
    const inputs = {
      embeddings: [[0, 0]],
      proxies: [
        [0, 0],
        [1, 0],
      ],
      labels: [0],
    };
    const { loss, gradients } = evaluate(softmax, inputs, {}, ['embeddings', 'proxies']);
    expectClose([loss], [Math.log(2)], 1e-12);
    expect(allFinite([...gradients['embeddings']!, ...gradients['proxies']!])).toBe(true);
    const single = evaluate(softmax, { embeddings: [[1, 2]], proxies: [[3, 1]], labels: [0] });
    expect(single.loss).toBeCloseTo(0, 15);
  });
});

describe('normalised softmax over many classes', () => {
  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 20 }),
      classes: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 3, max: 9 }),
      temperature: fc.double({ min: 0.02, max: 2, noNaN: true }),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, temperature }) => ({
      leaves: [randomLeaf(seed, 'embeddings', rows, width), randomLeaf(seed, 'proxies', classes, width)],
      loss: (ops, [x, p], form) =>
        normalizedSoftmax(ops, x!, p!, randomLabels(seed, rows, classes), { temperature }, form),
    }));
  });

  it('stores no matrix', () => {
    const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
    const leaves = [randomLeaf(1, 'x', side, 2), randomLeaf(1, 'p', side, 2)];
    const truth = randomLabels(1, side, side);
    expect(pairwiseCalls(leaves, (ops, [x, p]) => normalizedSoftmax(ops, x!, p!, truth, { temperature: 0.1 }))).toBe(1);
  });
});

describe('novel class scores', () => {
  const support = numbers(11, 5, 3) as number[][];
  const query = numbers(12, 2, 3) as number[][];

  it('are cosines to the normalised mean of the normalised support', () => {
    const supportLabels = [7, 3, 7, 3, 3];
    const { outputs } = evaluate(scores, { support, supportLabels, query });
    const expected = query.flatMap((row) =>
      [3, 7].map((label) => {
        const members = support.filter((_, i) => supportLabels[i] === label).map(unit);
        const mean = [0, 1, 2].map((k) => members.reduce((sum, member) => sum + member[k]!, 0) / members.length);
        return dot(unit(row), unit(mean));
      }),
    );
    expectClose(outputs['value']!, expected, 1e-12);
  });
});
