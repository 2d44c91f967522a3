/** The IDX format of MNIST: big-endian header `00 00 type rank`, one uint32 a dimension, then the values. */
import { EvalError } from '../core/errors.js';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

function malformed(name: string, byte: number, found: string, allowed: string): EvalError {
  return new EvalError('DATASET_CORRUPT', `${name}, byte ${byte}: found ${found}, expected ${allowed}`, {
    field: `${name}, byte ${byte}`,
    value: found,
    allowed,
  });
}

/** Parses unsigned-byte IDX content; throws DATASET_CORRUPT naming the file and the byte. */
export function parseIdx(content: Uint8Array, name: string): IdxArray {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length < 4) throw malformed(name, 0, `${content.length} bytes`, 'an IDX header of at least 4 bytes');
  if (view.getUint16(0) !== 0) throw malformed(name, 0, `0x${view.getUint16(0).toString(16)}`, 'two zero bytes');
  if (content[2] !== 0x08) throw malformed(name, 2, `type ${content[2]}`, 'type 8 (unsigned byte)');
  const rank = content[3]!;
  if (rank < 1 || rank > 4) throw malformed(name, 3, `rank ${rank}`, 'rank 1 to 4');
  const start = 4 + 4 * rank;
  if (content.length < start) throw malformed(name, 4, `${content.length} bytes`, `a header of ${start} bytes`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = start + shape.reduce((product, size) => product * size, 1);
  if (content.length !== expected) throw malformed(name, start, `${content.length} bytes`, `${expected} bytes`);
  return { shape, data: content.subarray(start) };
}
