import { describe, expect, it } from 'vitest';
import type { Plain } from '../../../testing/method-checks.js';
import {
  allFinite,
  allZero,
  evaluate,
  evaluate32,
  expectClose,
  expectDifferentiable,
  numbers,
} from '../../../testing/method-checks.js';
import { lossesOfSteps } from '../../../testing/training-steps.js';
import { implementation as infoNce } from '../info-nce/implement.js';
import { implementation as supervised } from '../supervised-contrastive/implement.js';
import { definition } from './definition.js';
import { implementation } from './implement.js';

const { mvInfoNCE, mvDHEL, pwe } = implementation.functions as Required<typeof implementation.functions>;
type Views = number[][][];
const key = 'views[N,M,D]';
const three = numbers(31, 3, 4, 3) as Views;
const two = numbers(32, 2, 5, 3) as Views;
const of = (views: Plain) => ({ [key]: views });

const normalised = (views: Views) => views.map((view) => view.map((row) => row.map((x) => x / Math.hypot(...row))));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

type Row = readonly [view: number, instance: number];

/** Σ e^{s/τ} over the pairs of rows for which `keep` holds, of one instance's rows with all rows. */
function total(views: Views, tau: number, keep: (a: Row, b: Row) => boolean): number {
  const u = normalised(views);
  let sum = 0;
  u.forEach((left, l) =>
    left.forEach((a, i) =>
      u.forEach((right, m) =>
        right.forEach((b, j) => {
          if (keep([l, i], [m, j])) sum += Math.exp(dot(a, b) / tau);
        }),
      ),
    ),
  );
  return sum;
}

const overInstances = (views: Views, loss: (i: number) => number) =>
  views[0]!.reduce((sum, _, i) => sum + loss(i), 0) / views[0]!.length;

const mvInfoNceByLoops = (views: Views, tau: number) =>
  overInstances(views, (instance) => {
    const partition = total(views, tau, ([l, i], [m, j]) => i === instance && !(l === m && i === j));
    const positive = total(views, tau, ([l, i], [m, j]) => i === instance && j === instance && l !== m);
    return -Math.log(positive / partition);
  });

const mvDhelByLoops = (views: Views, tau: number) =>
  overInstances(views, (instance) => {
    let loss = -Math.log(total(views, tau, ([l, i], [m, j]) => i === instance && j === instance && l < m));
    views.forEach((_, view) => {
      loss += Math.log(total(views, tau, ([l, i], [m, j]) => l === view && m === view && i === instance && j !== i));
    });
    return loss;
  });

function pweByLoops(views: Views, tau: number): number {
  const u = normalised(views);
  const losses: number[] = [];
  for (let l = 0; l < u.length; l++)
    for (let m = l + 1; m < u.length; m++) {
      const rows = [...u[l]!, ...u[m]!];
      const partner = (i: number) => (i + u[l]!.length) % rows.length;
      const anchors = rows.map((row, i) => {
        const sum = rows.reduce((t, other, k) => t + (k === i ? 0 : Math.exp(dot(row, other) / tau)), 0);
        return Math.log(sum) - dot(row, rows[partner(i)]!) / tau;
      });
      losses.push(anchors.reduce((a, b) => a + b) / rows.length);
    }
  return losses.reduce((a, b) => a + b) / losses.length;
}

const forms = [
  ['mvInfoNCE', mvInfoNCE!, mvInfoNceByLoops],
  ['mvDHEL', mvDHEL!, mvDhelByLoops],
  ['pwe', pwe!, pweByLoops],
] as const;

describe.each(forms)('%s', (name, fn, byLoops) => {
  it.each([0.1, 0.5, 3])('equals the formula at τ = %f, with right gradients', async (tau) => {
    for (const views of [two, three]) {
      const { loss } = await expectDifferentiable(fn, of(views), { tau }, [key], 1e-3);
      expectClose([loss], [byLoops(views, tau)], 1e-12);
    }
  });

  it('does not depend on the length of embeddings or the order of views and instances', () => {
    const { loss } = evaluate(fn, of(three), { tau: 0.3 });
    const longer = three.map((view, l) => view.map((row, i) => row.map((x) => x * (1 + l + i))));
    const turned = [...three].reverse().map((view) => [...view].reverse());
    expectClose([evaluate(fn, of(longer), { tau: 0.3 }).loss], [loss], 1e-12);
    expectClose([evaluate(fn, of(turned), { tau: 0.3 }).loss], [loss], 1e-12);
  });

  it('is finite for zero vectors, duplicates, eight views and a small temperature, in both precisions', async () => {
    const odd = Array.from({ length: 8 }, (_, l) => [
      [0, 0],
      [1, 1],
      [1, 1],
      [l - 4, 1],
    ]);
    for (const at of [
      evaluate(fn, of(odd), { tau: 0.005 }, [key]),
      await evaluate32(fn, of(odd), { tau: 0.005 }, [key]),
    ])
      expect(allFinite([at.loss, ...at.gradients[key]!])).toBe(true);
  });

  it('has nothing to repel with one instance, in both precisions', async () => {
    const one = [[[1, 2]], [[2, 1]], [[1, -1]]];
    for (const at of [evaluate(fn, of(one), { tau: 0.5 }, [key]), await evaluate32(fn, of(one), { tau: 0.5 }, [key])]) {
      if (name === 'mvDHEL') {
        const cosines = [4 / 5, -1 / Math.sqrt(10), 1 / Math.sqrt(10)];
        expectClose([at.loss], [-Math.log(cosines.reduce((sum, c) => sum + Math.exp(2 * c), 0))], 1e-6);
      } else {
        expectClose([at.loss], [0], 1e-6);
        expect(at.gradients[key]!.every((slope) => Math.abs(slope) < 1e-6)).toBe(true);
      }
    }
  });

  it('refuses one view, another rank and a temperature of 0', () => {
    expect(() => evaluate(fn, of(numbers(1, 1, 3, 2)), { tau: 1 })).toThrow(/two views or more/);
    expect(() => evaluate(fn, of(numbers(1, 3, 2)), { tau: 1 })).toThrow(/views: expected \[views, instances, width\]/);
    expect(() => evaluate(fn, of(three), { tau: 0 })).toThrow(/tau/);
  });
});

describe('with two views', () => {
  it('pwe is NT-Xent, and the supervised contrastive loss with one class an instance', () => {
    const paired = evaluate(pwe!, of(two), { tau: 0.2 }).loss;
    const [view1, view2] = two;
    const classic = evaluate(infoNce.functions['ntXent']!, { view1: view1!, view2: view2! }, { temperature: 0.2 });
    expectClose([paired], [classic.loss], 1e-12);
    const labels = [0, 1, 2, 3, 4, 0, 1, 2, 3, 4];
    const asClasses = evaluate(
      supervised.functions['supervisedContrastiveLoss']!,
      { embeddings: two.flat(), labels },
      { temperature: 0.2 },
    );
    expectClose([paired], [asClasses.loss], 1e-12);
  });

  it('MV-DHEL pulls by the cosine alone', () => {
    const same = [two[0]!, two[0]!];
    const { loss, gradients } = evaluate(
      mvDHEL!,
      of([
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ]),
      { tau: 0.5 },
      [key],
    );
    // Repulsion of orthogonal rows is log e⁰ = 0 in each view; each pair of equal rows pulls by 1/τ.
    expectClose([loss], [-2], 1e-14);
    expect(allZero(gradients[key]!)).toBe(false);
    expect(evaluate(mvDHEL!, of(same), { tau: 0.5 }).loss).toBeLessThan(evaluate(mvDHEL!, of(two), { tau: 0.5 }).loss);
  });
});

describe('the objective', () => {
  const defaults = definition.params.parse({});

  it.each(['mv-dhel', 'mv-info-nce', 'pwe'] as const)('%s asks for its views and falls in training', async (loss) => {
    for (const views of [2, 5]) {
      const losses = await lossesOfSteps(implementation, { ...defaults, loss, views });
      expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    }
  });
});
