/**
 * The one WebGPU device of this process, from Dawn through the `webgpu` package: TensorFlow.js and our own kernels run
 * on the same one, with its limits raised to the adapter's, so that buffers pass between them without a copy.
 */
import { existsSync } from 'node:fs';
import { LossError } from '../core/errors.js';

export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** The driver as it names itself. */
  readonly description: string;
  /** True for an adapter that computes on the CPU. */
  readonly software: boolean;
}

export interface WebgpuDevice {
  readonly adapter: AdapterDescription;
  readonly device: GPUDevice;
  /** Those of the device, which are those of the adapter. */
  readonly limits: Readonly<Record<string, number>>;
  readonly features: ReadonlySet<string>;
  /**
   * Runs a synchronous body inside error scopes and waits for their verdict.
   * Throws DEVICE_FAILED, naming `what`, for a validation, memory or internal error, and as `check` does.
   */
  scoped<T>(what: string, body: () => T): Promise<T>;
  /** Throws DEVICE_FAILED where the device has been lost or has met an error outside every scope; both are for good. */
  check(): void;
}

/** Set to 1, it lets the CPU serve as the GPU where there is none: for tests, and far slower than `wasm`. */
const SOFTWARE = 'TOUCHSTONE_SOFTWARE_GPU';

/** Where Debian and others put the Vulkan driver file of SwiftShader. */
const SOFTWARE_DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

const FEATURES = [
  'timestamp-query',
  'shader-f16',
  'subgroups',
  'subgroup-size-control',
  'bgra8unorm-storage',
  'chromium-experimental-subgroup-matrix',
];

let opened: Promise<WebgpuDevice> | undefined;

/**
 * The process's device, opened at the first call.
 * Throws NO_BACKEND where the package does not load or no adapter is found.
 */
export function getDevice(): Promise<WebgpuDevice> {
  opened ??= openDevice().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** The driver file of a software adapter, if this machine has one. */
export const softwareDriver = (): string | undefined => SOFTWARE_DRIVERS.find((path) => existsSync(path));

/** Opens a device of its own; only tests and benchmarks need another than `getDevice()`. */
export async function openDevice(): Promise<WebgpuDevice> {
  const adapter = await findAdapter();
  alive.push(adapter);
  const requiredLimits: Record<string, number> = {};
  for (const key in adapter.limits) {
    const limit: unknown = adapter.limits[key as keyof GPUSupportedLimits];
    if (typeof limit === 'number') requiredLimits[key] = limit;
  }
  const requiredFeatures = FEATURES.filter((name) => adapter.features.has(name)) as GPUFeatureName[];
  const device = await adapter
    .requestDevice({ label: 'touchstone', requiredFeatures, requiredLimits })
    .catch((cause: unknown) => {
      throw missing('the adapter gave no device', cause);
    });
  const { vendor, architecture, device: model, description, isFallbackAdapter } = adapter.info;
  const software = isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${architecture} ${model} ${description}`);
  return watched(device, {
    adapter: { vendor, architecture, device: model, description, software },
    device,
    limits: requiredLimits,
    features: new Set<string>(device.features),
  });
}

/** Dawn's objects do not keep each other alive: an instance that is collected takes its devices with it. */
const alive: unknown[] = [];

async function findAdapter(): Promise<GPUAdapter> {
  // A layer of Mesa's that looks for a window system, and complains on stderr where there is none.
  process.env['NODEVICE_SELECT'] ??= '1';
  const { create, globals } = await import('webgpu').catch((cause: unknown) => {
    throw missing('the package webgpu does not load', cause);
  });
  Object.assign(globalThis, globals);
  // Without it Dawn hides features still called experimental, and only rounded timestamps are had with it alone.
  const gpuOf = (): GPU => {
    const gpu = create(['enable-dawn-features=allow_unsafe_apis', 'disable-dawn-features=timestamp_quantization']);
    alive.push(gpu);
    return gpu;
  };
  const found = await gpuOf().requestAdapter({ powerPreference: 'high-performance' });
  if (found) return found;
  const driver = process.env[SOFTWARE] === '1' && !process.env['VK_ICD_FILENAMES'] ? softwareDriver() : undefined;
  if (driver) {
    process.env['VK_ICD_FILENAMES'] = driver;
    const software = await gpuOf().requestAdapter();
    if (software) return software;
  }
  throw missing(`no GPU with a Vulkan, Metal or Direct3D 12 driver was found (${SOFTWARE}=1 allows a software one)`);
}

type Opened = Omit<WebgpuDevice, 'scoped' | 'check'>;

function watched(device: GPUDevice, opened: Opened): WebgpuDevice {
  let failure: LossError | undefined;
  device.addEventListener('uncapturederror', (event) => {
    failure ??= failed('outside every error scope', event.error.message);
  });
  void device.lost.then(({ reason, message }) => (failure ??= failed('device lost', `${reason}: ${message}`)));
  const check = (): void => {
    if (failure) throw failure;
  };
  return {
    ...opened,
    check,
    async scoped(what, body) {
      check();
      const kinds = ['validation', 'out-of-memory', 'internal'] as const;
      for (const kind of kinds) device.pushErrorScope(kind);
      let result;
      let verdicts;
      try {
        result = body();
      } finally {
        verdicts = kinds.map(() => device.popErrorScope());
      }
      const error = (await Promise.all(verdicts)).find((verdict) => verdict !== null);
      if (error) throw failed(what, error.message);
      check();
      return result;
    },
  };
}

const failed = (what: string, message: string): LossError =>
  new LossError('DEVICE_FAILED', `webgpu: ${what}: ${message.trim()}`, { field: 'backend', value: 'webgpu' });

const missing = (why: string, cause?: unknown): LossError =>
  new LossError('NO_BACKEND', `backend webgpu did not start: ${why}`, { field: 'backend', value: 'webgpu' }, { cause });
