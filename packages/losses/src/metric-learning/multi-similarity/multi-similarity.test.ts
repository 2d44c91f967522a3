import { describe, expect, it } from 'vitest';
import {
  allFinite,
  allZero,
  evaluate,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const fn = implementation.functions['multiSimilarity']!;
const embeddings = numbers(13, 9, 3) as number[][];
const labels = [0, 0, 0, 1, 1, 2, 2, 2, 3];
const defaults = definition.params.parse({});

function byLoops(params: typeof defaults): number {
  const { alpha, beta, lambda, margin, selfEps } = params;
  const unit = embeddings.map((row) => row.map((x) => x / Math.hypot(...row)));
  const s = unit.map((a) => unit.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0)));
  let total = 0;
  labels.forEach((label, i) => {
    const positives = labels.flatMap((other, j) =>
      j !== i && other === label && s[i]![j]! < 1 - selfEps ? [s[i]![j]!] : [],
    );
    const negatives = labels.flatMap((other, j) => (other !== label ? [s[i]![j]!] : []));
    const keptPositives = positives.filter((x) => x < Math.max(...negatives) + margin);
    const keptNegatives = negatives.filter((x) => x > Math.min(...positives) - margin);
    if (keptPositives.length === 0 || keptNegatives.length === 0) return;
    let pull = 1;
    for (const x of keptPositives) pull += Math.exp(-alpha * (x - lambda));
    let push = 1;
    for (const x of keptNegatives) push += Math.exp(beta * (x - lambda));
    total += Math.log(pull) / alpha + Math.log(push) / beta;
  });
  return total / labels.length;
}

describe('multi-similarity loss', () => {
  it.each([{}, { beta: 50, lambda: 1 }, { margin: 2 }, { margin: 0, alpha: 5, beta: 10, lambda: -0.2 }])(
    'equals the formula at %o, with right gradients',
    async (changed) => {
      const params = { ...defaults, ...changed };
      const { loss } = await expectDifferentiable(fn, { embeddings, labels }, params, ['embeddings']);
      expect(loss).toBeGreaterThan(0);
      expectClose([loss], [byLoops(params)], 1e-12);
    },
  );

  it('has gradient −w₊ and w₋ in the similarities', () => {
    // One positive and one negative an anchor, on the circle: dL/dθ follows from the pair weights alone.
    const angles = [0, 0.5, 1.1, 1.4];
    const truth = [0, 0, 1, 1];
    const rows = angles.map((t) => [Math.cos(t), Math.sin(t)]);
    const params = { ...defaults, margin: 4 };
    const { gradients } = evaluate(fn, { embeddings: rows, labels: truth }, params, ['embeddings']);
    const slope = angles.map((_, m) => {
      let total = 0;
      angles.forEach((a, i) => {
        const weight = (j: number, sign: 1 | -1, scale: number) => {
          const term = (x: number) => Math.exp(sign * scale * (Math.cos(a - angles[x]!) - params.lambda));
          const kind = truth.flatMap((label, x) => (x !== i && (label === truth[i]) === sign < 0 ? [x] : []));
          return (sign * term(j)) / (1 + kind.reduce((sum, x) => sum + term(x), 0));
        };
        angles.forEach((b, j) => {
          if (i === j) return;
          const w = truth[i] === truth[j] ? weight(j, -1, params.alpha) : weight(j, 1, params.beta);
          const turned = (m === i ? 1 : 0) - (m === j ? 1 : 0);
          total += (w * -Math.sin(a - b) * turned) / angles.length;
        });
      });
      return total;
    });
    const along = rows.map(
      (row, m) => -gradients['embeddings']![2 * m]! * row[1]! + gradients['embeddings']![2 * m + 1]! * row[0]!,
    );
    expectClose(along, slope, 1e-10);
  });

  it('has nothing to learn without positives, without negatives, from duplicates and from one example', () => {
    for (const [rows, truth] of [
      [
        [
          [1, 2],
          [2, 1],
          [1, -1],
        ],
        [0, 1, 2],
      ],
      [
        [
          [1, 2],
          [2, 1],
          [1, -1],
        ],
        [0, 0, 0],
      ],
      [
        [
          [1, 0],
          [2, 0],
          [0, 1],
          [0, 3],
        ],
        [0, 0, 1, 1],
      ],
      [[[1, 2]], [0]],
    ] as const) {
      const { loss, gradients } = evaluate(fn, { embeddings: rows, labels: truth }, {}, ['embeddings']);
      expect(loss).toBe(0);
      expect(allZero(gradients['embeddings']!)).toBe(true);
    }
  });

  it('stays finite for zero vectors', () => {
    const inputs = {
      embeddings: [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 0],
      ],
      labels: [0, 1, 0, 1],
    };
    const { loss, gradients } = evaluate(fn, inputs, {}, ['embeddings']);
    expect(allFinite([loss, ...gradients['embeddings']!])).toBe(true);
  });

  it('keeps a zero vector among its own positives, since its similarity with itself is 0', () => {
    // Anchor 0 is zero: positives {0: 0, 2: 0}, negative {1: 0}, all kept. Anchor 1 has no other of its class. Anchor 2:
    // positive {0: 0}, negative {1: cos 45°}, both kept.
    const inputs = {
      embeddings: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      labels: [0, 1, 0],
    };
    const pull = (...similarities: number[]) =>
      Math.log(1 + similarities.reduce((total, s) => total + Math.exp(-2 * (s - 0.5)), 0)) / 2;
    const push = (s: number) => Math.log(1 + Math.exp(40 * (s - 0.5))) / 40;
    const expected = (pull(0, 0) + push(0) + pull(0) + push(Math.SQRT1_2)) / 3;
    expect(evaluate(fn, inputs, {}).loss).toBeCloseTo(expected, 12);
  });
});
