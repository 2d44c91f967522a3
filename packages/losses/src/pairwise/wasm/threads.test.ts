import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { arraysOf } from '../../../testing/pair-cases.js';
import { statistic } from '../declaration.js';
import * as e from '../expression.js';
import { backwardProgram, forwardProgram } from '../program.js';
import type { FloatArrays } from './engine.js';
import { backwardArrays, forwardArrays } from './engine.js';
import { rectangularSchedule, symmetricSchedule } from './schedule.js';
import { pairThreads, setPairThreads } from './threads.js';

afterEach(() => setPairThreads(1));

const program = forwardProgram('threads', [
  statistic('logSumExp', e.score, { over: e.not(e.member('list')) }),
  statistic('logSumExp', e.mul(e.score, 0.7), { per: 'column' }),
  statistic('sum', e.softplus(e.score), { per: 'column', over: e.sameId('x', 'y') }),
  statistic('max', e.score),
]);
const gradient = backwardProgram('threads', e.mul(e.sigmoid(e.score), e.add(e.row('p'), e.column('q'))));

function digest(arrays: FloatArrays): string {
  const { a, b } = backwardArrays(gradient, arrays, { a: true, b: true });
  const hash = createHash('sha256').update(forwardArrays(program, arrays)).update(a!);
  return (b ? hash.update(b) : hash).digest('hex');
}

describe.each([
  ['rectangular', arraysOf(500, 777, 65, false, 3)],
  ['columns are the rows', arraysOf(901, 901, 40, true, 4)],
])('%s', (_name, arrays) => {
  it('gives the same bits on one, two and three threads', () => {
    const digests = [1, 2, 3, 2].map((count) => {
      setPairThreads(count);
      return digest(arrays);
    });
    expect(new Set(digests).size).toBe(1);
  });
});

describe('the schedule', () => {
  const pairs = (n: number, m: number, symmetric: boolean): number[] => {
    const seen = new Int32Array(n * m);
    for (const round of symmetric ? symmetricSchedule(n) : rectangularSchedule(n, m)) {
      const rows = new Set<number>();
      const columns = symmetric ? rows : new Set<number>();
      for (const [firstRow, lastRow, firstColumn, lastColumn] of round) {
        const own = symmetric && firstRow === firstColumn;
        expect([rows.has(firstRow), columns.has(firstColumn)]).toEqual([false, false]);
        rows.add(firstRow);
        columns.add(firstColumn);
        for (let i = firstRow; i < lastRow; i++)
          for (let j = firstColumn; j < lastColumn; j++) {
            seen[i * m + j]! += 1;
            if (symmetric && !own) seen[j * m + i]! += 1;
          }
      }
    }
    return [...new Set(seen)];
  };
  it.each([1, 63, 64, 65, 130, 320, 700, 1100, 1400])('meets every pair of %d rows once, no row twice a round', (n) => {
    expect(pairs(n, n, true)).toEqual([1]);
    expect(pairs(n, 150, false)).toEqual([1]);
    expect(pairs(150, n, false)).toEqual([1]);
  });
});

it('takes the number from the environment', async () => {
  const given = async (value: string): Promise<number> => {
    vi.stubEnv('TOUCHSTONE_THREADS', value);
    vi.resetModules();
    return (await import('./threads.js')).pairThreads();
  };
  expect(await given('3')).toBe(3);
  expect(await given('')).toBe(1);
  await expect(given('many')).rejects.toThrow(
    /TOUCHSTONE_THREADS: expected a whole number from 1 to 64, received many/,
  );
  vi.unstubAllEnvs();
});

it('refuses a number of threads that is none', () => {
  expect(() => setPairThreads(0)).toThrow(/threads: expected a whole number from 1 to 64, received 0/);
  expect(() => setPairThreads(1.5)).toThrow(/1.5/);
  expect(pairThreads()).toBe(1);
});
