/** Device memory between calls: buffers are lent and given back, and freed when many lie idle. */

/** Idle buffers that are kept. */
const KEPT = 24;
const NAN_BITS = 0x7fc00000;
/** Numbers written at a time when a buffer is poisoned. */
const CHUNK = 2 ** 20;

export class Buffers {
  private readonly idle: GPUBuffer[] = [];
  private bytes = 0;
  private peak = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly poison: boolean,
  ) {}

  get peakBytes(): number {
    return this.peak;
  }

  /** A buffer of at least `bytes`, with whatever was in it. */
  take(bytes: number, usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const at = this.idle.findIndex(
      (buffer) => buffer.usage === usage && buffer.size >= size && buffer.size <= 1.25 * size,
    );
    const buffer = at >= 0 ? this.idle.splice(at, 1)[0]! : this.device.createBuffer({ size, usage });
    if (at < 0) this.bytes += size;
    this.peak = Math.max(this.peak, this.bytes);
    if (this.poison) poison(this.device, buffer);
    return buffer;
  }

  giveBack(buffer: GPUBuffer): void {
    this.idle.push(buffer);
    while (this.idle.length > KEPT) this.free(this.idle.shift()!);
  }

  release(): void {
    for (const buffer of this.idle.splice(0)) this.free(buffer);
  }

  private free(buffer: GPUBuffer): void {
    this.bytes -= buffer.size;
    buffer.destroy();
  }
}

/** Fills a buffer with NaN. */
export function poison(device: GPUDevice, buffer: GPUBuffer): void {
  const bad = new Uint32Array(Math.min(CHUNK, buffer.size / 4)).fill(NAN_BITS);
  for (let at = 0; at < buffer.size; at += bad.byteLength)
    device.queue.writeBuffer(buffer, at, bad, 0, Math.min(bad.length, (buffer.size - at) / 4));
}
