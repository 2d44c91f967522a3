/** Times of what an engine enqueues: by timestamps of the device where it has them, else by the clock. */
import type { WebgpuDevice } from '../../backend/webgpu-device.js';
import type { Timestamps } from './engine.js';

export interface Timing {
  readonly milliseconds: number;
  /** Where it comes from: the device's own clock counts its work alone, the host's the way there and back too. */
  readonly clock: 'device' | 'host';
}

const BYTES = 16;

export class Timer {
  private readonly querySet: GPUQuerySet | undefined;

  constructor(private readonly gpu: WebgpuDevice) {
    if (gpu.features.has('timestamp-query')) this.querySet = gpu.device.createQuerySet({ type: 'timestamp', count: 2 });
  }

  /** Runs `enqueue` and waits until the device has done it. */
  async time(enqueue: (timestamps: Timestamps | undefined) => void): Promise<Timing> {
    const { device } = this.gpu;
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    enqueue(this.querySet && { querySet: this.querySet, first: 0 });
    await device.queue.onSubmittedWorkDone();
    const host: Timing = { milliseconds: performance.now() - start, clock: 'host' };
    if (!this.querySet) return host;
    const resolved = device.createBuffer({
      size: BYTES,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const read = device.createBuffer({ size: BYTES, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(this.querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, BYTES);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const [begin, end] = new BigUint64Array(read.getMappedRange());
    const nanoseconds = Number(end! - begin!);
    read.destroy();
    resolved.destroy();
    // A driver may leave the timestamps unwritten; a clock that stands still has measured nothing.
    return nanoseconds > 0 ? { milliseconds: nanoseconds / 1e6, clock: 'device' } : host;
  }
}

/** The middle one of several timings. */
export function median(timings: readonly Timing[]): Timing {
  const sorted = [...timings].sort((a, b) => a.milliseconds - b.milliseconds);
  return sorted[sorted.length >> 1]!;
}
