import { expect, it } from 'vitest';
import { openSession } from '../backend/session.js';
import { withScratch } from './scratch.js';

it('frees what is marked and keeps the result', async () => {
  const session = await openSession({ backend: 'wasm' });
  const { ops } = session;
  let held = 0;
  const sum = await session.evaluate(() => {
    const before = session.memory().bytes;
    const total = withScratch(ops, (mark) => ops.sum(mark(ops.fill([1000, 10], 2))));
    held = session.memory().bytes - before;
    return total;
  });
  expect(sum[0]).toBe(20_000);
  expect(held).toBeLessThan(1000);
  session.close();
});
