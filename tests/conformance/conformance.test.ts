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

describe('numeric cases of the papers', () => {
  it('cover the methods that come from the catalogue', () => {
    const expected = ['comp-sum', 'crrelu', 'hyperspherical-nsl', 'multi-similarity', 'noprop', 'ps-kd'];
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
          single.forEach((value, k) => expect(value).toBeCloseTo(values[k]!, 3));
        }
        for (const name of [...Object.keys(grad ?? {}), ...(wantGrad ?? [])]) {
          const slopes = numbersIn(result.actualGrad?.[name]);
          expect(slopes.length, name).toBeGreaterThan(0);
          const slopes32 = numbersIn(result.actualGrad32?.[name]);
          slopes.forEach((slope, k) => expect(slopes32[k], name).toBeCloseTo(slope, 3));
        }
      });
    });
});
