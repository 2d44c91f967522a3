/** The features of the small bird benchmark: HOG and colour histograms, standardised on the training items. */
import type { LoadedDataset } from '../core/types.js';
import { EvalError } from '../core/errors.js';
import type { Environment } from '../data-store.js';
import { cachedBytes, contentName } from './cache.js';
import { COLOUR_HISTOGRAM_SIZE, colourHistogramsInto } from './colour-histogram.js';
import { hogInto, hogSize } from './hog.js';
import { normaliseRows, standardiseColumns } from './standardise.js';

/** Part of the cache's name: rises when a value changes. */
const VERSION = 'hog-colour-1';

export interface Features {
  readonly n: number;
  readonly d: number;
  /** [n, d] row-major. */
  readonly values: Float32Array;
}

function checkedShape(images: LoadedDataset): readonly [number, number] {
  const [height, width, channels] = images.shape;
  if (images.shape.length !== 3 || channels !== 3 || height! < 16 || width! < 16) {
    const value = `[${images.shape.join(', ')}]`;
    const allowed = 'images [height ≥ 16, width ≥ 16, 3]';
    throw new EvalError('PARAM_RANGE', `images: found shape ${value}, expected ${allowed}`, {
      field: 'images',
      value,
      allowed,
    });
  }
  return [height!, width!];
}

/**
 * Features of RGB images with values 0–255: HOG (1,764 values at 64 × 64), then 5 colour histograms (320 values), all
 * float64; columns z-scored with mean and deviation of the items `training`; rows scaled to unit length; float32 at the end.
 * Deterministic. Throws PARAM_RANGE for another shape, no training item or an index outside the images.
 */
export function hogColour(images: LoadedDataset, training: ArrayLike<number>): Features {
  const [height, width] = checkedShape(images);
  const outside = Array.from(training).find((i) => !Number.isInteger(i) || i < 0 || i >= images.n);
  if (training.length === 0 || outside !== undefined) {
    const allowed = `at least one index in 0 … ${images.n - 1}`;
    throw new EvalError('PARAM_RANGE', `training: found ${outside ?? 'none'}, expected ${allowed}`, {
      field: 'training',
      value: outside,
      allowed,
    });
  }
  const hog = hogSize(height, width);
  const d = hog + COLOUR_HISTOGRAM_SIZE;
  const size = height * width * 3;
  const values = new Float64Array(images.n * d);
  for (let i = 0; i < images.n; i++) {
    const pixels = images.features.subarray(i * size, (i + 1) * size);
    hogInto(pixels, height, width, 3, values, i * d);
    colourHistogramsInto(pixels, height, width, values, i * d + hog);
  }
  standardiseColumns(values, images.n, d, training);
  normaliseRows(values, images.n, d);
  return { n: images.n, d, values: Float32Array.from(values) };
}

/** `hogColour`, remembered on disk by the hash of the pixels, the training items and the version of the features. */
export function cachedHogColour(
  images: LoadedDataset,
  training: ArrayLike<number>,
  env: Environment = process.env,
): Features {
  const [height, width] = checkedShape(images);
  const name = contentName(
    `${VERSION} ${images.n} ${height} ${width} ${Array.from(training).join(' ')}`,
    images.features,
  );
  const d = hogSize(height, width) + COLOUR_HISTOGRAM_SIZE;
  const compute = (): Uint8Array => new Uint8Array(hogColour(images, training).values.buffer);
  const bytes = cachedBytes(name, images.n * d * 4, compute, env);
  return { n: images.n, d, values: new Float32Array(bytes.buffer) };
}
