import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TwoForms } from '../../../testing/form-checks.js';
import { expectEqualForms, pairwiseCalls, randomLabels, randomLeaf } from '../../../testing/form-checks.js';
import { FUSED_PAIRS } from '../../pairwise/index.js';
import { definition } from './definition.js';
import { decoupledSoftmax } from './formulas.js';
import { decoupledByRelation } from './kernel.js';
import { retrievalLoss } from './objective.js';

const shapes = fc.record({
  queries: fc.integer({ min: 1, max: 40 }),
  documents: fc.integer({ min: 1, max: 40 }),
  width: fc.integer({ min: 3, max: 20 }),
  classes: fc.integer({ min: 1, max: 12 }),
  positive: fc.double({ min: 0, max: 1, noNaN: true }),
  tau: fc.double({ min: 0.02, max: 2, noNaN: true }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

const defaults = definition.params.parse({});

/** Multi-hot rows, and the same as a list of columns a row. */
function drawTargets({ queries, documents, positive, seed }: Shape) {
  const columns: number[] = [];
  const offsets = new Int32Array(queries + 1);
  const targets = Float32Array.from(randomLabels(seed, queries * documents, 1000), (x) =>
    x < 1000 * positive ? 1 : 0,
  );
  targets.forEach((target, at) => {
    if (target === 1) columns.push(at % documents);
    offsets[Math.floor(at / documents) + 1] = columns.length;
  });
  return { targets, positives: { offsets, columns: Int32Array.from(columns) } };
}

const cases: Record<string, (shape: Shape) => TwoForms> = {
  'over label vectors'({ queries, documents, width, tau, seed }) {
    const labels = randomLabels(seed, queries, documents);
    return {
      leaves: [randomLeaf(seed, 'queries', queries, width), randomLeaf(seed, 'documents', documents, width)],
      loss: (ops, [a, b], form) => retrievalLoss(ops, a!, b, labels, { ...defaults, tau }, form),
    };
  },
  'in the batch'({ queries, classes, width, tau, seed }) {
    const labels = randomLabels(seed, queries, classes);
    return {
      leaves: [randomLeaf(seed, 'queries', queries, width)],
      loss: (ops, [a], form) => retrievalLoss(ops, a!, undefined, labels, { ...defaults, tau }, form),
    };
  },
  'over listed positives'(shape) {
    const { queries, documents, width, tau, seed } = shape;
    const { targets, positives } = drawTargets(shape);
    return {
      leaves: [randomLeaf(seed, 'queries', queries, width), randomLeaf(seed, 'documents', documents, width)],
      loss(ops, leaves, form) {
        const [a, b] = leaves.map((x) => ops.l2Normalise(x));
        if (form === 'fused') return decoupledByRelation(ops, a!, b!, positives, tau);
        return decoupledSoftmax(ops, ops.div(ops.matMul(a!, b!, { transposeB: true }), tau), targets);
      },
    };
  },
};

describe('decoupled softmax', () => {
  it.each(Object.entries(cases))('%s is the same fused and composed', (_, build) => expectEqualForms(shapes, build));

  it('is fused from its size on', () => {
    const side = Math.ceil(Math.sqrt(FUSED_PAIRS));
    const callsOf = (rows: number, withDocuments: boolean) =>
      pairwiseCalls([randomLeaf(1, 'a', rows, 3), randomLeaf(1, 'b', rows, 3)], (ops, [a, b]) =>
        retrievalLoss(ops, a!, withDocuments ? b : undefined, randomLabels(1, rows, 5), defaults),
      );
    expect([callsOf(side - 1, true), callsOf(side - 1, false)]).toEqual([0, 0]);
    expect([callsOf(side, true), callsOf(side, false)]).toEqual([1, 2]);
  });
});
