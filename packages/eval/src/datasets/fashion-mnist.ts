import type { DatasetDefinition } from '../core/types.js';

const MIRROR = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/';
const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** Items 0 … 59,999 are the official training set, 60,000 … 69,999 the official test set. */
export const definition: DatasetDefinition = {
  key: 'fashion-mnist',
  revision: '2017.1',
  title: 'Fashion-MNIST',
  summary:
    '70,000 pictures of clothing as 28 × 28 grey values from 0 to 255, in the files and sizes of MNIST: 60,000 official training images, then 10,000 official test images. Values are raw.',
  licence: {
    name: 'MIT',
    url: 'https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE',
    redistributable: true,
    mustAccept: false,
  },
  citation:
    'H. Xiao, K. Rasul and R. Vollgraf. Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. arXiv:1708.07747, 2017.',
  folder: 'fashion_mnist',
  bundled: false,
  sources: [
    {
      file: 'train-images-idx3-ubyte.gz',
      url: `${MIRROR}train-images-idx3-ubyte.gz`,
      bytes: 47_040_016,
      sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    },
    {
      file: 'train-labels-idx1-ubyte.gz',
      url: `${MIRROR}train-labels-idx1-ubyte.gz`,
      bytes: 60_008,
      sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    {
      file: 't10k-images-idx3-ubyte.gz',
      url: `${MIRROR}t10k-images-idx3-ubyte.gz`,
      bytes: 7_840_016,
      sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    },
    {
      file: 't10k-labels-idx1-ubyte.gz',
      url: `${MIRROR}t10k-labels-idx1-ubyte.gz`,
      bytes: 10_008,
      sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  ],
  howToGet:
    "touchstone data pull fashion-mnist (31 MB from the authors' address), or touchstone data import fashion-mnist FOLDER with the four official idx.gz files.",
  items: 70_000,
  classes: 10,
  async load(locate) {
    const { loadMnistFamily } = await import('../readers/mnist-family.js');
    return loadMnistFamily(locate, CLASSES);
  },
};
