import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SMALL } from '../../../testing/pairwise-webgpu/law.js';
import { webgpuForTests } from '../../../testing/webgpu.js';
import { across, checkPlan, invocations, PLAN_32, tileBytes } from './plan.js';
import { candidates, planFile, rememberedPlan, tune } from './tuner.js';

const gpu = await webgpuForTests();

describe('candidates', () => {
  it.each([
    [16384, 256],
    [49152, 1024],
  ])('fit %i bytes of workgroup memory and %i invocations', (bytes, most) => {
    const limits = { maxComputeWorkgroupStorageSize: bytes, maxComputeInvocationsPerWorkgroup: most };
    const plans = candidates(limits, 16, 'f32');
    expect(plans.length).toBeGreaterThan(1);
    for (const plan of plans) {
      expect(() => checkPlan(plan)).not.toThrow();
      expect(invocations(plan.scores)).toBeLessThanOrEqual(most);
      expect(tileBytes(plan.scores)).toBeLessThan(bytes);
      expect(plan.subgroups).toBe(across(plan.scores) <= 16);
    }
    expect(candidates(limits, 1, 'f16').every(({ subgroups, storage }) => !subgroups && storage === 'f16')).toBe(true);
  });

  it('are kept in the platform’s home', () => {
    const before = process.env['TOUCHSTONE_HOME'];
    process.env['TOUCHSTONE_HOME'] = '/somewhere';
    expect(planFile()).toBe(join('/somewhere', 'pairwise-plans.json'));
    if (before === undefined) delete process.env['TOUCHSTONE_HOME'];
    else process.env['TOUCHSTONE_HOME'] = before;
  });
});

describe.skipIf(!gpu)(`tuner${gpu ? ` on ${gpu.adapter.description}` : ': no adapter here'}`, () => {
  it('times each plan once and remembers the fastest for the adapter and the class of shapes', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'plans-')), 'deep', 'plans.json');
    const shape = { n: 40, m: 40, d: 8, shared: true, storage: 'f32' } as const;
    const times: number[] = [];
    const report = (_plan: string, milliseconds: number): void => void times.push(milliseconds);
    const found = await tune(gpu!, shape, [SMALL, { ...PLAN_32, panel: 2 }], { file, report });
    expect(times).toHaveLength(2);
    expect(times.every((time) => time > 0)).toBe(true);
    expect(found).toEqual(times[0]! <= times[1]! ? SMALL : { ...PLAN_32, panel: 2 });
    expect(await rememberedPlan(gpu!, shape, file)).toEqual(found);
    expect(await rememberedPlan(gpu!, { ...shape, n: 33, m: 64 }, file)).toEqual(found);
    expect(await rememberedPlan(gpu!, { ...shape, n: 70 }, file)).toBeUndefined();
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 20));
    expect(await rememberedPlan(gpu!, shape, file)).toBeUndefined();
  });
});
