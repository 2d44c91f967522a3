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
import { runContext } from '../../../testing/run-context.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { evaluateFunction } from '../../core/evaluate-function.js';
import { finiteDifference } from '../../core/finite-difference.js';
import { createTape } from '../../core/tape.js';
import { implementation as supervised } from '../supervised-contrastive/implement.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const { ntXent, clip } = implementation.functions as Required<typeof implementation.functions>;
const one = numbers(21, 4, 3) as number[][];
const two = numbers(22, 4, 3) as number[][];
const defaults = definition.params.parse({});

const unitRows = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((x) => x / Math.hypot(...row)));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

function ntXentByLoops(tau: number): number {
  const z = unitRows([...one, ...two]);
  const losses = z.map((anchor, i) => {
    const positive = Math.exp(dot(anchor, z[(i + 4) % 8]!) / tau);
    const all = z.reduce((sum, other, k) => sum + (k === i ? 0 : Math.exp(dot(anchor, other) / tau)), 0);
    return -Math.log(positive / all);
  });
  return losses.reduce((sum, x) => sum + x, 0) / 8;
}

function clipByLoops(tau: number): number {
  const [a, b] = [unitRows(one), unitRows(two)];
  const e = a.map((x) => b.map((y) => Math.exp(dot(x, y) / tau)));
  const losses = e.map((row, i) => {
    const texts = row.reduce((sum, x) => sum + x, 0);
    const images = e.reduce((sum, other) => sum + other[i]!, 0);
    return -Math.log(row[i]! / texts) - Math.log(row[i]! / images);
  });
  return losses.reduce((sum, x) => sum + x, 0) / 8;
}

describe('ntXent', () => {
  it.each([0.1, 0.5, 3])('equals the formula at τ = %f, with right gradients', async (temperature) => {
    const inputs = { view1: one, view2: two };
    const { loss } = await expectDifferentiable(ntXent!, inputs, { temperature }, ['view1', 'view2']);
    expectClose([loss], [ntXentByLoops(temperature)], 1e-12);
  });

  it('is the supervised contrastive loss of two examples a class', () => {
    const embeddings = [...one, ...two];
    const labels = [0, 1, 2, 3, 0, 1, 2, 3];
    const other = evaluate(
      supervised.functions['supervisedContrastiveLoss']!,
      { embeddings, labels },
      { temperature: 0.3 },
      ['embeddings'],
    );
    const own = evaluate(ntXent!, { view1: one, view2: two }, { temperature: 0.3 }, ['view1', 'view2']);
    expectClose([own.loss], [other.loss], 1e-13);
    expectClose([...own.gradients['view1']!, ...own.gradients['view2']!], other.gradients['embeddings']!, 1e-13);
  });

  it('is log(2B − 1) where all views agree', () => {
    const same = Array.from({ length: 5 }, () => [1, 2]);
    expectClose([evaluate(ntXent!, { view1: same, view2: same }).loss], [Math.log(9)], 1e-14);
  });

  it('is linear in the similarities of the hardest negative as τ falls', async () => {
    // Views of one example agree; the nearest other example is at cosine 0.8.
    const rows = [
      [1, 0],
      [0.8, 0.6],
    ];
    const loss = (temperature: number) => evaluate(ntXent!, { view1: rows, view2: rows }, { temperature }).loss;
    expectClose([loss(1e-3) * 1e-3], [0], 1e-12);
    const apart = { view1: rows, view2: [rows[1]!, rows[0]!] };
    for (const at of [
      evaluate(ntXent!, apart, { temperature: 1e-3 }),
      await evaluate32(ntXent!, apart, { temperature: 1e-3 }),
    ])
      expectClose([at.loss / 200], [1], 1e-5);
  });
});

describe('clip', () => {
  it.each([0.07, 1])('equals the formula at τ = %f, with right gradients', async (temperature) => {
    const inputs = { image: one, text: two };
    const { loss } = await expectDifferentiable(clip!, inputs, { temperature }, ['image', 'text'], 1e-3);
    expectClose([loss], [clipByLoops(temperature)], 1e-12);
  });

  it('does not change when the sides change places', () => {
    const [there, back] = [
      evaluate(clip!, { image: one, text: two }, {}, ['image', 'text']),
      evaluate(clip!, { image: two, text: one }, {}, ['text', 'image']),
    ];
    expectClose([there.loss], [back.loss], 1e-13);
    expectClose(there.gradients['image']!, back.gradients['text']!, 1e-13);
  });
});

describe('both forms', () => {
  const forms = [
    [ntXent!, 'view1', 'view2'],
    [clip!, 'image', 'text'],
  ] as const;

  it('have the derivative by the temperature', () => {
    for (const [fn, a, b] of forms) {
      const inputs = { [a]: one, [b]: two };
      const call = { inputs, params: { temperature: 0.4 }, gradients: ['temperature'] };
      const at = (t: Float64Array) => evaluate(fn, inputs, { temperature: t[0]! }).loss;
      const slope = evaluateFunction(fn, call, 'float64').gradients['temperature'] as number;
      expectClose([slope], [...finiteDifference(at, [0.4], 1e-4)], 1e-8);
    }
  });

  it('give 0 for one example and stay finite for zero vectors', () => {
    for (const [fn, a, b] of forms) {
      const alone = evaluate(fn, { [a]: [[1, 2]], [b]: [[-2, 0.5]] }, {}, [a, b]);
      expectClose([alone.loss], [0], 1e-15);
      expectClose([...alone.gradients[a]!, ...alone.gradients[b]!], [0, 0, 0, 0], 1e-14);
      const zeros = [
        [0, 0],
        [1, 0],
      ];
      const { loss, gradients } = evaluate(fn, { [a]: zeros, [b]: zeros }, {}, [a, b]);
      expect(allFinite([loss, ...gradients[a]!, ...gradients[b]!])).toBe(true);
    }
  });

  it('refuse views of unequal shapes and a temperature of 0', () => {
    for (const [fn, a, b] of forms) {
      expect(() => evaluate(fn, { [a]: one, [b]: two.slice(1) })).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
      );
      expect(() => evaluate(fn, { [a]: one, [b]: two }, { temperature: 0 })).toThrow(/temperature/);
    }
  });
});

describe('info-nce as an objective', () => {
  const batchOf = (tape: ReturnType<typeof createTape>) => ({
    ids: Int32Array.from([0, 1, 2, 3]),
    x: tape.fill([4, 3], 0),
    views: [tape.tensor(one.flat(), [4, 3]), tape.tensor(two.flat(), [4, 3])],
  });
  const lossAt = (params: typeof defaults) => {
    const tape = createTape();
    const run = runContext(tape);
    const objective = implementation.setup(run.context, params);
    const value = objective.loss(batchOf(tape), { embed: (x) => x, logits: (x) => x });
    const [omega] = run.variables();
    return { value: tape.values(value)[0]!, slope: omega ? tape.gradients(value, [omega])[0]![0]! : undefined, omega };
  };

  it('is the function of its form', () => {
    expectClose([lossAt(defaults).value], [ntXentByLoops(0.1)], 1e-12);
    expectClose([lossAt({ ...defaults, form: 'clip', temperature: 0.2 }).value], [clipByLoops(0.2)], 1e-12);
    expect(lossAt(defaults).omega).toBeUndefined();
  });

  it('learns log 1/τ without weight decay', () => {
    const { value, slope, omega } = lossAt({ ...defaults, learnTemperature: true, temperature: 0.5 });
    expectClose([value], [ntXentByLoops(0.5)], 1e-12);
    expect(omega!.decay).toBe(false);
    const at = (w: Float64Array) => ntXentByLoops(Math.exp(-w[0]!));
    expectClose([slope!], [...finiteDifference(at, [Math.log(2)], 1e-4)], 1e-7);
  });

  it('holds 1/τ at 100 and still moves back from there', () => {
    const tape = createTape();
    const { context } = runContext(tape);
    context.variable('log-scale', [], { kind: 'constant', value: Math.log(150) });
    const objective = implementation.setup(context, { ...defaults, learnTemperature: true });
    const value = objective.loss(batchOf(tape), { embed: (x) => x, logits: (x) => x });
    expectClose([...tape.values(value)], [ntXentByLoops(0.01)], 1e-10);
    const omega = context.variable('log-scale', [], { kind: 'constant', value: 0 });
    expect(allZero([...tape.gradients(value, [omega])[0]!])).toBe(false);
  });

  it('refuses a batch without two views', () => {
    const tape = createTape();
    const objective = implementation.setup(runContext(tape).context, defaults);
    const batch = { ...batchOf(tape), views: [] };
    expect(() => objective.loss(batch, { embed: (x) => x, logits: (x) => x })).toThrow(/info-nce needs 2 views/);
  });

  it.each([{}, { form: 'clip' as const }, { learnTemperature: true, temperature: 0.5 }])(
    'trains with %o',
    async (changed) => {
      const losses = await lossesOfSteps(implementation, { ...defaults, temperature: 0.5, ...changed }, { steps: 6 });
      expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    },
  );
});
