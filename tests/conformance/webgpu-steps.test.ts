/** Every method that is a loss takes training steps on webgpu, and its losses are those on wasm. */
import { listMethods, parseParams, type MethodImplementation } from '@touchstone/losses';
import { describe, expect, it, vi } from 'vitest';
import { lossesOfSteps } from '../../packages/losses/testing/training-steps.js';
import { webgpuForTests } from '../../packages/losses/testing/webgpu.js';

// A software GPU compiles each shader for the CPU, on a busy machine in seconds.
vi.setConfig({ testTimeout: 180_000 });
const device = await webgpuForTests();
const losses = listMethods().filter(({ slot }) => slot === 'objective' || slot === 'regulariser');

describe.skipIf(!device)('losses of two steps on webgpu', () => {
  it.each(losses.map((method) => [method.key, method] as const))('%s', async (_, method) => {
    const implementation = (await method.load()) as MethodImplementation<'objective', unknown>;
    const setting = { steps: 2, learningRate: 1e-3, logits: true };
    const steps = (backend: 'wasm' | 'webgpu') =>
      lossesOfSteps(implementation, parseParams(method), { ...setting, backend });
    const [gpu, cpu] = [await steps('webgpu'), await steps('wasm')];
    cpu.forEach((loss, i) => expect(Math.abs(gpu[i]! - loss) / Math.max(1, Math.abs(loss))).toBeLessThan(1e-4));
    expect(gpu.every(Number.isFinite)).toBe(true);
  });
});
