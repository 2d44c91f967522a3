import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../backend/start.js';
import { finiteDifference } from './finite-difference.js';
import { tfjsOps } from './ops-tfjs.js';
import type { Ops, Tensor } from './ops.js';
import { createTape } from './tape.js';

const tape = createTape();
const values = (x: Tensor) => [...tape.values(x)];
const matrix = (rows: readonly (readonly number[])[]) => tape.tensor(rows.flat(), [rows.length, rows[0]!.length]);

describe('values worked out by hand', () => {
  const x = matrix([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  it('broadcasts as NumPy does', () => {
    expect(values(tape.add(x, tape.tensor([10, 20, 30], [3])))).toEqual([11, 22, 33, 14, 25, 36]);
    expect(values(tape.sub(tape.tensor([1, 2], [2, 1]), tape.tensor([0, 1, 2], [3])))).toEqual([1, 0, -1, 2, 1, 0]);
    expect(tape.mul(tape.fill([2, 1, 3], 2), tape.fill([4, 1], 3)).shape).toEqual([2, 4, 3]);
  });

  it('reduces along axes counted from either end', () => {
    expect(values(tape.sum(x))).toEqual([21]);
    expect(values(tape.sum(x, { axis: 0 }))).toEqual([5, 7, 9]);
    expect(values(tape.mean(x, { axis: -1, keepDims: true }))).toEqual([2, 5]);
    expect(values(tape.max(x, { axis: [0, 1] }))).toEqual([6]);
    expect(values(tape.argMax(tape.tensor([1, 3, 3, 2], [2, 2]), 1))).toEqual([1, 0]);
    expect(tape.sum(x, { axis: 1, keepDims: true }).shape).toEqual([2, 1]);
  });

  it('multiplies, transposes, cuts and joins', () => {
    expect(values(tape.matMul(x, x, { transposeB: true }))).toEqual([14, 32, 32, 77]);
    expect(values(tape.matMul(x, x, { transposeA: true }))).toEqual([17, 22, 27, 22, 29, 36, 27, 36, 45]);
    expect(values(tape.transpose(x))).toEqual([1, 4, 2, 5, 3, 6]);
    expect(values(tape.slice(x, [0, 1], [2, 2]))).toEqual([2, 3, 5, 6]);
    expect(values(tape.concat([x, tape.tensor([7, 8], [2, 1])], 1))).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
    expect(tape.stack([x, x], 1).shape).toEqual([2, 2, 3]);
    expect(values(tape.gather(x, [1, 1, 0], 1))).toEqual([2, 2, 1, 5, 5, 4]);
    expect(values(tape.pick(x, [2, 0]))).toEqual([3, 4]);
    expect(values(tape.oneHot([1, 0], 2))).toEqual([0, 1, 1, 0]);
    expect(values(tape.sort(tape.tensor([3, 1, 2, -1, -2, -3], [2, 3])))).toEqual([1, 2, 3, -3, -2, -1]);
  });

  it('is exact where floating point is treacherous', () => {
    expect(values(tape.logSumExp(tape.tensor([1000, 1000], [2])))[0]).toBeCloseTo(1000 + Math.LN2, 12);
    expect(values(tape.logSumExp(tape.fill([2], -Infinity)))).toEqual([-Infinity]);
    expect(values(tape.logSoftmax(tape.tensor([-1e4, 0], [2])))).toEqual([-1e4, 0]);
    expect(values(tape.l2Normalise(tape.tensor([0, 0, 3, 4], [2, 2])))).toEqual([0, 0, 0.6, 0.8]);
    expect(values(tape.clip(tape.tensor([NaN, 5], [2]), 0, 1))).toEqual([NaN, 1]);
    expect(values(tape.maximum(tape.tensor([NaN, 5], [2]), 7))).toEqual([NaN, 7]);
    expect(values(tape.relu(tape.tensor([NaN, -1], [2])))).toEqual([NaN, 0]);
  });
});

describe('gradients', () => {
  it('share ties, stop at constants and vanish where there is no path', () => {
    const [x, y] = [tape.variable([2, 2, 1], [3]), tape.variable([1], [1])];
    const [dx, dy] = tape.gradients(tape.max(x), [x, y]);
    expect([...dx!]).toEqual([0.5, 0.5, 0]);
    expect([...dy!]).toEqual([0]);
    expect([...tape.gradients(tape.maximum(x, 2), [x])[0]!]).toEqual([0.5, 0.5, 0]);
    expect([...tape.gradients(tape.relu(tape.sub(x, 2)), [x])[0]!]).toEqual([0, 0, 0]);
    expect([...tape.gradients(tape.mul(x, tape.stopGradient(x)), [x])[0]!]).toEqual([2, 2, 1]);
  });

  it('pass no NaN from the branch that where did not take', () => {
    const x = tape.variable([0, 4], [2]);
    const safe = tape.where(tape.greater(x, 0), tape.log(tape.sqrt(x)), 0);
    expect([...tape.gradients(safe, [x])[0]!]).toEqual([0, 0.125]);
  });

  it('give zeros for a row of −Inf in logSumExp', () => {
    const x = tape.variable([-Infinity, -Infinity, 0, -Infinity], [2, 2]);
    expect([...tape.gradients(tape.logSumExp(x, { axis: 1 }), [x])[0]!]).toEqual([0, 0, 1, 0]);
  });

  it('take a cotangent', () => {
    const x = tape.variable([1, 2], [2]);
    expect([...tape.gradients(tape.square(x), [x], [10, 100])[0]!]).toEqual([20, 400]);
  });

  it('of an inner gradient: the inner one is a constant', () => {
    const x = tape.variable([3], [1]);
    const inner = tape.gradient((y) => tape.sum(tape.pow(y, 3)), x);
    expect(values(inner)).toEqual([27]);
    expect([...tape.gradients(tape.mul(inner, x), [x])[0]!]).toEqual([27]);
  });
});

it('finite differences reach eleven digits', () => {
  const gradient = finiteDifference((x) => Math.exp(x[0]!) * Math.sin(x[1]!), [1, 2]);
  expect(gradient[0]).toBeCloseTo(Math.E * Math.sin(2), 10);
  expect(gradient[1]).toBeCloseTo(Math.E * Math.cos(2), 10);
});

describe.each<[string, Ops]>([
  ['float64', createTape()],
  ['tfjs', tfjsOps],
])('%s refuses wrong shapes by name', (_, ops) => {
  beforeAll(async () => void (await startBackend('cpu')));
  const fake = (shape: number[]) => ops.fill(shape, 1);
  it.each<[string, () => unknown, RegExp]>([
    ['tensor', () => ops.tensor([1, 2], [3]), /tensor: expected 3 values for \[3\], received 2/],
    ['matMul', () => ops.matMul(fake([2, 3]), fake([2, 3])), /matMul: expected a second factor that fits \[2, 3\]/],
    ['broadcast', () => ops.add(fake([2, 3]), fake([2])), /broadcast/],
    ['reshape', () => ops.reshape(fake([2, 3]), [4]), /reshape: expected 6 elements/],
    ['axis', () => ops.sum(fake([2, 3]), { axis: 2 }), /axis: expected an integer from -2 to 1, received 2/],
    ['slice', () => ops.slice(fake([2, 3]), [1, 0], [2, 3]), /slice: expected a block inside \[2, 3\]/],
    ['gather', () => ops.gather(fake([2, 3]), [0, 2]), /gather\[1\]: expected an integer from 0 to 1, received 2/],
    ['pick', () => ops.pick(fake([2, 3]), [0, -1]), /pick\[1\]: expected an integer from 0 to 2, received -1/],
    ['squeeze', () => ops.squeeze(fake([2, 3]), [0]), /squeeze: expected extent 1 on axis 0/],
    ['concat', () => ops.concat([fake([2, 3]), fake([3, 3])], 1), /concat: expected shapes like \[2, 3\]/],
    ['transpose', () => ops.transpose(fake([2, 3]), [0, 0]), /permutation: expected each axis/],
    ['max of nothing', () => ops.max(fake([0, 3]), { axis: 0 }), /reduction: expected at least one element/],
  ])('%s', (_name, body, message) => {
    expect(body).toThrow(message);
    expect(body).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});
