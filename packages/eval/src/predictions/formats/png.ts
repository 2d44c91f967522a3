/** PNG images as 8-bit luma or RGB. */
import { PNG } from 'pngjs';
import { malformed, tooLarge } from '../errors.js';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue interleaved. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

const MOST_PIXELS = 64 * 2 ** 20;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Grey where the file is grey, RGB otherwise; transparency must be absent or opaque; 16-bit samples are refused.
 * Throws FILE_MALFORMED, and FILE_TOO_LARGE beyond 64 million pixels, which is known before anything is inflated.
 */
export function decodePng(content: Buffer, name: string): Pixels {
  if (content.length < 33 || !content.subarray(0, 8).equals(SIGNATURE))
    throw malformed(name, { byte: 0 }, 'no PNG signature', 'a PNG image');
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  const [depth, colour] = [content[24]!, content[25]!];
  if (width * height > MOST_PIXELS) throw tooLarge(name, `${width} × ${height} pixels`, 'at most 64 million pixels');
  if (width === 0 || height === 0)
    throw malformed(name, { byte: 16 }, `${width} × ${height} pixels`, 'a width and a height');
  if (depth === 16) throw malformed(name, { byte: 24 }, '16-bit samples', '8-bit samples');
  let rgba: Buffer;
  try {
    rgba = PNG.sync.read(content).data;
  } catch (cause) {
    throw malformed(name, {}, cause instanceof Error ? cause.message : String(cause), 'a sound PNG image', cause);
  }
  const channels = colour === 0 || colour === 4 ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += 4) {
    if (rgba[from + 3] !== 255)
      throw malformed(name, {}, `a transparent pixel at (${i % width}, ${Math.floor(i / width)})`, 'opaque pixels');
    for (let c = 0; c < channels; c++) data[to++] = rgba[from + c]!;
  }
  return { width, height, channels, data };
}
