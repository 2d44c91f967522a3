/** Runs schedules on a WebGPU device: pipelines and buffers are kept, every call is enqueued inside error scopes. */
import type { WebgpuDevice } from '../../backend/webgpu-device.js';
import { LossError } from '../../core/errors.js';
import type { Reads } from '../declaration.js';
import type { BackwardProgram, ForwardProgram, Relation } from '../program.js';
import { blocksOf } from '../program.js';
import { Buffers } from './buffers.js';
import type { Kernel } from './kernel.js';
import type { Plan } from './plan.js';
import { DEFAULT_PLAN } from './plan.js';
import type { BufferName, Schedule, Shape } from './schedule.js';
import { relationStarts, scheduleBackward, scheduleForward } from './schedule.js';

/** Operands of a program on the device. Every buffer needs the usages STORAGE and COPY_SRC. */
export interface GpuArrays {
  /** [n, d] and [m, d] float32, row by row; the very same buffer where the columns are the rows. */
  readonly a: GPUBuffer;
  readonly b: GPUBuffer;
  readonly n: number;
  readonly m: number;
  readonly d: number;
  /** Vectors of n (rows) and m (columns) float32. */
  readonly rowFields?: Readonly<Record<string, GPUBuffer>>;
  readonly columnFields?: Readonly<Record<string, GPUBuffer>>;
  readonly rowIds?: Readonly<Record<string, Int32Array>>;
  readonly columnIds?: Readonly<Record<string, Int32Array>>;
  readonly relations?: Readonly<Record<string, Relation>>;
  readonly uniforms?: Readonly<Record<string, number>>;
}

/** Where a call's times are written: two timestamps from `first` on. */
export interface Timestamps {
  readonly querySet: GPUQuerySet;
  readonly first: number;
}

interface Pipeline {
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

/** Offsets of uniforms are multiples of this on every adapter. */
const ALIGNMENT = 256;

export class PairwiseEngine {
  private readonly pipelines = new Map<Kernel, Pipeline>();
  private readonly buffers: Buffers;
  private failure: unknown;
  private last: Promise<unknown> = Promise.resolve();

  /** `poison`: what comes uninitialised is filled with NaN first (for tests: nothing may be read before it is written). */
  constructor(
    readonly gpu: WebgpuDevice,
    readonly plan: Plan = DEFAULT_PLAN,
    options: { readonly poison?: boolean } = {},
  ) {
    this.buffers = new Buffers(gpu.device, options.poison ?? false);
  }

  /** Numbers that `forward` returns. */
  static forwardLength(program: ForwardProgram, n: number, m: number): number {
    return blocksOf(program.statistics, n, m).reduce((total, { length }) => total + length, 0);
  }

  /** Enqueues the blocks of `blocksOf` into `out`. */
  forward(program: ForwardProgram, arrays: GpuArrays, out: GPUBuffer, timestamps?: Timestamps): void {
    this.run(program, scheduleForward(program, shapeOf(arrays), this.plan), arrays, { out }, timestamps);
  }

  /** Enqueues W·B into `da` and Wᵀ·A into `db`, where given; where b is a, their sum into `da`. */
  backward(
    program: BackwardProgram,
    arrays: GpuArrays,
    { da, db }: { readonly da?: GPUBuffer | undefined; readonly db?: GPUBuffer | undefined },
    timestamps?: Timestamps,
  ): void {
    const want = { a: da !== undefined, b: db !== undefined };
    const schedule = scheduleBackward(program, shapeOf(arrays), want, this.plan);
    this.run(program, schedule, arrays, { ...(da && { da }), ...(db && { db }) }, timestamps);
  }

  /** Resolves when everything enqueued so far has passed its error scopes; throws what any of it met. */
  async settled(): Promise<void> {
    await this.last;
    this.check();
  }

  /** Bytes of device memory that calls have needed beside their operands and results, at most at a time. */
  get peakBytes(): number {
    return this.buffers.peakBytes;
  }

  /** Frees what is kept between calls. */
  release(): void {
    this.buffers.release();
  }

  private check(): void {
    if (this.failure) throw this.failure;
    this.gpu.check();
  }

  private run(
    program: ForwardProgram | BackwardProgram,
    schedule: Schedule,
    arrays: GpuArrays,
    results: Partial<Record<BufferName, GPUBuffer>>,
    timestamps: Timestamps | undefined,
  ): void {
    this.check();
    this.checkLimits(schedule);
    const verdict = this.gpu.scoped(program.name, () =>
      this.enqueue(program.reads, schedule, arrays, results, timestamps),
    );
    this.last = Promise.all([this.last, verdict.catch((error: unknown) => void (this.failure ??= error))]);
    this.check();
  }

  private checkLimits({ dispatches, scratch }: Schedule): void {
    const { limits } = this.gpu;
    const need = (field: string, value: number, limit: string): void => {
      if (value > limits[limit]!)
        throw new LossError(
          'UNSUPPORTED',
          `${field} of ${value} is beyond the adapter's ${limit} of ${limits[limit]}`,
          {
            field,
            value,
            allowed: `at most ${limits[limit]}`,
          },
        );
    };
    for (const { kernel } of dispatches) {
      need('workgroup memory', kernel.workgroupBytes, 'maxComputeWorkgroupStorageSize');
      need('invocations', kernel.invocations, 'maxComputeInvocationsPerWorkgroup');
    }
    for (const [name, bytes] of Object.entries(scratch)) need(`buffer ${name}`, bytes, 'maxStorageBufferBindingSize');
  }

  private enqueue(
    reads: Reads,
    { dispatches, scratch }: Schedule,
    arrays: GpuArrays,
    results: Partial<Record<BufferName, GPUBuffer>>,
    timestamps: Timestamps | undefined,
  ): void {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    const lent: GPUBuffer[] = [];
    const lend = (bytes: number): GPUBuffer => {
      const buffer = this.buffers.take(bytes);
      lent.push(buffer);
      return buffer;
    };
    const named: Partial<Record<BufferName, GPUBuffer>> = { a: arrays.a, b: arrays.b, ...results };
    const { n, m } = arrays;
    const { rowFields, columnFields, rowIds, columnIds } = arrays;
    const data = (
      fields: readonly string[],
      given: GpuArrays['rowFields'],
      ids: readonly string[],
      from: GpuArrays['rowIds'],
      length: number,
    ) => {
      const buffer = lend(4 * length * (fields.length + ids.length));
      fields.forEach((name, k) => encoder.copyBufferToBuffer(given![name]!, 0, buffer, 4 * k * length, 4 * length));
      ids.forEach((name, k) => device.queue.writeBuffer(buffer, 4 * (fields.length + k) * length, plain(from![name]!)));
      return buffer;
    };
    if (reads.rowFields.length + reads.rowIds.length > 0)
      named.rowData = data(reads.rowFields, rowFields, reads.rowIds, rowIds, n);
    if (reads.columnFields.length + reads.columnIds.length > 0)
      named.columnData = data(reads.columnFields, columnFields, reads.columnIds, columnIds, m);
    if (reads.relations.length > 0) {
      const { starts, length } = relationStarts(reads.relations, shapeOf(arrays));
      named.relations = lend(4 * length);
      for (const name of reads.relations) {
        const { offsets, columns } = arrays.relations![name]!;
        device.queue.writeBuffer(named.relations, 4 * starts[`r_${name}`]!, plain(offsets));
        if (columns.length > 0) device.queue.writeBuffer(named.relations, 4 * starts[`c_${name}`]!, plain(columns));
      }
    }
    for (const [name, bytes] of Object.entries(scratch)) named[name as BufferName] = lend(bytes);

    const slot = (kernel: Kernel): number =>
      Math.ceil((4 * (kernel.integers.length + kernel.scalars.length)) / ALIGNMENT) * ALIGNMENT;
    const parameters = new DataView(new ArrayBuffer(dispatches.reduce((total, { kernel }) => total + slot(kernel), 0)));
    const uniform = this.buffers.take(parameters.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const pass = encoder.beginComputePass(
      timestamps && {
        timestampWrites: {
          querySet: timestamps.querySet,
          beginningOfPassWriteIndex: timestamps.first,
          endOfPassWriteIndex: timestamps.first + 1,
        },
      },
    );
    let offset = 0;
    for (const { kernel, buffers, integers, workgroups } of dispatches) {
      kernel.integers.forEach((name, k) => parameters.setUint32(offset + 4 * k, integers[name]!, true));
      kernel.scalars.forEach((name, k) =>
        parameters.setFloat32(offset + 4 * (kernel.integers.length + k), arrays.uniforms![name]!, true),
      );
      const { pipeline, layout } = this.pipelineOf(kernel);
      const entries: GPUBindGroupEntry[] = kernel.bindings.map(({ role }, k) => ({
        binding: k + 1,
        resource: { buffer: named[buffers[role]!]! },
      }));
      const own = { buffer: uniform, offset, size: 4 * (kernel.integers.length + kernel.scalars.length) };
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: own }, ...entries] }));
      pass.dispatchWorkgroups(...workgroups);
      offset += slot(kernel);
    }
    pass.end();
    device.queue.writeBuffer(uniform, 0, parameters.buffer);
    device.queue.submit([encoder.finish()]);
    // What is enqueued later comes later on the device, so these may be lent again at once.
    for (const buffer of [...lent, uniform]) this.buffers.giveBack(buffer);
  }

  private pipelineOf(kernel: Kernel): Pipeline {
    const found = this.pipelines.get(kernel);
    if (found) return found;
    const { device } = this.gpu;
    const { label, bindings, wgsl } = kernel;
    const visibility = GPUShaderStage.COMPUTE;
    const layout = device.createBindGroupLayout({
      label,
      entries: [
        { binding: 0, visibility, buffer: { type: 'uniform' } },
        ...bindings.map(({ write }, k) => ({
          binding: k + 1,
          visibility,
          buffer: { type: write ? ('storage' as const) : ('read-only-storage' as const) },
        })),
      ],
    });
    const pipeline = device.createComputePipeline({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ label, code: wgsl }), entryPoint: 'main' },
    });
    const made = { layout, pipeline };
    this.pipelines.set(kernel, made);
    return made;
  }
}

/** The type that the queue takes: an array over memory that is not shared. */
const plain = (x: Int32Array): Int32Array<ArrayBuffer> =>
  x.buffer instanceof ArrayBuffer ? (x as Int32Array<ArrayBuffer>) : new Int32Array(x);

function shapeOf({ a, b, n, m, d, relations }: GpuArrays): Shape {
  const sizes = Object.entries(relations ?? {}).map(([name, { columns }]) => [name, columns.length] as const);
  return { n, m, d, shared: a === b, relations: Object.fromEntries(sizes) };
}
