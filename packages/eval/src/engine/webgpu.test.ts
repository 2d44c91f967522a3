/** A run under a protocol for webgpu: trained there, and its receipt says on what. Skipped where no adapter is. */
import { expect, it, vi } from 'vitest';
import { webgpuForTests } from '../../../losses/testing/webgpu.js';
import { getBenchmark } from '../core/registry.js';
import { resolveVariant } from '../core/variant.js';
import { openSource, prepare } from '../tasks/prepare.js';
import { failureOf, MethodFailure } from './failure.js';
import { train } from './train.js';
import { componentsAt } from './tuning.js';

// A software GPU compiles each shader for the CPU, on a busy machine in seconds.
vi.setConfig({ testTimeout: 180_000 });
const device = await webgpuForTests();
const smoke = getBenchmark('digits-smoke');

async function fewSteps(backend: 'wasm' | 'webgpu') {
  const protocol = { ...smoke.protocol, backend };
  const { variant } = resolveVariant(smoke, {});
  const point = { learningRate: 1e-2, weightDecay: 1e-4 };
  return train({
    protocol,
    prepared: await prepare(protocol, await openSource(protocol), 'test'),
    components: { ...protocol.fixed, ...componentsAt(protocol, variant, point) },
    seed: 0,
    steps: 3,
    ...point,
    untrained: false,
    signal: new AbortController().signal,
    onStep: () => undefined,
    onReport: () => undefined,
    onScoring: () => undefined,
  });
}

it.skipIf(!device)('trains as wasm does, and names adapter and driver', async () => {
  const [gpu, cpu] = [await fewSteps('webgpu'), await fewSteps('wasm')];
  gpu.losses.forEach((loss, i) => expect(Math.abs(loss / cpu.losses[i]! - 1)).toBeLessThan(1e-5));
  expect(gpu.flops).toBe(cpu.flops);
  expect(gpu.backend).toMatchObject({ name: 'webgpu', driver: device!.adapter.description });
  expect(gpu.backend.adapter).toContain(device!.adapter.vendor);
  expect(Object.keys(cpu.backend)).toEqual(['name', 'version']);
});

it('a device that fails under a method is not the method’s failure', () => {
  const lost = Object.assign(new Error('webgpu: device lost'), { code: 'DEVICE_FAILED' });
  expect(failureOf(new MethodFailure('cross-entropy', lost)).reason).toBe('INTERNAL');
  expect(failureOf(new MethodFailure('cross-entropy', new Error('its own'))).reason).toBe('METHOD_ERROR');
  const full = Object.assign(new Error('webgpu: training step: Out of memory'), { code: 'DEVICE_FAILED' });
  expect(failureOf(new MethodFailure('cross-entropy', full)).reason).toBe('OUT_OF_MEMORY');
});
