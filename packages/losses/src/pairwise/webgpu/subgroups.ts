/** How invocations lie in subgroups, found by asking the device: the language promises nothing about it. */
import type { WebgpuDevice } from '../../backend/webgpu-device.js';

const PROBE = `
enable subgroups;
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) index: u32,
  @builtin(subgroup_invocation_id) lane: u32,
  @builtin(subgroup_size) size: u32,
) {
  out[index] = select(0u, size, lane == index % size);
}`;

/**
 * The largest power of two such that, in workgroups of 256, so many neighbouring invocations share a subgroup with lanes
 * in their order; 1 where the device has no subgroups. A plan may use subgroups where a row's invocations are at most that many.
 */
export async function subgroupLanes({ device, features, scoped }: WebgpuDevice): Promise<number> {
  if (!features.has('subgroups')) return 1;
  const bytes = 4 * 256;
  const copy = await scoped('subgroup probe', () => {
    const out = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const read = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const pipeline = device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code: PROBE }), entryPoint: 'main' },
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: out } }],
      }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(out, 0, read, 0, bytes);
    device.queue.submit([encoder.finish()]);
    return read;
  });
  await copy.mapAsync(GPUMapMode.READ);
  const sizes = new Uint32Array(copy.getMappedRange()).slice();
  copy.destroy();
  const least = sizes.reduce((a, b) => Math.min(a, b));
  return least === 0 ? 1 : 2 ** Math.floor(Math.log2(least));
}
