/** Running our own WGSL on tensors of the webgpu backend, in the order and the passes of its own kernels. */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Shape } from '../core/shape.js';
import { sizeOf } from '../core/shape.js';
import { routinesFor } from './webgpu-math.js';

export interface Program {
  /** Names the code: the same name must always come with the same code, inputs and uniforms. */
  readonly name: string;
  /** Names under which `code` reads the inputs, each an array of f32 or i32. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Whole numbers are i32 and stand in `integers`, the others f32; `code` reads them as uniforms.name. */
  readonly integers?: Readonly<Record<string, number>>;
  readonly numbers?: Readonly<Record<string, number>>;
  /** Routines of webgpu-math.ts that `code` calls. */
  readonly routines?: readonly string[];
  /** Declarations before `main`. */
  readonly declarations?: string;
  /** The body of main, given `index` from 0 to threads − 1; it writes to the array `result`. */
  readonly code: string;
  /** Invocations: whole workgroups run, so those from `threads` on must be kept from writing. Default: elements. */
  readonly threads?: number;
  readonly workgroup?: number;
  /** Of a new result; default float32. */
  readonly dtype?: 'float32' | 'int32';
  /** An earlier result to write into; otherwise a new one, whose elements are not set. */
  readonly into?: tf.Tensor;
}

export const webgpuBackend = (): WebGPUBackend => tf.backend() as WebGPUBackend;

/** A new tensor of `shape` that the program fills. */
export function runProgram(program: Program, shape: Shape): tf.Tensor {
  const {
    name,
    inputs,
    integers = {},
    numbers = {},
    routines = [],
    declarations = '',
    code,
    workgroup = 64,
    dtype = 'float32',
  } = program;
  const backend = webgpuBackend();
  const size = sizeOf(shape);
  const output = program.into ?? tf.engine().makeTensorFromTensorInfo(backend.makeTensorInfo([...shape], dtype));
  const flat = (x: tf.Tensor): tf.TensorInfo => ({ dataId: x.dataId, dtype: x.dtype, shape: [x.size] });
  const names = Object.keys(inputs);
  const fields = [
    ...Object.keys(integers).map((key) => `${key} : i32,`),
    ...Object.keys(numbers).map((key) => `${key} : f32,`),
  ];
  backend.runWebGPUProgram(
    {
      shaderKey: `touchstone/${name}`,
      outputShape: [size],
      dispatchLayout: { x: [0] },
      dispatch: [Math.ceil((program.threads ?? size) / workgroup), 1, 1],
      workgroupSize: [workgroup, 1, 1],
      variableNames: names,
      uniforms: ` threads : i32, ${fields.join(' ')}`,
      getUserCode: () => `${routinesFor(routines)}\n${declarations}\nfn main(index : i32) {\n${code}\n}`,
    },
    names.map((key) => flat(inputs[key]!)),
    dtype,
    [
      { type: 'int32', data: [program.threads ?? size] },
      ...Object.values(integers).map((value) => ({ type: 'int32', data: [value] })),
      ...Object.values(numbers).map((value) => ({ type: 'float32', data: [value] })),
    ],
    flat(output),
  );
  return output;
}

/** Host indices as an int32 tensor of the backend. */
export const indexTensor = (values: Int32Array): tf.Tensor => tf.tensor(values, [values.length], 'int32');

/** The parts of the backend's class that its types keep private. */
interface Internals {
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}
/** Hands everything recorded so far to the device's queue. */
export function submitRecorded(): void {
  const backend = webgpuBackend() as unknown as Internals;
  if (!backend.commandEncoder) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}
