import { describe, expect, it } from 'vitest';
import type { Ops, Tensor } from '../core/ops.js';
import { createTape } from '../core/tape.js';
import { finiteDifference } from '../core/finite-difference.js';
import { philox } from '../core/rng.js';
import type { PairwiseDeclaration, PairwiseInputs } from './index.js';
import * as p from './index.js';

const random = (length: number, stream: string): Float64Array => {
  const rng = philox(20, stream);
  return Float64Array.from({ length }, () => rng.normal());
};
const numbers = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** Σ of cos-weighted statistics, so that every one of them gets another upstream gradient. */
function mixed(ops: Ops, declaration: PairwiseDeclaration, inputs: PairwiseInputs): Tensor {
  const { values } = ops.pairwise(declaration, inputs);
  return Object.values(values)
    .map((value, k) => {
      const weights = Float64Array.from({ length: value.shape[0]! }, (_, i) => Math.cos(1 + i + 3 * k));
      return ops.sum(ops.mul(value, ops.tensor(weights, value.shape)));
    })
    .reduce((a, b) => ops.add(a, b));
}

const labels = Int32Array.from([0, 1, 0, 2, 1]);
const other = Int32Array.from([0, 0, 1, 2, 1, 3, 0]);

describe('statistics', () => {
  it('reduce the scores of a row or a column under a mask', () => {
    const tape = createTape();
    const [n, m, d] = [5, 7, 3];
    const [a, b] = [random(n * d, 'a'), random(m * d, 'b')];
    const s = (i: number, j: number): number => [0, 1, 2].reduce((t, k) => t + a[i * d + k]! * b[j * d + k]!, 0);
    const same = p.sameId('label', 'label');
    const declaration = p.definePairwise({
      name: 'kinds',
      statistics: {
        sum: p.statistic('sum', p.square(p.score), { over: same }),
        lse: p.statistic('logSumExp', p.mul(p.score, 2), { over: p.not(same), per: 'column' }),
        top: p.statistic('max', p.score, { over: same }),
        bottom: p.statistic('min', p.score, { per: 'column', over: same }),
      },
    });
    const { values, positions } = tape.pairwise(declaration, {
      a: tape.tensor(a, [n, d]),
      b: tape.tensor(b, [m, d]),
      rows: { ids: { label: labels } },
      columns: { ids: { label: other } },
    });
    for (let i = 0; i < n; i++) {
      const mine = [...numbers(m)].filter((j) => labels[i] === other[j]);
      expect(tape.values(values['sum']!)[i]).toBeCloseTo(
        mine.reduce((t, j) => t + s(i, j) ** 2, 0),
        12,
      );
      const best = mine.reduce((x, j) => (s(i, j) > s(i, x) ? j : x), mine[0]!);
      expect(tape.values(positions['top']!)[i]).toBe(best);
      expect(tape.values(values['top']!)[i]).toBeCloseTo(s(i, best), 12);
    }
    for (let j = 0; j < m; j++) {
      const rest = [...numbers(n)].filter((i) => labels[i] !== other[j]);
      const lse = Math.log(rest.reduce((t, i) => t + Math.exp(2 * s(i, j)), 0));
      expect(tape.values(values['lse']!)[j]).toBeCloseTo(lse, 12);
    }
    // Column 5 has no row of its label.
    expect(tape.values(positions['bottom']!)[5]).toBe(-1);
    expect(tape.values(values['bottom']!)[5]).toBe(-p.FLOOR);
  });

  it('are finite where a mask is empty, with a zero gradient', () => {
    const tape = createTape();
    const a = tape.variable(random(6, 'e'), [2, 3]);
    const declaration = p.definePairwise({
      name: 'empty',
      statistics: Object.fromEntries(
        (['sum', 'logSumExp', 'max', 'min'] as const).map((kind) => [
          kind,
          p.statistic(kind, p.score, { over: p.less(p.score, -1e9) }),
        ]),
      ),
    });
    const { values } = tape.pairwise(declaration, { a });
    expect(Object.values(values).map((x) => tape.values(x)[0])).toEqual([0, p.FLOOR, p.FLOOR, -p.FLOOR]);
    const [g] = tape.gradients(mixed(tape, declaration, { a }), [a]);
    expect([...g!]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

const bounded = p.div(p.score, p.add(1, p.abs(p.score)));
const everything: Record<string, p.Statistic> = {
  smooth: p.statistic('sum', p.mul(p.sigmoid(p.score), p.exp(p.neg(p.square(p.sub(p.score, p.row('shift'))))))),
  soft: p.statistic('sum', p.softplus(p.div(p.score, p.column('width'))), { over: p.not(p.sameIndex) }),
  angle: p.statistic('sum', p.acos(p.mul(0.9, bounded)), { per: 'column', over: p.before }),
  lse: p.statistic('logSumExp', p.mul(p.score, p.row('shift')), { over: p.not(p.sameIndex) }),
  columnLse: p.statistic('logSumExp', p.sub(p.score, p.column('width')), { per: 'column' }),
  hinge: p.statistic('sum', p.square(p.relu(p.sub(0.4, p.score))), { over: p.or(p.sameIndex, p.before) }),
  top: p.statistic('max', p.mul(p.score, p.score), { over: p.not(p.sameIndex) }),
  root: p.statistic('sum', p.sqrt(p.add(1, p.square(p.score)))),
  logs: p.statistic('sum', p.log(p.max(p.add(2, bounded), p.min(p.score, 1)))),
  listed: p.statistic('sum', p.mul(p.score, p.uniform('u')), { over: p.member('list') }),
  held: p.statistic('sum', p.mul(p.detach(p.sigmoid(p.score)), p.score)),
};

describe.each([false, true])('gradients, columns are the rows: %s', (shared) => {
  it.each(Object.keys(everything).filter((name) => name !== 'held'))('of %s by finite differences', (name) => {
    const [n, d] = [5, 3];
    const m = shared ? n : 6;
    const declaration = p.definePairwise({ name: 'one', statistics: { [name]: everything[name]! } });
    const relations = {
      list: { offsets: Int32Array.from([0, 2, 2, 3, 4, 6]), columns: Int32Array.from([0, 3, 4, 1, 2, 4]) },
    };
    const parts = [
      random(n * d, 'a'),
      random(m * d, 'b'),
      random(n, 'r').map(Math.abs),
      random(m, 'c').map((x) => 1 + x * x),
    ];
    const shapes = [[n, d], [m, d], [n], [m]];
    const loss = (ops: Ops, [a, b, shift, width]: readonly Tensor[]): Tensor =>
      mixed(ops, declaration, {
        a: a!,
        ...(shared ? {} : { b: b! }),
        rows: { fields: { shift: shift! } },
        columns: { fields: { width: width! } },
        relations,
        uniforms: { u: 0.7 },
      });
    const tape = createTape();
    const leaves = parts.map((x, k) => tape.variable(x, shapes[k]!));
    const analytic = tape.gradients(loss(tape, leaves), leaves);
    parts.forEach((x, k) => {
      const numeric = finiteDifference((at) => {
        const fresh = createTape();
        const tensors = parts.map((y, l) => fresh.tensor(l === k ? at : y, shapes[l]!));
        return fresh.values(loss(fresh, tensors))[0]!;
      }, x);
      for (let e = 0; e < x.length; e++) expect(analytic[k]![e]).toBeCloseTo(numeric[e]!, 6);
    });
  });
});

it('detached parts have no derivative', () => {
  const tape = createTape();
  const a = tape.variable(random(6, 'a'), [2, 3]);
  const b = tape.tensor(random(3, 'b'), [1, 3]);
  const { values } = tape.pairwise(p.definePairwise({ name: 'held', statistics: { held: everything['held']! } }), {
    a,
    b,
  });
  const [g] = tape.gradients(tape.sum(values['held']!), [a]);
  const scores = tape.values(tape.matMul(a, b, { transposeB: true }));
  const weights = [...scores].map((s) => 1 / (1 + Math.exp(-s)));
  for (let i = 0; i < 2; i++)
    for (let k = 0; k < 3; k++) expect(g![i * 3 + k]).toBeCloseTo(weights[i]! * tape.values(b)[k]!, 12);
});

describe('bad input', () => {
  const declaration = p.definePairwise({
    name: 'fields',
    statistics: { x: p.statistic('sum', p.row('shift'), { over: p.sameId('label', 'label') }) },
  });
  const tape = createTape();
  const a = tape.tensor(random(6, 'a'), [2, 3]);
  it('names what is missing or of the wrong length', () => {
    expect(() => tape.pairwise(declaration, { a })).toThrow(/row field "shift"/);
    const fields = { shift: tape.fill([3], 1) };
    expect(() => tape.pairwise(declaration, { a, rows: { fields } })).toThrow(/shift must have shape \[2\]/);
    const ids = { label: [1, 2] };
    expect(() =>
      tape.pairwise(declaration, {
        a,
        rows: { fields: { shift: tape.fill([2], 1) }, ids },
        columns: { ids: { label: [1] } },
      }),
    ).toThrow(/label: expected 2 ids/);
    expect(() => tape.pairwise(declaration, { a, b: tape.fill([2, 4], 0) })).toThrow(/b must have shape/);
  });
  it('refuses names that are no identifiers', () => {
    expect(() => p.definePairwise({ name: 'x', statistics: { 'a b': p.statistic('sum', p.score) } })).toThrow('a b');
  });
});
