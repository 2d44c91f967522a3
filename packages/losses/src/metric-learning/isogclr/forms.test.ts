import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectEqualForms, pairwiseCalls, randomLeaf } from '../../../testing/form-checks.js';
import type { Form } from '../../core/class-softmax.js';
import type { Ops, Tensor } from '../../core/ops.js';
import { philox } from '../../core/rng.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { bimodalStep } from './bimodal.js';
import { unimodalStep } from './formulas.js';

const params = { gamma: 0.8, rho: 0.4, betaU: 0.5, eta: 0.03, tauMin: 0.05, tauMax: 1, gradClip: 3 };
const shapes = fc.record({
  seed: fc.nat(1e6),
  examples: fc.integer({ min: 1, max: 40 }),
  width: fc.integer({ min: 3, max: 24 }),
  gamma: fc.double({ min: 0.05, max: 1, noNaN: true }),
  rho: fc.double({ min: 0, max: 2, noNaN: true }),
});

/** The step of random state, of which every third example is seen for the first time. */
function step(ops: Ops, views: readonly Tensor[], seed: number, own: typeof params, form?: Form) {
  const [examples = 0] = views[0]!.shape;
  const rng = philox(seed, 'state');
  const column = (of: (i: number) => number): Tensor =>
    ops.tensor(
      Float32Array.from({ length: examples }, (_, i) => of(i)),
      [examples],
    );
  const state = {
    logS: column(() => 4 * rng.normal()),
    u: column(() => rng.normal()),
    tau: column(() => 0.05 + 0.95 * rng.uniform()),
  };
  return unimodalStep(
    ops,
    views[0]!,
    views[1]!,
    state,
    column((i) => (i % 3 === 0 ? 1 : 0)),
    own,
    form,
  );
}

const leavesOf = (seed: number, examples: number, width: number) => [
  randomLeaf(seed, 'first', examples, width),
  randomLeaf(seed, 'second', examples, width),
];

it.each(['loss', 'logS', 'u', 'tau'] as const)('both forms agree in %s', async (part) => {
  await expectEqualForms(
    shapes.filter(({ examples }) => examples > 1),
    ({ seed, examples, width, gamma, rho }) => ({
      leaves: leavesOf(seed, examples, width),
      loss: (ops, views, form) => ops.mean(step(ops, views, seed, { ...params, gamma, rho }, form)[part]),
    }),
    { runs: 30 },
  );
});

it.each(['loss', 'sI', 'sT', 'bI', 'bT', 'tauI', 'tauT'] as const)('bimodal: both forms agree in %s', async (part) => {
  await expectEqualForms(
    shapes,
    ({ seed, examples, width, gamma, rho }) => ({
      leaves: leavesOf(seed, examples, width),
      loss: (ops, views, form) => {
        const rng = philox(seed, 'bimodal');
        const column = (of: () => number): Tensor =>
          ops.tensor(Float32Array.from({ length: examples }, of), [examples]);
        const uniform = () => rng.uniform();
        const [sI, sT, b, u] = [column(uniform), column(uniform), column(uniform), column(uniform)];
        const own = { gamma, rho, tau: 0.1, betaU: 0.5, eta: 0.03, eps: 1e-10, gradClip: 5 };
        return ops.mean(bimodalStep(ops, views[0]!, views[1]!, { sI, sT, b, u }, own, form)[part]);
      },
    }),
    { runs: 15 },
  );
});

it('agrees for one example alone', async () => {
  await expectEqualForms(
    shapes,
    ({ seed, width }) => ({
      leaves: leavesOf(seed, 1, width),
      loss: (ops, views, form) => step(ops, views, seed, params, form).loss,
    }),
    { runs: 10 },
  );
});

/** Half the rows that make enough pairs for the fused form. */
const enough = Math.ceil(Math.sqrt(FUSED_PAIRS) / 2);

it('switches by the number of pairs', () => {
  const calls = (examples: number) =>
    pairwiseCalls(leavesOf(1, examples, 2), (ops, views) => step(ops, views, 1, params).loss);
  expect([calls(4), calls(enough)]).toEqual([0, 2]);
});
