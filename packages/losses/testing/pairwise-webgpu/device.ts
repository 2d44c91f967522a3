/** For tests: operands and results of pairwise programs, to and from a device. */
import type { WebgpuDevice } from '../../src/backend/webgpu-device.js';
import type { BackwardProgram, ForwardProgram, Relation } from '../../src/pairwise/program.js';
import { poison } from '../../src/pairwise/webgpu/buffers.js';
import type { GpuArrays, PairwiseEngine } from '../../src/pairwise/webgpu/engine.js';
import { PairwiseEngine as Engine } from '../../src/pairwise/webgpu/engine.js';

/** Operands on the host. Without b the columns are the rows. */
export interface HostArrays {
  readonly a: Float32Array;
  readonly b?: Float32Array;
  readonly n: number;
  readonly m: number;
  readonly d: number;
  readonly rowFields: Readonly<Record<string, Float32Array>>;
  readonly columnFields: Readonly<Record<string, Float32Array>>;
  readonly rowIds: Readonly<Record<string, Int32Array>>;
  readonly columnIds: Readonly<Record<string, Int32Array>>;
  readonly relations: Readonly<Record<string, Relation>>;
  readonly uniforms: Readonly<Record<string, number>>;
}

const USAGE = (): number => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;

export function upload({ device }: WebgpuDevice, values: Float32Array): GPUBuffer {
  const buffer = device.createBuffer({ size: Math.max(16, values.byteLength), usage: USAGE() });
  device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
  return buffer;
}

/** A buffer for results, full of NaN. */
export function resultBuffer({ device }: WebgpuDevice, length: number): GPUBuffer {
  const buffer = device.createBuffer({ size: Math.max(16, 4 * length), usage: USAGE() });
  poison(device, buffer);
  return buffer;
}

export async function download({ device }: WebgpuDevice, buffer: GPUBuffer, length: number): Promise<Float32Array> {
  const copy = device.createBuffer({ size: 4 * length, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, 4 * length);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(copy.getMappedRange()).slice();
  copy.destroy();
  return values;
}

export function toGpu(gpu: WebgpuDevice, host: HostArrays): GpuArrays {
  const all = (fields: Readonly<Record<string, Float32Array>>): Record<string, GPUBuffer> =>
    Object.fromEntries(Object.entries(fields).map(([name, x]) => [name, upload(gpu, x)]));
  const a = upload(gpu, host.a);
  return {
    ...host,
    a,
    b: host.b ? upload(gpu, host.b) : a,
    rowFields: all(host.rowFields),
    columnFields: all(host.columnFields),
  };
}

/** The blocks of a forward program from the device. */
export async function runForward(
  engine: PairwiseEngine,
  program: ForwardProgram,
  host: HostArrays,
): Promise<Float32Array> {
  const length = Engine.forwardLength(program, host.n, host.m);
  const out = resultBuffer(engine.gpu, length);
  engine.forward(program, toGpu(engine.gpu, host), out);
  await engine.settled();
  return download(engine.gpu, out, length);
}

export async function runBackward(
  engine: PairwiseEngine,
  program: BackwardProgram,
  host: HostArrays,
): Promise<{ da: Float32Array; db: Float32Array | undefined }> {
  const { gpu } = engine;
  const da = resultBuffer(gpu, host.n * host.d);
  const db = host.b ? resultBuffer(gpu, host.m * host.d) : undefined;
  engine.backward(program, toGpu(gpu, host), { da, db });
  await engine.settled();
  return { da: await download(gpu, da, host.n * host.d), db: db && (await download(gpu, db, host.m * host.d)) };
}
