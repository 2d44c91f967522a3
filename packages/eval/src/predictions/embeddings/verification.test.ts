import { describe, expect, it } from 'vitest';
import { parseFacePairs } from './lfw-pairs.js';
import {
  areaUnderRoc,
  bestThreshold,
  crossValidate,
  equalErrorRate,
  operatingPoints,
  trueAcceptRate,
} from './verification.js';

describe('operating points', () => {
  // Descending: .9 same, .8 different, .7 same and different, .5 same, .1 different.
  const points = operatingPoints([0.5, 0.8, 0.7, 0.9, 0.7, 0.1], [1, 0, 1, 1, 0, 0]);

  it('move equal similarities together', () => {
    expect(points.map(({ threshold, trueAccepts, falseAccepts }) => [threshold, trueAccepts, falseAccepts])).toEqual([
      [Infinity, 0, 0],
      [0.9, 1, 0],
      [0.8, 1, 1],
      [0.7, 2, 2],
      [0.5, 3, 2],
      [0.1, 3, 3],
    ]);
  });
  it('give TAR without interpolation', () => {
    expect(trueAcceptRate(points, 0)).toBe(1 / 3);
    expect(trueAcceptRate(points, 0.5)).toBe(1 / 3);
    expect(trueAcceptRate(points, 2 / 3)).toBe(1);
  });
  it('take a rate that is not exact in binary as it is written', () => {
    const similarities = Array.from({ length: 3001 }, (_, i) => 3001 - i);
    const same = similarities.map((_, i) => Number(i === 3));
    // Three different pairs come first, and 3 of 3,000 is .001.
    expect(trueAcceptRate(operatingPoints(similarities, same), 0.001)).toBe(1);
  });
  it('give the EER on the line between two points, and at a point', () => {
    // From (0, 2/3) to (1/3, 2/3) the rejects stay; from (1/3, 2/3) to (2/3, 1/3) they are equal at 1/2.
    expect(equalErrorRate(points)).toBeCloseTo(0.5, 14);
    expect(equalErrorRate(operatingPoints([2, 1], [1, 0]))).toBe(0);
    expect(equalErrorRate(operatingPoints([2, 1], [0, 1]))).toBe(1);
    expect(equalErrorRate(operatingPoints([1, 1], [0, 1]))).toBe(0.5);
  });
  it('give the AUC as the chance of the right order, ties counting half', () => {
    // Pairs (same, different): .9 beats all 3; .7 beats .1 and ties .7; .5 beats .1.
    expect(areaUnderRoc(points)).toBeCloseTo((3 + 1.5 + 1) / 9, 14);
    expect(areaUnderRoc(operatingPoints([1, 1], [0, 1]))).toBe(0.5);
  });
  it('choose the greatest of equally good thresholds, half-way between values', () => {
    expect(bestThreshold(operatingPoints([3, 1], [1, 0]))).toBe(2);
    // Right answers by descending threshold: 3, 4, 3, 3, 4, 3: the first 4.
    expect(bestThreshold(points)).toBeCloseTo(0.85, 14);
    expect(bestThreshold(operatingPoints([1, 2], [0, 0]))).toBe(3);
    expect(bestThreshold(operatingPoints([1, 2], [1, 1]))).toBe(0);
    expect(bestThreshold(operatingPoints([1, 1 + Number.EPSILON], [0, 1]))).toBe(1 + Number.EPSILON);
  });
});

describe('crossValidate', () => {
  it('chooses each threshold on the other folds', () => {
    // Fold 1 alone would choose 5; fold 0 gives .5, which accepts both of fold 1.
    const result = crossValidate(Float64Array.of(1, 0, 6, 4), Uint8Array.of(1, 0, 1, 0), Int32Array.of(0, 0, 1, 1), 2);
    expect(result.folds).toEqual([
      { threshold: 5, accuracy: 0.5 },
      { threshold: 0.5, accuracy: 0.5 },
    ]);
    expect([...result.right]).toEqual([0, 1, 1, 0]);
  });
});

describe('parseFacePairs', () => {
  const parse = (text: string) => parseFacePairs(Buffer.from(text), 'pairs.txt');
  const line = 'A_B\t1\t12\nA_B\t1\tC\t2\n';
  it('names images with four digits', () => {
    const { images, same, fold } = parse(`2\t1\n${line}${line}`);
    expect(images.slice(0, 2)).toEqual([
      ['A_B_0001', 'A_B_0012'],
      ['A_B_0001', 'C_0002'],
    ]);
    expect([...same]).toEqual([1, 0, 1, 0]);
    expect([...fold]).toEqual([0, 0, 1, 1]);
  });
  it.each([
    ['no head', 'A\t1\t2\n', 'line 1'],
    ['one fold', `1\t1\n${line}`, 'line 1'],
    ['a missing pair', `2\t1\n${line}`, '2 pairs'],
    ['pairs in another order', `2\t1\nA\t1\tB\t2\nA\t1\t2\n${line}`, 'line 2'],
    ['an image that is no number', `2\t1\nA\tx\t2\nA\t1\tB\t2\n${line}`, 'line 2'],
  ])('refuses %s', (_, text, place) => {
    expect(() => parse(text)).toThrow(place);
  });
});
