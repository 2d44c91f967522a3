import { describe, expect, it } from 'vitest';
import {
  allFinite,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { implementation as crossEntropy } from '../../classification/cross-entropy/implement.js';
import type { Tensor } from '../../core/ops.js';
import type { Batch, Net } from '../../core/slots.js';
import { createTape } from '../../core/tape.js';
import { implementation } from './implement.js';

const { pskd_loss, alpha_schedule, ece_aurc } = implementation.functions as Required<typeof implementation.functions>;

const softmax = (row: readonly number[]) => {
  const total = row.reduce((sum, h) => sum + Math.exp(h), 0);
  return row.map((h) => Math.exp(h) / total);
};

const logits = numbers(14, 4, 3) as number[][];
const past_probs = (numbers(15, 4, 3) as number[][]).map(softmax);
const labels = [2, 0, 1, 1];
const inputs = { logits, labels, past_probs };

describe('pskd_loss', () => {
  it.each([0.1, 0.3, 1])('equals the formula at α = %f, with right gradients', async (alpha) => {
    const { loss, outputs } = await expectDifferentiable(pskd_loss!, inputs, { alpha }, ['logits']);
    const targets = past_probs.map((row, i) => row.map((p, k) => alpha * p + (k === labels[i] ? 1 - alpha : 0)));
    let total = 0;
    targets.forEach((row, i) => row.forEach((t, k) => (total -= t * Math.log(softmax(logits[i]!)[k]!))));
    expectClose([loss], [total / logits.length], 1e-12);
    expectClose(outputs['targets']!, targets.flat(), 1e-15);
  });

  it('has gradient (p − t)/B and none in the past', () => {
    const { gradients, outputs } = evaluate(pskd_loss!, inputs, { alpha: 0.4 }, ['logits', 'past_probs']);
    const expected = logits.flatMap(softmax).map((p, at) => (p - outputs['targets']![at]!) / logits.length);
    expectClose(gradients['logits']!, expected, 1e-14);
    expectClose(gradients['past_probs']!, new Array<number>(12).fill(0), 0);
  });

  it('is cross-entropy at α = 0', () => {
    const soft = evaluate(pskd_loss!, inputs, { alpha: 0 }, ['logits']);
    const hard = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels }, {}, ['logits']);
    expectClose([soft.loss], [hard.loss], 1e-14);
    expectClose(soft.gradients['logits']!, hard.gradients['logits']!, 1e-14);
  });

  it('survives logits of ±1e4 in both precisions', async () => {
    const huge = { logits: [[1e4, -1e4]], labels: [1], past_probs: [[1, 0]] };
    for (const { loss, gradients } of [
      evaluate(pskd_loss!, huge, { alpha: 0.5 }, ['logits']),
      await evaluate32(pskd_loss!, huge, { alpha: 0.5 }, ['logits']),
    ]) {
      expectClose([loss], [1e4], 1e-6);
      expect(allFinite(gradients['logits']!)).toBe(true);
    }
  });
});

describe('alpha_schedule', () => {
  it('rises to α_T in the last epoch', () => {
    const at = (epoch: number) => evaluate(alpha_schedule!, { epoch }, { alpha_T: 0.8, epochs: 4 }).outputs['alpha'];
    expect([0, 1, 2, 3].map(at)).toEqual([[0.2], [0.4], [expect.closeTo(0.6, 14)], [0.8]]);
  });
});

describe('ece_aurc', () => {
  const of = (probs: number[][], truth: number[], bins = 10) =>
    evaluate(ece_aurc!, { probs, labels: truth }, { bins }).outputs;

  it('agrees with areas and bins worked out by hand', () => {
    // Confidences .9 right, .8 wrong, .7 right, .6 wrong: errors so far 0, 1, 1, 2 at coverages ¼ … 1.
    const result = of(
      [
        [0.9, 0.1],
        [0.8, 0.2],
        [0.3, 0.7],
        [0.4, 0.6],
      ],
      [0, 1, 1, 0],
    );
    const area = (0 + 1 / 2 + 1 / 3 + 2 / 4) / 4;
    const best = (1 / 3 + 2 / 4) / 4;
    expectClose(result['aurc_x1000']!, [1000 * area], 1e-12);
    expectClose(result['eaurc_x1000']!, [1000 * (area - best)], 1e-12);
    expectClose(result['ece_percent']!, [(100 * (0.1 + 0.8 + 0.3 + 0.6)) / 4], 1e-12);
  });

  it('counts a confidence on a boundary in the lower bin', () => {
    // With bins (0, .5] and (.5, 1], the right .5 and the wrong .75 stay apart.
    const result = of(
      [
        [0.5, 0.25, 0.25],
        [0.75, 0.25, 0],
      ],
      [0, 1],
      2,
    );
    expectClose(result['ece_percent']!, [(100 * (0.5 + 0.75)) / 2], 1e-12);
  });

  it('refuses a label beyond the columns', () => {
    expect(() => of([[0.5, 0.5]], [2])).toThrow(/labels must be whole numbers in \[0, 2\), received 2/);
  });

  it('has no excess where all is right or all is wrong', () => {
    const rows = [
      [0.9, 0.1],
      [0.6, 0.4],
    ];
    expectClose(of(rows, [0, 0])['aurc_x1000']!, [0], 0);
    expectClose(of(rows, [1, 1])['aurc_x1000']!, [1000], 1e-12);
    expectClose(of(rows, [1, 1])['eaurc_x1000']!, [0], 1e-9);
  });

  it('refuses an empty set', () => {
    expect(() => of([], [])).toThrow(/labels/);
  });
});

describe('ps-kd as an objective', () => {
  const net = (values: Tensor): Net => ({ embed: () => values, logits: () => values });

  it('starts from the labels, then softens them with the last prediction of each example', async () => {
    const tape = createTape();
    const run = runContext(tape, { trainSize: 6, totalEpochs: 2 });
    const objective = implementation.setup(run.context, { alphaT: 0.8 });
    const ids = Int32Array.from([5, 0, 3, 2]);
    const batch: Batch = { ids, x: tape.fill([4, 1], 0), views: [], labels: Int32Array.from(labels) };
    const first = tape.variable(logits.flat(), [4, 3]);
    const plain = evaluate(crossEntropy.functions['crossEntropy']!, { logits, labels });
    expectClose([...tape.values(objective.loss(batch, net(first)))], [plain.loss], 1e-14);
    await objective.afterStep!(batch);

    run.clock.epoch = 1;
    const later = numbers(16, 4, 3) as number[][];
    const second = tape.variable(later.flat(), [4, 3]);
    const expected = evaluate(pskd_loss!, { logits: later, labels, past_probs: logits.map(softmax) }, { alpha: 0.8 });
    expectClose([...tape.values(objective.loss(batch, net(second)))], [expected.loss], 1e-6);

    const unseen: Batch = { ...batch, ids: Int32Array.from([1, 4, 1, 4]) };
    const alone = evaluate(crossEntropy.functions['crossEntropy']!, { logits: later, labels });
    expectClose([...tape.values(objective.loss(unseen, net(second)))], [alone.loss], 1e-14);
  });
});
