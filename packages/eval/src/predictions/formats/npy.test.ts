import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseNpy, parseNpz } from './npy.js';

const npy = (header: string, data: Uint8Array, version = 1): Buffer => {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY', 'latin1'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header, 'latin1'),
    data,
  ]);
};
const header = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }   \n`;
const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('arrays', () => {
  it.each([
    ['<f4', new Float32Array([1.5, -2]), [1.5, -2]],
    ['<f8', new Float64Array([1 / 3, 1e300]), [1 / 3, 1e300]],
    ['<i4', new Int32Array([-7, 2 ** 31 - 1]), [-7, 2 ** 31 - 1]],
    ['<i8', new BigInt64Array([-7n, 2n ** 53n]), [-7, 2 ** 53]],
    ['<u8', new BigUint64Array([0n, 9n]), [0, 9]],
    ['<u2', new Uint16Array([65535, 1]), [65535, 1]],
    ['|b1', new Uint8Array([1, 0]), [1, 0]],
    ['|i1', new Int8Array([-1, 5]), [-1, 5]],
    ['<f2', new Uint16Array([0x3c00, 0xc000]), [1, -2]],
    ['<f2', new Uint16Array([0x0001, 0x7c00]), [2 ** -24, Infinity]],
    ['>i2', new Uint8Array([1, 0, 255, 255]), [256, -1]],
  ])('of %s', (descr, data, values) => {
    const { shape, data: read } = parseNpy(npy(header(descr, '(2,)'), bytes(data)), 'a.npy');
    expect(shape).toEqual([2]);
    expect([...read]).toEqual(values);
  });
  it('in column-major order, of rank 0 and of no element', () => {
    const columns = npy(header('<f4', '(2, 3)', 'True'), bytes(new Float32Array([1, 4, 2, 5, 3, 6])));
    expect([...parseNpy(columns, 'a').data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(parseNpy(npy(header('<f4', '()'), bytes(new Float32Array([3]))), 'a')).toMatchObject({ shape: [] });
    expect(parseNpy(npy(header('<f4', '(0, 5)'), new Uint8Array(0)), 'a').data).toHaveLength(0);
  });
  it('with a header of version 2', () => {
    expect([...parseNpy(npy(header('<f4', '(1,)'), bytes(new Float32Array([3])), 2), 'a').data]).toEqual([3]);
  });
});

describe('malformed files', () => {
  const four = bytes(new Float32Array([1]));
  it.each([
    ['no signature', Buffer.from('hello, world'), /a.npy, byte 0: found .*expected the .npy signature/],
    ['empty', Buffer.alloc(0), /byte 0/],
    ['version 9', npy(header('<f4', '(1,)'), four, 9), /byte 6: found format version 9/],
    ['pickled objects', npy(header('|O', '(1,)'), four), /pickled Python objects/],
    [
      'a structured dtype',
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", four),
      /structured or missing descr/,
    ],
    ['text', npy(header('<U4', '(1,)'), four), /dtype <U4/],
    ['complex numbers', npy(header('<c8', '(1,)'), four), /dtype <c8/],
    ['too little data', npy(header('<f4', '(2,)'), four), /found 4 bytes of data, expected 8 for shape \(2\)/],
    ['too much data', npy(header('<f8', '()'), new Uint8Array(9)), /found 9 bytes/],
    ['a lying shape', npy(header('<f4', '(999999999999,)'), four), /shape \(999999999999\)/],
    ['a shape beyond counting', npy(header('<f4', '(9999999999, 9999999999, 9999999999)'), four), /below 2 GiB/],
    ['a negative shape', npy(header('<f4', '(-1,)'), four), /extent -1/],
    ['no dictionary', npy('just words', four), /header dictionary/],
    ['a header that ends early', npy(header('<f4', '(1,)'), four).subarray(0, 30), /expected a header of/],
  ])('%s', (_, content, message) => {
    expect(() => parseNpy(content, 'a.npy')).toThrow(message);
  });
  it('a huge header is refused before it is read', () => {
    const lying = npy(header('<f4', '(1,)'), four, 2);
    lying.writeUInt32LE(2 ** 31, 8);
    expect(() => parseNpy(lying, 'a.npy')).toThrow(/a header of 2147483648 bytes/);
  });
});

describe('archives of arrays', () => {
  const one = npy(header('<f4', '(1,)'), bytes(new Float32Array([3])));
  it('give the wanted members and leave others unread', async () => {
    const content = Buffer.from(zipSync({ 'x.npy': one, 'objects.npy': npy(header('|O', '(1,)'), new Uint8Array(4)) }));
    const arrays = await parseNpz(content, 'a.npz', ['x']);
    expect([...arrays.keys()]).toEqual(['x']);
    await expect(parseNpz(content, 'a.npz')).rejects.toThrow(/a.npz: objects.npy, byte 10: found dtype \|O/);
    await expect(parseNpz(content, 'a.npz', ['y'])).rejects.toThrow(/expected one called y.npy/);
  });
  it('refuse what is no archive', async () => {
    await expect(parseNpz(Buffer.from('PK\x03\x04 but nothing more'), 'a.npz')).rejects.toThrow(/a.npz/);
  });
});
