import { describe, expect, it } from 'vitest';
import { expectClose, numbers } from '../../testing/method-checks.js';
import { FUSED_PAIRS } from '../pairwise/index.js';
import { otherRowsLogSumExp, twoWayLogSumExp } from './log-sums.js';
import type { Ops } from './ops.js';
import { createTape } from './tape.js';

const rows = (seed: number, n: number) => numbers(seed, n, 3) as number[][];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
const logSumExp = (values: readonly number[]) => Math.log(values.reduce((sum, x) => sum + Math.exp(x), 0));

describe.each(['composed', 'fused'] as const)('%s log-sum-exps', (form) => {
  const tape = createTape();
  const [x, y] = [rows(71, 5), rows(72, 7)];
  const [a, b] = [tape.tensor(x.flat(), [5, 3]), tape.tensor(y.flat(), [7, 3])];

  it('leave a row’s product with itself out', () => {
    const expected = x.map((p, i) => logSumExp(x.flatMap((q, j) => (j === i ? [] : [0.7 * dot(p, q)]))));
    expectClose([...tape.values(otherRowsLogSumExp(tape, a, 0.7, form))], expected, 1e-13);
    const alone = otherRowsLogSumExp(tape, tape.tensor([1, 2], [1, 2]), 1, form);
    expect(tape.values(alone)[0]).toBeLessThan(-1e29);
  });

  it('run both ways over two sets of rows', () => {
    const found = twoWayLogSumExp(tape, a, b, 0.7, form);
    const across = x.map((p) => logSumExp(y.map((q) => 0.7 * dot(p, q))));
    const down = y.map((q) => logSumExp(x.map((p) => 0.7 * dot(p, q))));
    expectClose([...tape.values(found.rows)], across, 1e-13);
    expectClose([...tape.values(found.columns)], down, 1e-13);
  });
});

it('the fused form is taken from the number of pairs on that the engine names', () => {
  const tape = createTape();
  let fused = 0;
  const watched: Ops = { ...tape, pairwise: (...given) => (fused++, tape.pairwise(...given)) };
  const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
  const at = (n: number) => tape.tensor(rows(73, n).flat(), [n, 3]);
  otherRowsLogSumExp(watched, at(side - 1), 1);
  twoWayLogSumExp(watched, at(side - 1), at(side - 1), 1);
  expect(fused).toBe(0);
  otherRowsLogSumExp(watched, at(side), 1);
  twoWayLogSumExp(watched, at(side), at(side), 1);
  expect(fused).toBe(2);
});
