import { it } from 'vitest';
import { readFileSync } from 'node:fs';
import { verifyCases } from './index.js';
it('x', async () => {
  const r = await verifyCases(JSON.parse(readFileSync('/work/shared/papers/vectors.json','utf8')));
  console.log(r.passed, r.failed, r.computed, r.skipped);
  for (const [k, l] of Object.entries(r.cases)) for (const c of l) if (c.status !== 'skipped') console.log(k, c.fn, c.status, c.message, JSON.stringify(c.actualGrad ?? c.actual)?.slice(0,150));
});
