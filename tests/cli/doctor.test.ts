/** `touchstone doctor` says which backends are here, which one would be chosen and why. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { touchstone } from './touchstone.js';

interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'note' | 'bad';
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), 'touchstone-doctor-'))));
afterAll(() => rm(home, { recursive: true, force: true }));

async function findings(env: Readonly<Record<string, string>>): Promise<Map<string, Finding>> {
  const { code, stdout } = await touchstone(['doctor', '--json'], { env: { TOUCHSTONE_HOME: home, ...env } });
  expect(code).toBe(0);
  return new Map((JSON.parse(stdout) as Finding[]).map((finding) => [finding.name, finding]));
}

describe('doctor', () => {
  it('finds every backend or says what it lacks, and the threads and vectors of wasm', async () => {
    const found = await findings({ TOUCHSTONE_SOFTWARE_GPU: '0' });
    expect(found.get('backend wasm')).toMatchObject({ level: 'ok', details: { name: 'wasm' } });
    expect(found.get('backend cpu')!.level).toBe('ok');
    for (const name of ['webgpu', 'tensorflow']) {
      const { level, message } = found.get(`backend ${name}`)!;
      if (level !== 'ok') expect(message).toMatch(/no GPU|gpu:install/);
    }
    const { relaxedSimd, threads, cores } = found.get('wasm features')!.details!;
    expect(typeof relaxedSimd).toBe('boolean');
    expect(threads).toBeLessThanOrEqual(cores as number);
  });

  it('names device, driver, limits and features of webgpu, and does not choose one that computes on the CPU', async () => {
    const found = await findings({ TOUCHSTONE_SOFTWARE_GPU: '1' });
    const chosen = found.get('backend chosen')!;
    if (found.get('backend webgpu')!.level !== 'ok') {
      expect(chosen.details!['name']).not.toBe('webgpu');
      return;
    }
    const { adapter, driver, software } = found.get('webgpu device')!.details!;
    expect(`${String(adapter)}${String(driver)}`).not.toBe('');
    expect(found.get('webgpu limits')!.details!['maxStorageBufferBindingSize']).toBeGreaterThan(0);
    expect(Array.isArray(found.get('webgpu features')!.details)).toBe(true);
    expect(chosen.details!['name'] === 'webgpu').toBe(!software);
    expect(chosen.message).toContain(software ? 'compute on the CPU' : 'a GPU is here');
  });

  it('prints the same for people', async () => {
    const { stdout } = await touchstone(['doctor'], { env: { TOUCHSTONE_HOME: home } });
    expect(stdout).toMatch(/backend chosen: \w+: /);
    expect(stdout).toMatch(/relaxed SIMD/);
  });
});
