/**
 * NumPy's `.npy` and `.npz` (format versions 1 to 3), read without Python: bounded header, a fixed list of dtypes,
 * never a pickle. Source: numpy.lib.format.
 */
import type { EvalError } from '../../core/errors.js';
import { readZip } from '../../readers/zip.js';
import { malformed, tooLarge } from '../errors.js';

export interface NpyArray {
  readonly shape: readonly number[];
  /** Row-major; integers wider than 32 bits are float64 and exact up to 2⁵³. */
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  /** As written, e.g. `<f4`. */
  readonly dtype: string;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const HEADER_LIMIT = 64 * 1024;
const ALLOWED = 'dtype bool, int8 … int64, uint8 … uint64, float16, float32 or float64';

type Data = NpyArray['data'];
interface Kind {
  readonly bytes: number;
  make(n: number): Data;
  get(view: DataView, at: number, little: boolean): number;
}

const KINDS: Readonly<Record<string, Kind>> = {
  b1: { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => v.getUint8(at) },
  u1: { bytes: 1, make: (n) => new Uint8Array(n), get: (v, at) => v.getUint8(at) },
  i1: { bytes: 1, make: (n) => new Int32Array(n), get: (v, at) => v.getInt8(at) },
  u2: { bytes: 2, make: (n) => new Int32Array(n), get: (v, at, l) => v.getUint16(at, l) },
  i2: { bytes: 2, make: (n) => new Int32Array(n), get: (v, at, l) => v.getInt16(at, l) },
  u4: { bytes: 4, make: (n) => new Float64Array(n), get: (v, at, l) => v.getUint32(at, l) },
  i4: { bytes: 4, make: (n) => new Int32Array(n), get: (v, at, l) => v.getInt32(at, l) },
  u8: { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, l) => Number(v.getBigUint64(at, l)) },
  i8: { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, l) => Number(v.getBigInt64(at, l)) },
  f2: { bytes: 2, make: (n) => new Float32Array(n), get: (v, at, l) => half(v.getUint16(at, l)) },
  f4: { bytes: 4, make: (n) => new Float32Array(n), get: (v, at, l) => v.getFloat32(at, l) },
  f8: { bytes: 8, make: (n) => new Float64Array(n), get: (v, at, l) => v.getFloat64(at, l) },
};

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Throws FILE_MALFORMED (with the byte) for anything but a complete array of numbers, FILE_TOO_LARGE beyond 2³¹ − 1 bytes. */
export function parseNpy(content: Buffer, name: string): NpyArray {
  if (content.length < 10 || !content.subarray(0, 6).equals(MAGIC))
    throw malformed(name, { byte: 0 }, JSON.stringify(content.subarray(0, 6).toString('latin1')), 'the .npy signature');
  const major = content[6]!;
  if (major < 1 || major > 3) throw malformed(name, { byte: 6 }, `format version ${major}`, 'version 1, 2 or 3');
  const start = major === 1 ? 10 : 12;
  if (content.length < start) throw malformed(name, { byte: content.length }, 'the end of the file', 'a header length');
  const length = major === 1 ? content.readUInt16LE(8) : content.readUInt32LE(8);
  if (length > HEADER_LIMIT)
    throw malformed(name, { byte: 8 }, `a header of ${length} bytes`, `at most ${HEADER_LIMIT}`);
  if (start + length > content.length)
    throw malformed(name, { byte: content.length }, 'the end of the file', `a header of ${length} bytes`);
  const header = content.subarray(start, start + length).toString(major === 3 ? 'utf8' : 'latin1');
  const { descr, fortran, shape } = parseHeader(header, name, start);
  const kind = KINDS[descr.slice(1)];
  if (!kind || !'<>|='.includes(descr[0]!) || (descr[0] === '|' && kind.bytes > 1))
    throw malformed(name, { byte: start }, `dtype ${descr}`, ALLOWED);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const bytes = size * kind.bytes;
  if (!Number.isSafeInteger(bytes) || bytes > 2 ** 31 - 1)
    throw tooLarge(name, `shape (${shape.join(', ')})`, 'an array below 2 GiB');
  const from = start + length;
  if (content.length - from !== bytes)
    throw malformed(
      name,
      { byte: content.length },
      `${content.length - from} bytes of data`,
      `${bytes} for shape (${shape.join(', ')}) of ${descr}`,
    );
  const data = kind.make(size);
  const view = new DataView(content.buffer, content.byteOffset + from, bytes);
  const little = descr[0] !== '>';
  for (let i = 0; i < size; i++) data[i] = kind.get(view, i * kind.bytes, little);
  return { shape, data: fortran && shape.length > 1 ? rowMajor(data, shape, kind.make(size)) : data, dtype: descr };
}

function parseHeader(header: string, name: string, byte: number): { descr: string; fortran: boolean; shape: number[] } {
  const fail = (found: string, allowed: string): EvalError => malformed(name, { byte }, found, allowed);
  const text = header.trim();
  if (!/^\{[\s\S]*\}$/.test(text)) throw fail(JSON.stringify(text.slice(0, 60)), 'a header dictionary');
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  if (descr === undefined) throw fail('a structured or missing descr', ALLOWED);
  if (descr.includes('O')) throw fail(`dtype ${descr} (pickled Python objects)`, ALLOWED);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (fortran === undefined) throw fail('no fortran_order', 'True or False');
  const inside = /'shape'\s*:\s*\(([^()]*)\)/.exec(text)?.[1];
  if (inside === undefined) throw fail('no shape', 'a tuple of whole numbers');
  const parts = inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const shape = parts.map((part) => {
    if (!/^\d{1,15}$/.test(part)) throw fail(`extent ${part}`, 'a whole number ≥ 0');
    return Number(part);
  });
  if (shape.length > 32) throw fail(`${shape.length} dimensions`, 'at most 32');
  return { descr, fortran: fortran === 'True', shape };
}

function rowMajor(columnMajor: Data, shape: readonly number[], out: Data): Data {
  const position = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, extent) => product * extent, 1));
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += position[axis]! * strides[axis]!;
    out[i] = columnMajor[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++position[axis]! < shape[axis]!) break;
      position[axis] = 0;
    }
  }
  return out;
}

/**
 * Arrays of an `.npz` by name without `.npy`, at most 64 members. Members that `only` does not name are not read, so an
 * object array beside the wanted ones does no harm. Throws FILE_MALFORMED or FILE_TOO_LARGE.
 */
export async function parseNpz(
  content: Buffer,
  name: string,
  only?: readonly string[],
): Promise<Map<string, NpyArray>> {
  const limits = { entries: 64, entryBytes: 2 ** 31 - 1, totalBytes: 2 ** 32 };
  const members = await readZip(content, name, limits).catch((cause: unknown) => {
    throw malformed(name, {}, cause instanceof Error ? cause.message : String(cause), 'a sound .npz archive', cause);
  });
  const arrays = new Map<string, NpyArray>();
  for (const member of members) {
    const key = member.name.replace(/\.npy$/, '');
    if (only && !only.includes(key)) continue;
    arrays.set(key, parseNpy(member.content, `${name}: ${member.name}`));
  }
  for (const key of only ?? [])
    if (!arrays.has(key))
      throw malformed(name, {}, `members ${members.map((m) => m.name).join(', ')}`, `one called ${key}.npy`);
  return arrays;
}
