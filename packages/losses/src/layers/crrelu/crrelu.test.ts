import { describe, expect, it } from 'vitest';
import { evaluate, expectClose, expectDifferentiable } from '../../../testing/method-checks.js';
import { runContext } from '../../../testing/run-context.js';
import { createTape } from '../../core/tape.js';
import { implementation as plain } from '../relu/implement.js';
import { implementation } from './implement.js';

const fn = implementation.functions['crrelu']!;
const x = [-3, -1.2, -0.5, 0.5, 0.9, 2.7];

describe('CRReLU', () => {
  it.each([0.01, -0.4, 1.3])('equals the formula at ε = %f, with right gradients', async (eps) => {
    const { outputs, gradients } = await expectDifferentiable(fn, { x, eps }, {}, ['x', 'eps']);
    const bump = (value: number) => Math.exp((-value * value) / 2);
    expectClose(
      outputs['y']!,
      x.map((value) => Math.max(0, value) + eps * value * bump(value)),
      1e-14,
    );
    expectClose(
      gradients['x']!,
      x.map((value) => (value > 0 ? 1 : 0) + eps * (1 - value * value) * bump(value)),
      1e-13,
    );
    expectClose(gradients['eps']!, [x.reduce((sum, value) => sum + value * bump(value), 0)], 1e-13);
  });

  it('is ReLU at ε = 0', () => {
    const zero = evaluate(fn, { x, eps: 0 }, {}, ['x']);
    const relu = evaluate(plain.functions['relu']!, { x }, {}, ['x']);
    expectClose(zero.outputs['y']!, relu.outputs['y']!, 0);
    expectClose(zero.gradients['x']!, relu.gradients['x']!, 0);
  });

  it('has derivative ε at 0 and no overflow far out', () => {
    const { outputs, gradients } = evaluate(fn, { x: [0, 1e4, -1e4], eps: 0.3 }, {}, ['x']);
    expectClose(outputs['y']!, [0, 1e4, 0], 0);
    expectClose(gradients['x']!, [0.3, 1, 0], 0);
  });

  it('learns one ε a layer, which starts as asked and is not decayed', () => {
    const tape = createTape();
    const { context, variables } = runContext(tape);
    const first = implementation.setup(context.scope('first'), { epsilonInit: 0.25 });
    implementation.setup(context.scope('second'), { epsilonInit: 0.01 });
    expect(variables().map(({ name, shape, decay }) => ({ name, shape, decay }))).toEqual([
      { name: 'first/epsilon', shape: [], decay: false },
      { name: 'second/epsilon', shape: [], decay: false },
    ]);
    const y = first(tape.tensor([1], [1]));
    expectClose([...tape.values(y)], [1 + 0.25 * Math.exp(-0.5)], 1e-14);
    const [slope] = tape.gradients(y, [variables()[0]!]);
    expectClose([...slope!], [Math.exp(-0.5)], 1e-14);
  });
});
