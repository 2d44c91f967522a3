import { describe, expect, it } from 'vitest';
import {
  allFinite,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { implementation as crossEntropy } from '../cross-entropy/implement.js';
import { implementation } from './implement.js';

const fn = implementation.functions['focalLoss']!;
const logits = numbers(3, 5, 3) as number[][];
const labels = [0, 2, 1, 1, 0];

function byLoops(gamma: number): number {
  let total = 0;
  logits.forEach((row, i) => {
    const partition = row.reduce((sum, h) => sum + Math.exp(h), 0);
    const p = Math.exp(row[labels[i]!]!) / partition;
    total -= (1 - p) ** gamma * Math.log(p);
  });
  return total / logits.length;
}

describe('focal loss', () => {
  it.each([0.5, 1, 2, 5])('equals the formula at γ = %f, with right gradients', async (gamma) => {
    const { loss } = await expectDifferentiable(fn, { logits, labels }, { gamma }, ['logits']);
    expectClose([loss], [byLoops(gamma)], 1e-12);
  });

  it('is cross-entropy at γ = 0', () => {
    const focal = evaluate(fn, { logits, labels }, { gamma: 0 }, ['logits']);
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels }, {}, ['logits']);
    expectClose([focal.loss], [plain.loss], 1e-14);
    expectClose(focal.gradients['logits']!, plain.gradients['logits']!, 1e-14);
  });

  it.each([0, 0.5, 2])('survives logits of ±1e4 at γ = %f in both precisions', async (gamma) => {
    const inputs = {
      logits: [
        [1e4, -1e4],
        [-1e4, 1e4],
      ],
      labels: [0, 0],
    };
    const exact = evaluate(fn, inputs, { gamma }, ['logits']);
    expectClose([exact.loss], [1e4], 1e-12);
    expect(allFinite(exact.gradients['logits']!)).toBe(true);
    const single = await evaluate32(fn, inputs, { gamma }, ['logits']);
    expectClose([single.loss], [1e4], 1e-6);
    expect(allFinite(single.gradients['logits']!)).toBe(true);
  });

  it('is zero with a zero gradient for one class', () => {
    const { loss, gradients } = evaluate(fn, { logits: [[2], [-5]], labels: [0, 0] }, { gamma: 2 }, ['logits']);
    expect(Math.abs(loss)).toBe(0);
    expectClose(gradients['logits']!, [0, 0], 0);
  });
});
