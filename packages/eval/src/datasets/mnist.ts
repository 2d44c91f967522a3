import type { DatasetDefinition } from '../core/types.js';

const MIRROR = 'https://ossci-datasets.s3.amazonaws.com/mnist/';

/** Items 0 … 59,999 are the official training set, 60,000 … 69,999 the official test set. */
export const definition: DatasetDefinition = {
  key: 'mnist',
  revision: '1998.1',
  title: 'MNIST',
  summary:
    '70,000 handwritten digits as 28 × 28 grey values from 0 to 255: the 60,000 official training images, then the 10,000 official test images. Values are raw.',
  licence: {
    name: 'CC BY-SA 3.0',
    url: 'https://creativecommons.org/licenses/by-sa/3.0/',
    redistributable: true,
    mustAccept: false,
  },
  citation:
    'Y. LeCun, L. Bottou, Y. Bengio and P. Haffner. Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11):2278–2324, 1998.',
  folder: 'mnist',
  bundled: false,
  sources: [
    {
      file: 'train-images-idx3-ubyte.gz',
      url: `${MIRROR}train-images-idx3-ubyte.gz`,
      bytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    {
      file: 'train-labels-idx1-ubyte.gz',
      url: `${MIRROR}train-labels-idx1-ubyte.gz`,
      bytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    {
      file: 't10k-images-idx3-ubyte.gz',
      url: `${MIRROR}t10k-images-idx3-ubyte.gz`,
      bytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    {
      file: 't10k-labels-idx1-ubyte.gz',
      url: `${MIRROR}t10k-labels-idx1-ubyte.gz`,
      bytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  ],
  howToGet:
    'touchstone data pull mnist (12 MB from the mirror that torchvision uses), or touchstone data import mnist FOLDER with the four official idx.gz files.',
  items: 70_000,
  classes: 10,
  async load(locate) {
    const { loadMnistFamily } = await import('../readers/mnist-family.js');
    return loadMnistFamily(
      locate,
      Array.from({ length: 10 }, (_, i) => String(i)),
    );
  },
};
