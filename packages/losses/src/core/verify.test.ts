import { describe, expect, it } from 'vitest';
import { startBackend } from '../backend/start.js';
import type { FunctionImplementation } from './define.js';
import { evaluateFunction } from './evaluate-function.js';
import { firstDifference } from './judge.js';
import { flatten, nest } from './nested.js';
import type { Tensor } from './ops.js';
import { verifyCases } from './verify.js';

const x = [-3, -0.5, 0, 0.5, 1];
const crrelu = (at: number, eps: number) => Math.max(0, at) + eps * at * Math.exp((-at * at) / 2);
const good = {
  fn: 'crrelu',
  params: {},
  inputs: { x, eps: 0.01 },
  expected: { y: x.map((at) => crrelu(at, 0.01)) },
  grad: { eps: x.reduce((sum, at) => sum + at * Math.exp((-at * at) / 2), 0) },
  wantGrad: ['x'],
  tol: 1e-12,
};
const verifyOne = async (key: string, item: unknown) => (await verifyCases({ [key]: [item] })).cases[key]![0]!;

describe('verifyCases', () => {
  it('judges value and gradients in float64 and float32 and gives back what it computed', async () => {
    const report = await verifyCases({ crrelu: [good] });
    expect(report).toMatchObject({ passed: 1, failed: 0, computed: 0, skipped: 0 });
    const result = report.cases['crrelu']![0]!;
    expect(result).toMatchObject({ ...good, status: 'passed' });
    expect(Object.keys(result.actualGrad!)).toEqual(['eps', 'x']);
    expect((result.actualGrad!['x'] as number[])[2]).toBe(0.01);
    const { y } = result.actual32 as { y: number[] };
    expect(y[0]).toBe(Math.fround(y[0]!));
    expect(result.actualGrad32!['eps']).toBeCloseTo(good.grad.eps, 6);
  });

  it('computes without judging where nothing is expected', async () => {
    const { fn, inputs } = good;
    const result = await verifyOne('crrelu', { fn, inputs, wantGrad: ['x'] });
    expect(result.status).toBe('computed');
    expect(result.actual).toBeDefined();
    expect(result.actualGrad!['x']).toHaveLength(5);
  });

  it('fails a wrong value and a wrong gradient, naming the place', async () => {
    const wrongValue = await verifyOne('crrelu', { ...good, expected: { y: [...good.expected.y.slice(0, 4), 9] } });
    expect(wrongValue).toMatchObject({ status: 'failed', message: expect.stringContaining('float64: value.y[4]') });
    expect(wrongValue.message).toContain('float32: value.y[4]');
    const wrongGradient = await verifyOne('crrelu', { ...good, grad: { eps: 1e-3 } });
    expect(wrongGradient.message).toContain('grad.eps');
  });

  it.each([
    ['an unknown function', { fn: 'nothing' }, /has no function nothing; it has crrelu/],
    ['a function name of Object.prototype', { fn: 'constructor' }, /has no function constructor/],
    ['a missing input', { fn: 'crrelu', inputs: { x } }, /eps: missing input; allowed: x, eps/],
    ['an unknown input', { fn: 'crrelu', inputs: { x, eps: 0, z: 1 } }, /z: unknown input; allowed: x, eps/],
    ['an unknown parameter', { ...good, params: { gamma: 2 } }, /params.gamma: unknown parameter; allowed: none/],
    [
      'a misspelt parameter',
      { fn: 'compSum', params: { Tau: 2 }, inputs: { logits: [[0, 1]], labels: [0] } },
      /params.Tau: unknown parameter; allowed: reduction, tau/,
    ],
    ['ragged lists', { fn: 'crrelu', inputs: { x: [[1], [1, 2]], eps: 0 } }, /x\[1\]: expected a list of 1/],
    ['a text for a number', { fn: 'crrelu', inputs: { x: ['a'], eps: 0 } }, /x\[0\]: expected a number/],
    [
      'a gradient by nothing',
      { fn: 'crrelu', inputs: { x, eps: 0 }, wantGrad: ['w'] },
      /w: gradient; allowed: the name of an input/,
    ],
    [
      'a gradient by labels',
      { fn: 'compSum', inputs: { logits: [[0, 1]], labels: [0] }, wantGrad: ['labels'] },
      /labels: gradient; allowed: the name of an input/,
    ],
    ['a label that is no whole number', { fn: 'compSum', inputs: { logits: [[0, 1]], labels: [0.5] } }, /labels: 0.5/],
    ['a tolerance that is none', { ...good, tol: -1 }, /tol must be a number/],
    ['wantGrad as a text', { ...good, wantGrad: 'x' }, /wantGrad is a list/],
    ['a case that is no object', 7, /a case is an object/],
    ['a case without a function', {}, /a case is an object/],
  ])('%s is a failed case with a message', async (_, item, message) => {
    const key = typeof item === 'object' && 'fn' in item && item.fn === 'compSum' ? 'comp-sum' : 'crrelu';
    const result = await verifyOne(key, item);
    expect(result.status).toBe('failed');
    expect(result.message).toMatch(message);
  });

  it('refuses a constant parameter with another value', async () => {
    const item = { fn: 'compSum', params: { tau: 1, reduction: 'sum' }, inputs: { logits: [[0, 1]], labels: [0] } };
    expect(await verifyOne('comp-sum', item)).toMatchObject({
      status: 'failed',
      message: 'params.reduction: sum; allowed: "mean"',
    });
  });

  it('skips methods that are not in the registry, and fails a file that is no object', async () => {
    const report = await verifyCases({ 'not-a-method': [good, good], crrelu: [good] });
    expect(report).toMatchObject({ passed: 1, failed: 0, skipped: 2 });
    expect(report.cases['not-a-method']![0]!.message).toMatch(/not in this registry/);
    expect(await verifyCases([good])).toMatchObject({ passed: 0, failed: 1 });
    expect(await verifyCases({ crrelu: 5 })).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('evaluateFunction', () => {
  const twoViews: FunctionImplementation = {
    inputs: { a: 'tensor', b: 'tensor', 'views[N,D]': 'tensor', weight: 'number' },
    evaluate: (ops, { a, b, 'views[N,D]': views, weight }, { theta = 1 }) => ({
      loss: ops.mul(ops.sum(ops.mul(ops.mul(a, b), weight)), theta),
      H: ops.square(a),
      rows: ops.sum(views, { axis: 0 }),
    }),
    aliases: {
      'features[B,2]': { of: ['a', 'b'], arrange: ([a, b]) => (a as number[]).map((x, i) => [x, (b as number[])[i]!]) },
      H_of_mean: { of: ['a'], differentiate: ({ H }, ops) => ops.mean(H as Tensor) },
    },
  };
  const call = { inputs: { a: [1, 2], b: [3, 4], 'views[N,D]': [[1], [2]], weight: 10 }, params: { theta: 2 } };

  it.each(['float64', 'float32'] as const)(
    'differentiates by inputs, parameters and aliases in %s',
    async (precision) => {
      await startBackend('wasm');
      const gradients = ['a', 'weight', 'theta', 'features[B,2]', 'H_of_mean', 'views'];
      const result = evaluateFunction(twoViews, { ...call, gradients }, precision);
      expect(result.value).toEqual({ loss: 220, H: [1, 4], rows: [3] });
      expect(result.gradients).toEqual({
        a: [60, 80],
        weight: 22,
        theta: 110,
        'features[B,2]': [
          [60, 20],
          [80, 40],
        ],
        H_of_mean: [1, 2],
        views: [[0], [0]],
      });
    },
  );
});

describe('firstDifference', () => {
  it.each([
    [1, 1 + 1e-7, 1e-6, true],
    [1000, 1000.0005, 1e-6, true],
    [0, 2e-6, 1e-6, false],
    [NaN, NaN, 0, true],
    [NaN, 1, 1, false],
    [Infinity, Infinity, 0, true],
    [1, true, 0, true],
    [{ a: 1, b: 2 }, { a: 1 }, 0, true],
    [{ a: 1 }, { a: 1, b: 2 }, 0, false],
    [[1, 2], [1], 0, false],
    [[1], { a: 1 }, 0, false],
    [1, [1], 0, false],
    ['a', 'a', 0, true],
    [null, null, 0, true],
    [undefined, null, 0, false],
  ])('%j against %j within %d: %s', (actual, expected, tolerance, equal) => {
    expect(firstDifference(actual, expected, tolerance) === undefined).toBe(equal);
  });
});

it('flatten and nest are inverse', () => {
  const nested = [
    [[1], [2]],
    [[3], [4]],
  ];
  const { shape, values } = flatten('x', nested);
  expect(shape).toEqual([2, 2, 1]);
  expect(nest(values, shape)).toEqual(nested);
  expect(flatten('x', 5)).toEqual({ shape: [], values: Float64Array.of(5) });
  expect(flatten('x', [true, false]).values).toEqual(Float64Array.of(1, 0));
  expect(nest([5], [])).toBe(5);
});
