import { describe, expect, it, vi } from 'vitest';
import { philox } from '@touchstone/losses/meta';
import type { Reweighing } from '../predictions/types.js';
import { poissonWeights, REPLICATES } from '../statistics/poisson-weights.js';
import { decodeSketch, sketchMean } from '../statistics/sketch.js';
import type { SketchSource } from './sketches.js';
import { sketchRun } from './sketches.js';

const random = philox(5, 'tests/run-sketches');
const outcomesOf = (units: number): Float64Array => Float64Array.from({ length: units }, () => random.normal());
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

function source(changes: Partial<SketchSource>): SketchSource {
  return {
    scores: {},
    outcomes: {},
    drawn: (_key, units) => ({ ids: units }),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: () => undefined,
    ...changes,
  };
}

/** Mean of `values`, and a score that is no mean: the share of weight on the largest half. */
function reweighing(values: Float64Array, keys = ['mean', 'share']): Reweighing {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!);
  return {
    keys,
    units: values.length,
    scores(weights) {
      let [sum, mass, top] = [0, 0, 0];
      order.forEach((unit, place) => {
        const weight = weights?.[unit] ?? 1;
        sum += weight * values[unit]!;
        mass += weight;
        if (place < values.length / 2) top += weight * values[unit]!;
      });
      return { mean: sum / mass, share: top / mass };
    },
  };
}

describe('sketches of a run', () => {
  it('are those of the library, made in blocks that fit in memory, and hold the score to the last bit', async () => {
    const units = 12_000;
    const [a, b] = [outcomesOf(units), outcomesOf(units)];
    const steps: number[] = [];
    const found = await sketchRun(
      source({ scores: { a: mean(a), b: mean(b) }, outcomes: { a, b }, onProgress: (done) => steps.push(done) }),
    );
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.at(-1)).toBe(REPLICATES);
    const whole = poissonWeights(units);
    for (const [key, values] of Object.entries({ a, b })) {
      const sketch = decodeSketch(found[key]!);
      expect(sketch).toEqual({ ...sketchMean(values, whole), score: mean(values) });
    }
  });

  it('draw units of one cluster together, and widen folds by what their training sets share', async () => {
    const values = outcomesOf(40);
    const ids = Array.from(values, (_, i) => `class ${i % 8}`);
    const scores = { score: mean(values) };
    const grouped = await sketchRun(source({ scores, outcomes: { score: values }, drawn: () => ({ ids }) }));
    expect(decodeSketch(grouped['score']!)).toEqual({ ...sketchMean(values, poissonWeights(ids)), ...scores });
    expect(decodeSketch(grouped['score']!).units).toBe(8);
    const drawn = () => ({ ids: 40, testTrainRatio: 1 / 9 });
    const folds = await sketchRun(source({ scores, outcomes: { score: values }, drawn }));
    const wide = sketchMean(values, poissonWeights(40), { testTrainRatio: 1 / 9 });
    expect(decodeSketch(folds['score']!).deviations).toEqual(wide.deviations);
  });

  it('leave out a score that is not the mean of its outcomes, one without outcomes, and one that draws nothing', async () => {
    const values = outcomesOf(50);
    values[7] = NaN;
    const counted = mean(values.filter((value) => !Number.isNaN(value)));
    const scores = { mean: counted, shifted: counted + 1e-6, alone: 0.5, fixed: counted };
    const found = await sketchRun(
      source({
        scores,
        outcomes: { mean: values, shifted: values, fixed: values },
        drawn: (key, units) => (key === 'fixed' ? null : { ids: units }),
      }),
    );
    expect(Object.keys(found)).toEqual(['mean']);
    expect(decodeSketch(found['mean']!).units).toBe(49);
  });

  it('ask for the scores of weighted units once a replicate, whatever the number of keys', async () => {
    const values = outcomesOf(60);
    const reweigh = reweighing(values);
    const scores = { ...reweigh.scores(null) };
    const spy = vi.spyOn(reweigh, 'scores');
    const found = await sketchRun(source({ scores, outcomes: { mean: values }, reweigh }));
    // One without weights and up to four to see how long they take.
    expect(spy.mock.calls.length - REPLICATES).toBeLessThanOrEqual(5);
    const weights = poissonWeights(60);
    expect(decodeSketch(found['mean']!).units).toBe(60);
    const direct = sketchMean(values, weights).deviations;
    decodeSketch(found['mean']!).deviations.forEach((value, r) => expect(value).toBeCloseTo(direct[r]!, 6));
    const third = reweigh.scores(weights.values.subarray(3 * 60, 4 * 60))['share']!;
    expect(decodeSketch(found['share']!).deviations[3]).toBeCloseTo(third - scores['share']!, 6);
  });

  it('keep the score where a replicate has none', async () => {
    const never: Reweighing = {
      keys: ['area'],
      units: 5,
      scores: (weights): Record<string, number> =>
        weights === null ? { area: 0.7 } : weights[0]! > 0 ? { area: 0.8 } : { area: NaN },
    };
    const { deviations } = decodeSketch((await sketchRun(source({ scores: { area: 0.7 }, reweigh: never })))['area']!);
    const weights = poissonWeights(5);
    deviations.forEach((value, r) => expect(value).toBeCloseTo(weights.values[r * 5]! > 0 ? 0.1 : 0, 6));
  });

  it('are missing, with a warning, where all replicates would take too long or the weights of one give another score', async () => {
    const warnings: string[] = [];
    const onWarning = (line: string) => void warnings.push(line);
    const slow: Reweighing = {
      keys: ['area'],
      units: 5,
      scores() {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return { area: 0.7 };
      },
    };
    expect(await sketchRun(source({ scores: { area: 0.7 }, reweigh: slow, limitMs: 1_000, onWarning }))).toEqual({});
    expect(warnings[0]).toMatch(/area: 1000 replicates would take about \d+ s, the limit is 1 s/);
    const other: Reweighing = { keys: ['area'], units: 5, scores: () => ({ area: 0.6 }) };
    expect(await sketchRun(source({ scores: { area: 0.7 }, reweigh: other, onWarning }))).toEqual({});
    expect(warnings[1]).toContain('counting every unit once gives 0.6, not 0.7');
  });

  it('end when the run is cancelled', async () => {
    const values = outcomesOf(20_000);
    const ending = new AbortController();
    const onProgress = () => ending.abort();
    const work = sketchRun(
      source({ scores: { a: mean(values) }, outcomes: { a: values }, signal: ending.signal, onProgress }),
    );
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
