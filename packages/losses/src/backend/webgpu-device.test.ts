import { describe, expect, test } from 'vitest';
import { webgpuForTests } from '../../testing/webgpu.js';
import { openDevice, softwareDriver } from './webgpu-device.js';

const present = await webgpuForTests();

describe.skipIf(!present)(`webgpu device${present ? ` on ${present.adapter.description}` : ': none here'}`, () => {
  test('limits are the adapter’s, not the defaults of the standard', () => {
    const { limits, device } = present!;
    expect(device.limits.maxStorageBufferBindingSize).toBe(limits['maxStorageBufferBindingSize']);
    expect(device.limits.maxStorageBufferBindingSize).toBeGreaterThan(2 ** 27);
  });

  test('a shader that does not compile is an error of the scope, and the device stays usable', async () => {
    const { device, scoped, check } = await openDevice();
    await expect(scoped('bad shader', () => device.createShaderModule({ code: 'fn (' }))).rejects.toMatchObject({
      code: 'DEVICE_FAILED',
      message: expect.stringContaining('bad shader') as string,
    });
    expect(() => check()).not.toThrow();
    await expect(scoped('nothing', () => 7)).resolves.toBe(7);
    device.destroy();
  });

  test('an error outside every scope is fatal from then on', async () => {
    const { device, scoped, check } = await openDevice();
    device.createShaderModule({ code: 'fn (' });
    await scoped('later', () => undefined).catch(() => undefined);
    await device.queue.onSubmittedWorkDone();
    expect(() => check()).toThrow(expect.objectContaining({ code: 'DEVICE_FAILED' }) as Error);
    await expect(scoped('after it', () => 1)).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    device.destroy();
  });

  test('a lost device is fatal', async () => {
    const { device, check } = await openDevice();
    device.destroy();
    await device.lost;
    await Promise.resolve();
    expect(() => check()).toThrow(/device lost/);
  });
});

test.skipIf(softwareDriver() === undefined)(
  'a software driver gives an adapter marked as software where no GPU is',
  () => {
    expect(present).toBeDefined();
    if (/swiftshader/i.test(present!.adapter.description)) expect(present!.adapter.software).toBe(true);
  },
);
