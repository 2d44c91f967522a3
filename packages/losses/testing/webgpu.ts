/** The device that tests use: a GPU where one is, else SwiftShader, else none and a visible line. */
import type { WebgpuDevice } from '../src/backend/webgpu-device.js';
import { getDevice } from '../src/backend/webgpu-device.js';

/** Undefined where there is none; throws when TOUCHSTONE_REQUIRE asks for it. */
export async function webgpuForTests(): Promise<WebgpuDevice | undefined> {
  process.env['TOUCHSTONE_SOFTWARE_GPU'] ??= '1';
  try {
    return await getDevice();
  } catch (error) {
    if ((process.env['TOUCHSTONE_REQUIRE'] ?? '').split(',').includes('webgpu')) throw error;
    console.warn(
      `skipped: webgpu (${error instanceof Error ? error.message : String(error)}; Debian: chromium, libvulkan1)`,
    );
    return undefined;
  }
}
