import { definition as imageText } from '../../predictions/protocols/image-text-retrieval.js';
import { npzFile, onCircle, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'image_text_recall_at_k',
  title: 'Recall@K between images and captions',
  field: 'embedding retrieval',
  keys: [
    { pattern: 'image_to_text_recall_at_{k}', meaning: 'share of images with one of their captions among the first K' },
    { pattern: 'text_to_image_recall_at_{k}', meaning: 'share of captions with their image among the first K' },
    { pattern: 'rsum', meaning: 'sum of the six recalls' },
  ],
  summary: 'Share of images whose captions, and of captions whose image, stand among the first K of the other side.',
  definition:
    'Usually five captions an image. From images, all captions are ranked, and one own caption among the first K is enough; from captions, all images are ranked. `rsum` adds R@1, 5 and 10 of both ways. Similarity is the cosine, or a matrix as handed in.',
  formula: String.raw`\mathrm{R@}K_{I \to T} = \frac{1}{|I|}\sum_{i}\mathbf{1}\!\left[\min_{t \in T_i}\operatorname{rank}_i(t) \le K\right]`,
  resampled: 'Queries: images one way, captions the other. Each recall is a mean over them; their sum is not.',
  ties: 'Equal similarities stand in ascending order of the position in the file.',
  edges: ['Other numbers of captions an image are taken, with a warning.', 'An image without a caption is refused.'],
  oracle: { tool: 'NumPy, from the definition', version: '1.24.2' },
  parity: [
    {
      path: 'packages/eval/src/predictions/embeddings/protocols.test.ts',
      figure: 'worked cases from embeddings and from similarities, with ties, to 14 decimals',
    },
  ],
  disagreements: [
    'MSCOCO “1K” is the mean over five folds of 1,000 images, “5K” one ranking of 5,000: 1K is far easier.',
    'NumPy’s reversed `argsort`, common in published code, puts equal similarities in *descending* order of the position.',
    'Papers print percent, and `rsum` up to 600.',
    'Recall is “at least one of five” here and in papers, not the share of the five that is found.',
  ],
  sources: [
    { title: 'Karpathy and Fei-Fei 2015, Deep visual-semantic alignments', url: 'https://arxiv.org/abs/1412.2306' },
    { title: 'Faghri et al. 2018, VSE++', url: 'https://arxiv.org/abs/1707.05612' },
  ],
  example: {
    given:
      'Two images at 0° and 100° on the unit circle. The captions of the first lie at 1°, 2°, 98°, 97°, 96°, those of the second at 101°, 102°, 3°, 103°, 104°.',
    working:
      'Both images have an own caption first: 1. Of the ten captions, three of the first image and one of the second lie nearer to the wrong image: $6/10 = 0.6$ at 1, and 1 at 5. All other recalls are 1, so the sum is 5.6.',
    results: { image_to_text_recall_at_1: 1, text_to_image_recall_at_1: 0.6, rsum: 5.6 },
    compute: () =>
      scoreFiles(imageText, {
        'it.npz': npzFile({
          images: [0, 100].map(onCircle),
          captions: [1, 2, 98, 97, 96, 101, 102, 3, 103, 104].map(onCircle),
        }),
      }),
  },
};
