import { expect, it } from 'vitest';
import { areaUnderRoc, equalErrorRate, operatingPoints, trueAcceptRate } from './verification.js';
import { weightedVerification } from './weighted-verification.js';

it('pairs that weigh so much count as if they were there so many times', () => {
  let state = 3;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const same = Uint8Array.from({ length: 300 }, (_, i) => i % 2);
  // Two digits, so that many are equal.
  const similarities = Float64Array.from(same, (each) => Math.round(100 * (0.6 * random() + 0.3 * each)) / 100);
  const weighted = weightedVerification(similarities, same, [1, 2]);
  for (let drawing = 0; drawing < 20; drawing++) {
    const weights = Uint8Array.from(same, () => (drawing === 0 ? 1 : Math.floor(3 * random())));
    const repeated = Array.from(weights, (weight, i) => Array<number>(weight).fill(i)).flat();
    const points = operatingPoints(
      repeated.map((i) => similarities[i]!),
      repeated.map((i) => same[i]!),
    );
    const found = weighted(weights);
    expect(found['auc']).toBeCloseTo(areaUnderRoc(points), 12);
    expect(found['eer']).toBeCloseTo(equalErrorRate(points), 12);
    for (const k of [1, 2]) expect(found[`tar_at_far_1e-${k}`]).toBeCloseTo(trueAcceptRate(points, 10 ** -k), 12);
  }
  expect(weighted(same)).toEqual({});
});
