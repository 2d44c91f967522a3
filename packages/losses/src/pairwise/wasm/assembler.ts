/** A WebAssembly assembler as small as the kernels need: functions, one imported memory, SIMD. */

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

const TYPE: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Instructions without an immediate operand; above 0xff their second byte onwards is the SIMD number. */
const PLAIN = {
  return: 0x0f,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'f32.eq': 0x5b,
  'f32.max': 0x97,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.convert_i32_s': 0xb7,
  'f32.demote_f64': 0xb6,
  'f64.promote_f32': 0xbb,
} as const;

const SIMD = {
  'i32x4.splat': 0x11,
  'f32x4.splat': 0x13,
  'f64x2.splat': 0x14,
  'i32x4.eq': 0x37,
  'i32x4.lt_s': 0x39,
  'i32x4.gt_s': 0x3b,
  'f32x4.eq': 0x41,
  'f32x4.ne': 0x42,
  'f32x4.lt': 0x43,
  'f32x4.gt': 0x44,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'f64x2.eq': 0x47,
  'f64x2.lt': 0x49,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'v128.any_true': 0x53,
  'i32x4.add': 0xae,
  'i32x4.sub': 0xb1,
  /** Products of the eight 16-bit lanes, added in pairs. */
  'i32x4.dot_i16x8_s': 0xba,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.pmin': 0xf6,
  'f64x2.pmax': 0xf7,
  'f32x4.convert_i32x4_s': 0xfa,
  /** a · b + c in one rounding or in two, as the machine does it. */
  'f32x4.relaxed_madd': 0x105,
} as const;

const SHIFTS = { 'i32x4.shl': 0xab, 'i32x4.shr_s': 0xac, 'i32x4.shr_u': 0xad } as const;

const MEMORY = {
  'i32.load': [0x28],
  'f32.load': [0x2a],
  'f64.load': [0x2b],
  'i32.store': [0x36],
  'f32.store': [0x38],
  'f64.store': [0x39],
  'v128.load': [0xfd, 0x00],
  'v128.load32_splat': [0xfd, 0x09],
  'v128.store': [0xfd, 0x0b],
} as const;

export type Instruction = keyof typeof PLAIN | keyof typeof SIMD;
export type MemoryInstruction = keyof typeof MEMORY;
export type VectorInstruction = keyof typeof SIMD;

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

function append(to: number[], bytes: readonly number[]): void {
  for (const byte of bytes) to.push(byte);
}

function littleEndian(write: (view: DataView) => void, size: number): number[] {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return [...new Uint8Array(view.buffer)];
}

/** The local variables of a function, parameters first. */
export class Locals {
  readonly types: ValueType[] = [];
  constructor(readonly parameters: number) {}
  make(type: ValueType): number {
    this.types.push(type);
    return this.parameters + this.types.length - 1;
  }
}

/** A run of instructions; methods append and return the run. Stack order, as in the text format. */
export class Code {
  readonly bytes: number[] = [];

  private push(...bytes: readonly number[]): this {
    append(this.bytes, bytes);
    return this;
  }
  op(...instructions: readonly Instruction[]): this {
    for (const name of instructions)
      if (name in SIMD) this.push(0xfd, ...unsigned(SIMD[name as keyof typeof SIMD]));
      else this.push(PLAIN[name as keyof typeof PLAIN]);
    return this;
  }
  get(...locals: readonly number[]): this {
    for (const local of locals) this.push(0x20, ...unsigned(local));
    return this;
  }
  set(local: number): this {
    return this.push(0x21, ...unsigned(local));
  }
  tee(local: number): this {
    return this.push(0x22, ...unsigned(local));
  }
  i32(value: number): this {
    return this.push(0x41, ...signed(value));
  }
  f64(value: number): this {
    return this.push(0x44, ...littleEndian((view) => view.setFloat64(0, value, true), 8));
  }
  /** Four lanes of 32 bits. */
  v128(lanes: readonly [number, number, number, number]): this {
    return this.push(
      0xfd,
      0x0c,
      ...littleEndian((view) => lanes.forEach((bits, k) => view.setInt32(4 * k, bits, true)), 16),
    );
  }
  shift(name: keyof typeof SHIFTS, by: number): this {
    return this.i32(by).push(0xfd, ...unsigned(SHIFTS[name]));
  }
  /** Four lanes out of the eight of two vectors. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    return this.push(0xfd, 0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)));
  }
  lane(type: 'i32' | 'f32' | 'f64', lane: number): this {
    return this.push(0xfd, { i32: 0x1b, f32: 0x1f, f64: 0x21 }[type], lane);
  }
  /** Loads or stores at the address on the stack plus `offset` bytes; no alignment is promised. */
  memory(name: MemoryInstruction, offset = 0): this {
    return this.push(...MEMORY[name], 0, ...unsigned(offset));
  }
  call(index: number): this {
    return this.push(0x10, ...unsigned(index));
  }
  append(code: Code): this {
    append(this.bytes, code.bytes);
    return this;
  }
  /** Takes a truth from the stack. */
  when(yes: (code: Code) => void): this {
    this.push(0x04, 0x40);
    yes(this);
    return this.push(0x0b);
  }
  /** Runs the body, which leaves a truth on the stack, until that is false; at least once. */
  repeat(body: (code: Code) => void): this {
    this.push(0x03, 0x40);
    body(this);
    return this.push(0x0d, 0, 0x0b);
  }
}

export interface WasmFunction {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: Code;
  /** Its name outside; without one it is called only from inside. */
  readonly export?: string;
}

export interface WasmImport {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => vector([...new TextEncoder().encode(value)].map((byte) => [byte]));
const types = (of: readonly ValueType[]): number[] => vector(of.map((type) => [TYPE[type]]));

/** Pages of 64 KiB that a memory may grow to: what 32-bit addresses reach. */
export const MAXIMUM_PAGES = 65536;

/**
 * The bytes of a module that imports a memory `env.memory`, shared between threads or not, and the functions `imports`.
 * Functions are numbered with the imports first.
 */
export function assemble(
  functions: readonly WasmFunction[],
  imports: readonly WasmImport[] = [],
  { shared = true }: { shared?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes];
  const signatures = [...imports, ...functions].map(({ parameters, results }) => [
    0x60,
    ...types(parameters),
    ...types(results),
  ]);
  const bodies = functions.map(({ locals, code }) => {
    const body = [...vector(locals.map((type) => [1, TYPE[type]])), ...code.bytes, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  const limits = shared ? [3, ...unsigned(1), ...unsigned(MAXIMUM_PAGES)] : [0, ...unsigned(1)];
  const memory = [...text('env'), ...text('memory'), 2, ...limits];
  const exported = functions.flatMap(({ export: name }, k) =>
    name === undefined ? [] : [[...text(name), 0, ...unsigned(imports.length + k)]],
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(signatures)),
    ...section(
      2,
      vector([memory, ...imports.map(({ name }, k) => [...text('env'), ...text(name), 0, ...unsigned(k)])]),
    ),
    ...section(3, vector(functions.map((_, k) => unsigned(imports.length + k)))),
    ...section(7, vector(exported)),
    ...section(10, vector(bodies)),
  ]);
}
