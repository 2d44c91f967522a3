/**
 * MATLAB's level-5 `.mat` files, read without MATLAB: full real matrices of numbers, compressed or not, and nothing else.
 * Source: "MAT-File Format", The MathWorks, version 5.
 */
import { inflateSync } from 'node:zlib';
import { malformed, tooLarge } from '../errors.js';

export interface MatMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; the file has columns one after the other. */
  readonly values: Float64Array;
}

const HEADER = 128;
const MOST_BYTES = 64 * 2 ** 20;
const [MATRIX, COMPRESSED] = [14, 15];

interface Number {
  readonly bytes: number;
  get(view: DataView, at: number, little: boolean): number;
}

const NUMBERS: Readonly<Record<number, Number>> = {
  1: { bytes: 1, get: (v, at) => v.getInt8(at) },
  2: { bytes: 1, get: (v, at) => v.getUint8(at) },
  3: { bytes: 2, get: (v, at, little) => v.getInt16(at, little) },
  4: { bytes: 2, get: (v, at, little) => v.getUint16(at, little) },
  5: { bytes: 4, get: (v, at, little) => v.getInt32(at, little) },
  6: { bytes: 4, get: (v, at, little) => v.getUint32(at, little) },
  7: { bytes: 4, get: (v, at, little) => v.getFloat32(at, little) },
  9: { bytes: 8, get: (v, at, little) => v.getFloat64(at, little) },
};

interface Element {
  readonly type: number;
  readonly data: Buffer;
  /** Offset of the next one. */
  readonly next: number;
}

/** The element at `at`: a tag of 8 bytes, or of 4 with up to 4 bytes of data behind it. */
function elementAt(content: Buffer, at: number, name: string, little: boolean): Element {
  const word = (from: number): number => (little ? content.readUInt32LE(from) : content.readUInt32BE(from));
  if (at + 8 > content.length) throw malformed(name, { byte: at }, 'the end of the data', 'a whole element');
  const first = word(at);
  const small = first >>> 16;
  const [type, bytes, from] = small > 0 ? [first & 0xffff, small, at + 4] : [first, word(at + 4), at + 8];
  if (bytes > (small > 0 ? 4 : content.length - from))
    throw malformed(name, { byte: at }, `an element of ${bytes} bytes`, `at most the ${content.length - from} left`);
  const end = small > 0 ? at + 8 : from + (type === COMPRESSED ? bytes : Math.ceil(bytes / 8) * 8);
  return { type, data: content.subarray(from, from + bytes), next: end };
}

const viewOf = (data: Buffer): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** Name and content of a matrix element. */
function matrixOf(data: Buffer, name: string, little: boolean): [string, MatMatrix] {
  const parts: Element[] = [];
  for (let at = 0; parts.length < 4; at = parts.at(-1)!.next) parts.push(elementAt(data, at, name, little));
  const [flags, dimensions, label, real] = parts as [Element, Element, Element, Element];
  const text = label.data.toString('latin1');
  const where = `${name}: ${text}`;
  if (flags.data.length < 8 || dimensions.data.length < 8)
    throw malformed(where, {}, 'no flags or dimensions', 'a numeric matrix');
  const flag = viewOf(flags.data).getUint32(0, little);
  // Classes 6 … 13 are double, single and the whole numbers; bit 0x800 says complex.
  if ((flag & 0xff) < 6 || (flag & 0xff) > 13 || (flag & 0x800) !== 0)
    throw malformed(where, {}, `array class ${flag & 0xff}${flag & 0x800 ? ', complex' : ''}`, 'a full real matrix');
  const sizes = Array.from({ length: dimensions.data.length / 4 }, (_, i) =>
    viewOf(dimensions.data).getInt32(4 * i, little),
  );
  const [rows = -1, columns = -1] = sizes;
  if (sizes.length !== 2 || rows < 0 || columns < 0)
    throw malformed(where, {}, `dimensions ${sizes.join(' × ')}`, 'rows × columns');
  const number = NUMBERS[real.type];
  if (!number) throw malformed(where, {}, `data type ${real.type}`, 'numbers');
  if (real.data.length !== rows * columns * number.bytes)
    throw malformed(where, {}, `${real.data.length} bytes`, `${rows} × ${columns} × ${number.bytes}`);
  const view = viewOf(real.data);
  const values = Float64Array.from({ length: rows * columns }, (_, i) =>
    number.get(view, ((i % columns) * rows + Math.floor(i / columns)) * number.bytes, little),
  );
  return [text, { rows, columns, values }];
}

/** Every matrix by its name. Throws FILE_MALFORMED, and FILE_TOO_LARGE beyond 64 MiB decompressed. */
export function parseMat(content: Buffer, name: string): ReadonlyMap<string, MatMatrix> {
  const mark = content.toString('latin1', 126, 128);
  if (content.length < HEADER || !content.toString('latin1', 0, 10).startsWith('MATLAB 5.0') || !/^(IM|MI)$/.test(mark))
    throw malformed(name, { byte: 0 }, 'no MATLAB 5.0 header', 'a level-5 .mat file');
  const little = mark === 'IM';
  const found = new Map<string, MatMatrix>();
  let [left, at] = [MOST_BYTES, HEADER];
  while (at < content.length) {
    const outer = elementAt(content, at, name, little);
    let inner = outer;
    if (outer.type === COMPRESSED) {
      let plain: Buffer;
      try {
        plain = inflateSync(outer.data, { maxOutputLength: Math.max(1, left) });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
          throw tooLarge(name, 'more decompressed', `at most ${MOST_BYTES / 2 ** 20} MiB`);
        throw malformed(name, { byte: at }, (cause as Error).message, 'a sound compressed element', cause);
      }
      left -= plain.length;
      inner = elementAt(plain, 0, name, little);
    }
    if (inner.type !== MATRIX) throw malformed(name, { byte: at }, `an element of type ${inner.type}`, 'a matrix');
    const [key, matrix] = matrixOf(inner.data, name, little);
    if (found.has(key)) throw malformed(name, { byte: at }, `the matrix ${key} again`, 'each name once');
    found.set(key, matrix);
    at = outer.next;
  }
  return found;
}
