import { describe, expect, it } from 'vitest';
import { allFinite, evaluate, expectClose, expectDifferentiable, numbers } from '../../../testing/method-checks.js';
import { implementation as crossEntropy } from '../cross-entropy/implement.js';
import { implementation } from './implement.js';

const fn = implementation.functions['labelSmoothing']!;
const logits = numbers(2, 4, 5) as number[][];
const labels = [4, 0, 2, 2];

function byLoops(epsilon: number): number {
  let total = 0;
  logits.forEach((row, i) => {
    const partition = row.reduce((sum, h) => sum + Math.exp(h), 0);
    row.forEach((h, k) => {
      const target = (k === labels[i] ? 1 - epsilon : 0) + epsilon / row.length;
      total -= target * Math.log(Math.exp(h) / partition);
    });
  });
  return total / logits.length;
}

describe('label smoothing', () => {
  it.each([0.05, 0.1, 0.6, 1])('equals the formula at ε = %f, with right gradients', async (epsilon) => {
    const { loss } = await expectDifferentiable(fn, { logits, labels }, { epsilon }, ['logits']);
    expectClose([loss], [byLoops(epsilon)], 1e-12);
  });

  it('is cross-entropy at ε = 0', () => {
    const smooth = evaluate(fn, { logits, labels }, { epsilon: 0 }, ['logits']);
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels }, {}, ['logits']);
    expectClose([smooth.loss], [plain.loss], 1e-14);
    expectClose(smooth.gradients['logits']!, plain.gradients['logits']!, 1e-14);
  });

  it('does not depend on the labels at ε = 1', () => {
    const other = evaluate(fn, { logits, labels: [0, 1, 3, 4] }, { epsilon: 1 });
    expectClose([other.loss], [byLoops(1)], 1e-12);
  });

  it('survives logits of ±1e4 and one class', () => {
    const huge = evaluate(fn, { logits: [[1e4, -1e4]], labels: [0] }, { epsilon: 0.1 }, ['logits']);
    expectClose([huge.loss], [1000], 1e-12);
    expect(allFinite(huge.gradients['logits']!)).toBe(true);
    expect(evaluate(fn, { logits: [[7]], labels: [0] }).loss).toBeCloseTo(0, 15);
  });

  it('refuses ε outside [0, 1]', () => {
    expect(() => evaluate(fn, { logits, labels }, { epsilon: 1.2 })).toThrow(/epsilon must be a number in \[0, 1\]/);
  });
});
