/** Datasets that consist of MNIST's four files. */
import type { LoadedDataset } from '../core/types.js';
import { EvalError } from '../core/errors.js';
import { readDecompressed } from './compressed.js';
import { parseIdx, type IdxArray } from './idx.js';

const FILES = {
  trainImages: 'train-images-idx3-ubyte.gz',
  trainLabels: 'train-labels-idx1-ubyte.gz',
  testImages: 't10k-images-idx3-ubyte.gz',
  testLabels: 't10k-labels-idx1-ubyte.gz',
} as const;

/** Training items first, then the test items, each in the official order; features are raw pixels 0–255. */
export async function loadMnistFamily(
  locate: (file: string) => string,
  classNames: readonly string[],
): Promise<LoadedDataset> {
  const read = async (file: string): Promise<IdxArray> => parseIdx(await readDecompressed(locate(file)), file);
  const images = [await read(FILES.trainImages), await read(FILES.testImages)];
  const labels = [await read(FILES.trainLabels), await read(FILES.testLabels)];
  const [, height = 0, width = 0] = images[0]!.shape;
  const n = labels.reduce((sum, part) => sum + part.data.length, 0);
  const features = new Float32Array(n * height * width);
  const classes = new Int32Array(n);
  let item = 0;
  images.forEach((part, i) => {
    const count = labels[i]!.data.length;
    if (part.shape[0] !== count || part.shape[1] !== height || part.shape[2] !== width) {
      const file = i === 0 ? FILES.trainImages : FILES.testImages;
      const allowed = `[${count}, ${height}, ${width}]`;
      throw new EvalError('DATASET_CORRUPT', `${file}: shape [${part.shape.join(', ')}], expected ${allowed}`, {
        field: file,
        value: part.shape,
        allowed,
      });
    }
    features.set(part.data, item * height * width);
    classes.set(labels[i]!.data, item);
    item += count;
  });
  return { n, shape: [height, width], features, labels: classes, classNames };
}
