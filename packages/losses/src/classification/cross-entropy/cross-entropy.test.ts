import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { implementation } from './implement.js';

const fn = implementation.functions['crossEntropy']!;
const logits = numbers(1, 5, 4) as number[][];
const labels = [0, 3, 1, 1, 2];

function byLoops(rows: readonly (readonly number[])[], truth: readonly number[]): number {
  let total = 0;
  rows.forEach((row, i) => {
    let partition = 0;
    for (const h of row) partition += Math.exp(h);
    total -= Math.log(Math.exp(row[truth[i]!]!) / partition);
  });
  return total / rows.length;
}

describe('cross-entropy of a linear layer', () => {
  it('is that of its logits, with right gradients', async () => {
    const features = numbers(2, 5, 3) as number[][];
    const weights = numbers(3, 4, 3) as number[][];
    const bias = numbers(4, 4) as number[];
    const inputs = { features, weights, bias, labels };
    const linear = implementation.functions['linearCrossEntropy']!;
    const { loss } = await expectDifferentiable(linear, inputs, {}, ['features', 'weights', 'bias']);
    const product = features.map((x) => weights.map((w, c) => w.reduce((sum, v, k) => sum + v * x[k]!, bias[c]!)));
    expectClose([loss], [byLoops(product, labels)], 1e-12);
  });

  it('survives logits of ±1e4', () => {
    const linear = implementation.functions['linearCrossEntropy']!;
    const inputs = { features: [[1e4]], weights: [[1], [-1]], bias: [0, 0], labels: [1] };
    const { loss, gradients } = evaluate(linear, inputs, {}, ['features', 'bias']);
    expect(loss).toBe(2e4);
    expectClose([...gradients['features']!, ...gradients['bias']!], [2, 1, -1], 1e-12);
  });
});

describe('cross-entropy', () => {
  it('equals the formula, with right gradients in both precisions', async () => {
    const { loss } = await expectDifferentiable(fn, { logits, labels }, {}, ['logits']);
    expectClose([loss], [byLoops(logits, labels)], 1e-12);
  });

  it('has gradient (p − y)/B', () => {
    const { gradients } = evaluate(fn, { logits, labels }, {}, ['logits']);
    const expected = logits.flatMap((row, i) => {
      const partition = row.reduce((sum, h) => sum + Math.exp(h), 0);
      return row.map((h, k) => (Math.exp(h) / partition - (k === labels[i] ? 1 : 0)) / labels.length);
    });
    expectClose(gradients['logits']!, expected, 1e-12);
  });

  it('survives logits of ±1e4', () => {
    const right = evaluate(fn, { logits: [[1e4, -1e4]], labels: [0] }, {}, ['logits']);
    expect(right.loss).toBe(0);
    const wrong = evaluate(fn, { logits: [[1e4, -1e4]], labels: [1] }, {}, ['logits']);
    expect(wrong.loss).toBe(2e4);
    expectClose(wrong.gradients['logits']!, [1, -1], 1e-12);
  });

  it('is zero for one class', () => {
    const { loss, gradients } = evaluate(fn, { logits: [[3], [-2]], labels: [0, 0] }, {}, ['logits']);
    expect(loss).toBeCloseTo(0, 15);
    expect(allFinite(gradients['logits']!)).toBe(true);
  });

  it('refuses a label outside the classes and a missing one', () => {
    expect(() => evaluate(fn, { logits: [[1, 2]], labels: [2] })).toThrow(/labels.*\[0, 2\).*2/);
    expect(() => evaluate(fn, { logits: [[1, 2]], labels: [] })).toThrow(/labels must have 1 entries/);
  });
});
