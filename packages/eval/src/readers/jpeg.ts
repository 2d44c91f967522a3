/** JPEG pixels. The decoder is plain JavaScript, so every machine gets the same values. */
import { decode } from 'jpeg-js';
import { EvalError } from '../core/errors.js';

/** Writes RGB values 0–255 row-major into `target` at `offset`; throws DATASET_CORRUPT unless the image is width × height. */
export function decodeJpegInto(
  content: Buffer,
  name: string,
  width: number,
  height: number,
  target: Float32Array,
  offset: number,
): void {
  let image: { width: number; height: number; data: Uint8Array };
  try {
    image = decode(content, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: 1,
      maxMemoryUsageInMB: 64,
    });
  } catch (cause) {
    throw new EvalError('DATASET_CORRUPT', `${name}: ${(cause as Error).message}`, { field: name }, { cause });
  }
  if (image.width !== width || image.height !== height) {
    throw new EvalError('DATASET_CORRUPT', `${name}: ${image.width} × ${image.height}, expected ${width} × ${height}`, {
      field: name,
      value: `${image.width} × ${image.height}`,
      allowed: `${width} × ${height}`,
    });
  }
  const values = width * height * 3;
  for (let i = 0; i < values; i++) target[offset + i] = image.data[i]!;
}
