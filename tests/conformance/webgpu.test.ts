/** Every method's numeric cases once more, in float32 on webgpu: nothing in the catalogue may need the host in between. */
import { readFileSync } from 'node:fs';
import { listMethods, verifyCases, type VerifiedCase } from '@touchstone/losses';
import { describe, expect, it, vi } from 'vitest';
import { webgpuForTests } from '../../packages/losses/testing/webgpu.js';

const cases = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Record<string, unknown[]>;
const registered = listMethods()
  .map(({ key }) => key)
  .filter((key) => cases[key]);
// A software GPU compiles each shader for the CPU, on a busy machine in seconds.
vi.setConfig({ testTimeout: 180_000 });
const device = await webgpuForTests();

/** Every number in a nested result. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

function expectClose(single: unknown, exact: unknown): void {
  const [actual, expected] = [numbersIn(single), numbersIn(exact)];
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value));
    expect(error, `${actual[i]} against ${value}`).toBeLessThan(1e-3);
  });
}

describe.skipIf(!device)('numeric cases of the papers on webgpu', () => {
  it.each(registered)('%s', async (key) => {
    const report = await verifyCases({ [key]: cases[key] }, { backend: 'webgpu' });
    device!.check();
    for (const { fn, status, message, actual, actual32, actualGrad, actualGrad32 } of report.cases[key]!) {
      expect(message, fn).toBeUndefined();
      expect(['passed', 'computed'] satisfies VerifiedCase['status'][]).toContain(status);
      if (actual32 !== undefined) expectClose(actual32, actual);
      if (actualGrad32 !== undefined) expectClose(actualGrad32, actualGrad);
    }
  });
});
