import { readFileSync } from 'node:fs';
import { listMethods, verifyCases, type VerifiedCase } from '@touchstone/losses';
import { beforeAll, describe, expect, it } from 'vitest';

const cases = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  { fn: string; expected?: unknown; grad?: object; wantGrad?: string[] }[]
>;
const registered = listMethods()
  .map(({ key }) => key)
  .filter((key) => cases[key]);
let results: Readonly<Record<string, readonly VerifiedCase[]>> = {};

beforeAll(async () => {
  const report = await verifyCases(Object.fromEntries(registered.map((key) => [key, cases[key]])), { backend: 'wasm' });
  results = report.cases;
});

/** Every number in a nested result. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

/** Float32 against float64, by the verifier's rule: relative to numbers above 1. */
function expectClose(single: number, exact: number, name?: string): void {
  expect(single / Math.max(1, Math.abs(exact)), name).toBeCloseTo(exact / Math.max(1, Math.abs(exact)), 3);
}

describe('numeric cases of the papers', () => {
  it('cover the methods that come from the catalogue', () => {
    const expected = [
      'amcl',
      'comp-sum',
      'crrelu',
      'hyperspherical-nsl',
      'isogclr',
      'mee',
      'multi-similarity',
      'noprop',
      'ps-kd',
    ];
    expect(registered).toEqual(expect.arrayContaining(expected));
  });

  for (const key of registered)
    (cases[key] ?? []).forEach(({ fn, expected, grad, wantGrad }, i) => {
      const judged = expected !== undefined || grad !== undefined;
      it(`${key}: ${fn} is ${judged ? 'as published' : 'computed'} in both precisions`, () => {
        const result = results[key]![i]!;
        expect(result.message).toBeUndefined();
        expect(result.status).toBe(judged ? 'passed' : 'computed');
        const values = numbersIn(result.actual);
        expect(values.length).toBeGreaterThan(0);
        expect(values.every(Number.isFinite)).toBe(true);
        const single = numbersIn(result.actual32);
        if (single.length > 0) {
          expect(single).toHaveLength(values.length);
          single.forEach((value, k) => expectClose(value, values[k]!));
        }
        for (const name of [...Object.keys(grad ?? {}), ...(wantGrad ?? [])]) {
          const slopes = numbersIn(result.actualGrad?.[name]);
          expect(slopes.length, name).toBeGreaterThan(0);
          const slopes32 = numbersIn(result.actualGrad32?.[name]);
          slopes.forEach((slope, k) => expectClose(slopes32[k]!, slope, name));
        }
      });
    });
});
