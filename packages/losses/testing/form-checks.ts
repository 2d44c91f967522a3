/** The composed and the fused form of one formula: the same value and gradients, in both bindings. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { openSession } from '../src/backend/session.js';
import type { Form } from '../src/core/class-softmax.js';
import { hostView } from '../src/core/host-kernel.js';
import type { Ops, Tensor } from '../src/core/ops.js';
import { tfjsDifferentiation } from '../src/core/ops-tfjs.js';
import { philox } from '../src/core/rng.js';
import { createTape } from '../src/core/tape.js';

export interface Leaf {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

export interface TwoForms {
  readonly leaves: readonly Leaf[];
  /** A scalar of the leaves, in the form asked for. */
  loss(ops: Ops, leaves: readonly Tensor[], form: Form): Tensor;
}

/** Standard normal values of a shape, repeatable by seed and name. */
export function randomLeaf(seed: number, name: string, ...shape: number[]): Leaf {
  const rng = philox(seed, name);
  const size = shape.reduce((product, length) => product * length, 1);
  return { values: Float32Array.from({ length: size }, () => rng.normal()), shape };
}

/** Repeatable labels in 0 … classes−1. */
export function randomLabels(seed: number, count: number, classes: number): Int32Array {
  const rng = philox(seed, 'labels');
  return Int32Array.from({ length: count }, () => rng.integer(classes));
}

/** The loss, then each leaf's gradient. */
function inFloat64({ leaves, loss }: TwoForms, form: Form): number[][] {
  const tape = createTape();
  const given = leaves.map(({ values, shape }) => tape.variable([...Array.from(values)], shape));
  const value = loss(tape, given, form);
  return [[...tape.values(value)], ...tape.gradients(value, given).map((gradient) => [...gradient])];
}

function inFloat32({ leaves, loss }: TwoForms, form: Form): number[][] {
  const { ops, leaf, valueOf, recording, gradients } = tfjsDifferentiation;
  return recording(true, () => {
    const given = leaves.map(({ values, shape }) => leaf(valueOf(ops.tensor(values, shape))));
    const value = loss(ops, given, form);
    return [[...hostView(valueOf(value))], ...gradients(value, given).map((gradient) => [...hostView(gradient)])];
  });
}

const largest = (values: readonly number[]): number => values.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
const distance = (a: readonly number[], b: readonly number[]): number => largest(a.map((x, i) => x - b[i]!));

/**
 * Random cases of a formula: in float64 both forms agree to 1e-9 of the largest entry; in float32 the fused form is at
 * most 1.5 times as far from float64 as the composed one, or within `floor` of it. fast-check prints the seed of a failure.
 */
export async function expectEqualForms<T>(
  arbitrary: fc.Arbitrary<T>,
  build: (from: T) => TwoForms,
  { runs = 60, floor = 1e-5 }: { readonly runs?: number; readonly floor?: number } = {},
): Promise<void> {
  const session = await openSession({ backend: 'wasm' });
  fc.assert(
    fc.property(arbitrary, (from) => {
      const forms = build(from);
      const [composed, fused] = [inFloat64(forms, 'composed'), inFloat64(forms, 'fused')];
      let single: Record<Form, number[][]> | undefined;
      session.tidy(() => {
        single = { composed: inFloat32(forms, 'composed'), fused: inFloat32(forms, 'fused') };
      });
      composed.forEach((exact, part) => {
        const scale = Math.max(1, largest(exact));
        expect(exact.every(Number.isFinite)).toBe(true);
        expect(distance(fused[part]!, exact) / scale, `float64, part ${part}`).toBeLessThanOrEqual(1e-9);
        const allowed = Math.max(1.5 * distance(single!.composed[part]!, exact), floor * scale);
        expect(distance(single!.fused[part]!, exact), `float32, part ${part}`).toBeLessThanOrEqual(allowed);
      });
    }),
    { numRuns: runs },
  );
}

/** How often a loss on the float64 tape asks the pairwise engine: 0 where it takes its composed form. */
export function pairwiseCalls(leaves: readonly Leaf[], loss: (ops: Ops, leaves: readonly Tensor[]) => Tensor): number {
  const tape = createTape();
  let calls = 0;
  const counting: Ops = { ...tape, pairwise: (...given) => (calls++, tape.pairwise(...given)) };
  loss(
    counting,
    leaves.map(({ values, shape }) => tape.tensor(values, shape)),
  );
  return calls;
}
