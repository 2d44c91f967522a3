import * as fc from 'fast-check';
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
import { expectEqualForms, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { createTape } from '../../core/tape.js';
import { implementation as arcface } from '../arcface/implement.js';
import { implementation as cosface } from '../cosface/implement.js';
import { definition } from './definition.js';
import { elasticFace, implementation } from './implement.js';
import { assignMargins } from './margins.js';

const { elasticArc, elasticCos } = implementation.functions as Required<typeof implementation.functions>;
const embeddings = numbers(54, 5, 3) as number[][];
const kernel = numbers(52, 3, 4) as number[][];
const labels = [1, 3, 0, 0, 2];
const margins = [0.4, 0.55, 0.3, 0.62, 0.5];
const inputs = { embeddings, kernel, labels, margins };
const defaults = definition.params.parse({});

const weights = [0, 1, 2, 3].map((c) => kernel.map((row) => row[c]!));
const unit = (row: readonly number[]) => row.map((x) => x / Math.hypot(...row));
const cosine = (a: readonly number[], b: readonly number[]) => unit(a).reduce((sum, x, k) => sum + x * unit(b)[k]!, 0);
const own = embeddings.map((row, i) => cosine(row, weights[labels[i]!]!));

/** The margins as the formula hands them out, by sorting lists of rows. */
function handedOut(plus: boolean, mode: 'code' | 'rank', drawn = margins, cosines = own): number[] {
  if (!plus) return drawn;
  const order = cosines.map((_, i) => i).sort((a, b) => cosines[b]! - cosines[a]! || a - b);
  const ascending = [...drawn].sort((a, b) => a - b);
  if (mode === 'code') return order.map((at) => ascending[at]!);
  return cosines.map((_, i) => ascending[order.indexOf(i)]!);
}

function byLoops(kind: 'arc' | 'cos', s: number, given: readonly number[]): number {
  let total = 0;
  embeddings.forEach((row, i) => {
    const logits = weights.map((weight, c) => {
      const cos = cosine(row, weight);
      if (c !== labels[i]) return s * cos;
      return s * (kind === 'arc' ? Math.cos(Math.acos(cos) + given[i]!) : cos - given[i]!);
    });
    total += Math.log(logits.reduce((sum, z) => sum + Math.exp(z - logits[labels[i]!]!), 0));
  });
  return total / embeddings.length;
}

describe('ElasticFace', () => {
  for (const [kind, fn] of [
    ['arc', elasticArc!],
    ['cos', elasticCos!],
  ] as const) {
    it(`equals the formula, with right gradients (${kind})`, async () => {
      const names = ['embeddings', 'kernel', 'margins'];
      const { loss } = await expectDifferentiable(fn, inputs, { s: 20, plus: false }, names, 5e-4);
      expectClose([loss], [byLoops(kind, 20, margins)], 1e-12);
    });

    it.each(['code', 'rank'] as const)(`hands margins out by difficulty (${kind}, %s)`, async (plusMode) => {
      const params = { s: 20, plus: true, plusMode };
      const { loss } = await expectDifferentiable(fn, inputs, params, ['embeddings', 'kernel'], 5e-4);
      expectClose([loss], [byLoops(kind, 20, handedOut(true, plusMode))], 1e-12);
    });

    it(`is the head with a fixed margin where all margins are equal (${kind})`, () => {
      const fixed = kind === 'arc' ? arcface.functions['arcFace']! : cosface.functions['cosFace']!;
      const classic = evaluate(fixed, { embeddings, weights, labels }, { s: 30, m: 0.4 });
      const equal = { ...inputs, margins: labels.map(() => 0.4) };
      for (const plus of [false, true]) expectClose([evaluate(fn, equal, { s: 30, plus }).loss], [classic.loss], 1e-13);
    });
  }

  it('takes the mode of the code by default', () => {
    const plain = evaluate(elasticArc!, inputs, { s: 20, plus: true }).loss;
    expect(plain).toBe(evaluate(elasticArc!, inputs, { s: 20, plus: true, plusMode: 'code' }).loss);
    expect(plain).not.toBe(evaluate(elasticArc!, inputs, { s: 20, plus: true, plusMode: 'rank' }).loss);
  });

  it('leaves rows without a label out of the mean and of the order', () => {
    const partly = { ...inputs, labels: [1, -1, 0, -1, 2] };
    const keep = <T>(rows: readonly T[]) => rows.filter((_, i) => partly.labels[i] !== -1);
    const rest = { embeddings: keep(embeddings), kernel, labels: keep(partly.labels), margins: keep(margins) };
    for (const plus of [false, true]) {
      const whole = evaluate(elasticCos!, partly, { s: 20, plus }, ['embeddings']);
      expectClose([whole.loss], [evaluate(elasticCos!, rest, { s: 20, plus }).loss], 1e-14);
      expect(allZero(whole.gradients['embeddings']!.slice(3, 6))).toBe(true);
    }
    const none = evaluate(elasticArc!, { ...inputs, labels: labels.map(() => -1) }, {}, ['embeddings', 'kernel']);
    expect(none.loss).toBe(0);
    expect(allZero(Object.values(none.gradients).flat())).toBe(true);
  });

  it('is 0 for one class and finite for zero vectors, one row and margins beyond π', () => {
    const one = evaluate(elasticArc!, { embeddings: [[1, 2]], kernel: [[1], [1]], labels: [0], margins: [0.5] });
    expect(one.loss).toBe(0);
    for (const fn of [elasticArc!, elasticCos!])
      for (const margin of [-4, 0, 7]) {
        const zeros = {
          embeddings: [[0, 0]],
          kernel: [
            [0, 1],
            [0, -1],
          ],
          labels: [1],
          margins: [margin],
        };
        const { loss, gradients } = evaluate(fn, zeros, { s: 64, plus: true }, ['embeddings', 'kernel']);
        expect(allFinite([loss, ...Object.values(gradients).flat()])).toBe(true);
      }
  });

  it('refuses labels below −1, a kernel of another width, missing margins and a plus that is no boolean', () => {
    expect(() => evaluate(elasticArc!, { ...inputs, labels: [-2, 0, 0, 0, 0] })).toThrow(/labels must be whole/);
    expect(() => evaluate(elasticArc!, { ...inputs, labels: [4, 0, 0, 0, 0] })).toThrow(/labels must be whole/);
    expect(() => evaluate(elasticArc!, { ...inputs, kernel: weights })).toThrow(/kernel must have shape \[3/);
    expect(() => evaluate(elasticArc!, { ...inputs, margins: [0.1] })).toThrow(/margins must have shape \[5\]/);
    expect(() => evaluate(elasticArc!, inputs, { plus: 1 })).toThrow(/plus must be true or false/);
    expect(() => evaluate(elasticArc!, inputs, { plus: true, plusMode: 'sorted' })).toThrow(/code, rank/);
  });
});

describe('handing out margins', () => {
  it.each(['code', 'rank'] as const)('follows the order of the cosines, ties in their own (%s)', (mode) => {
    const tape = createTape();
    for (const cosines of [own, [0.1, 0.9, 0.1, 0.9, 0.5], [1, 1, 1, 1, 1], [0.3]]) {
      const drawn = margins.slice(0, cosines.length);
      const given = assignMargins(
        tape,
        tape.tensor(drawn, [cosines.length]),
        tape.tensor(cosines, [cosines.length]),
        mode,
      );
      expectClose([...tape.values(given)], handedOut(true, mode, drawn, cosines), 0);
    }
  });

  it('gives the larger margin to the smaller cosine by rank', async () => {
    const tape = createTape();
    const given = tape.values(assignMargins(tape, tape.tensor(margins, [5]), tape.tensor(own, [5]), 'rank'));
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < 5; j++) if (own[i]! > own[j]!) expect(given[i]).toBeLessThan(given[j]!);
    const [single, exact] = [
      await evaluate32(elasticArc!, inputs, { s: 20, plus: true, plusMode: 'rank' }),
      evaluate(elasticArc!, inputs, { s: 20, plus: true, plusMode: 'rank' }),
    ];
    expectClose([single.loss], [exact.loss], 1e-4);
  });
});

describe('ElasticFace in training', () => {
  it('draws the same margins at the same step and others at the next', () => {
    const tape = createTape();
    const run = runContext(tape);
    const objective = implementation.setup(run.context, { ...defaults, s: 16 });
    const net = { embed: (x: Parameters<typeof tape.values>[0]) => x, logits: (x: typeof batch.x) => x };
    const batch = {
      ids: Int32Array.from([0, 1, 2]),
      x: tape.tensor((numbers(53, 3, 4) as number[][]).flat(), [3, 4]),
      views: [],
      labels: Int32Array.from([2, 0, 1]),
    };
    const value = () => tape.values(objective.loss(batch, net))[0]!;
    const first = value();
    expect(value()).toBe(first);
    run.clock.step = 1;
    expect(value()).not.toBe(first);
    const fixed = implementation.setup(run.context, { ...defaults, s: 16, deviation: 0 });
    const at = (step: number) => {
      run.clock.step = step;
      return tape.values(fixed.loss(batch, net))[0]!;
    };
    expect(at(0)).toBe(at(1));
  });

  it.each([
    { variant: 'arc', plus: false },
    { variant: 'cos', margin: 0.35, plus: true },
  ] as const)('lowers the loss on the backend (%o)', async (changed) => {
    const losses = await lossesOfSteps(implementation, { ...defaults, s: 16, deviation: 0.0175, ...changed });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('has one value and gradient in both forms', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      rows: fc.integer({ min: 1, max: 16 }),
      classes: fc.integer({ min: 1, max: 24 }),
      width: fc.integer({ min: 2, max: 9 }),
      s: fc.double({ min: 1, max: 64, noNaN: true }),
      variant: fc.constantFrom('arc' as const, 'cos' as const),
      plus: fc.boolean(),
      plusMode: fc.constantFrom('code' as const, 'rank' as const),
    });
    await expectEqualForms(cases, ({ seed, rows, classes, width, ...params }) => ({
      leaves: [
        randomLeaf(seed, 'embeddings', rows, width),
        randomLeaf(seed, 'weights', classes, width),
        randomLeaf(seed, 'margins', rows),
      ],
      loss: (ops, [x, w, drawn], form) =>
        elasticFace(ops, x!, w!, randomLabels(seed, rows, classes), ops.mul(drawn!, 0.3), params, form),
    }));
  });
});
