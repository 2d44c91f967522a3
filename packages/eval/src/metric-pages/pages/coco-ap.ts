import { definition as coco } from '../../predictions/protocols/coco-detection.js';
import { COCO_GIVEN, COCO_LABELS, COCO_RESULTS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'coco_ap',
  title: 'COCO average precision',
  field: 'object detection',
  keys: [
    { pattern: 'AP', meaning: 'mean over ten overlap thresholds' },
    { pattern: 'AP{50,75}', meaning: 'at overlap .50, at .75' },
    { pattern: 'AP{small,medium,large}', meaning: 'of boxes below 32², to 96², and above 96² pixels' },
  ],
  boards: ['coco-detection'],
  summary: 'Interpolated precision at 101 recall levels, averaged over categories and over overlaps from .50 to .95.',
  definition:
    'Detections of a category are taken by descending score over all images, 100 an image at most, and matched to the free box that they overlap most. Precision is made monotone from the right and read at recall 0, .01 … 1. AP is the mean over ten thresholds of intersection over union and over the categories that have a box.',
  formula: String.raw`\mathrm{AP} = \frac{1}{10}\sum_{t \in \{.50, \dots, .95\}}\frac{1}{|C|}\sum_{c}\frac{1}{101}\sum_{r \in \{0, .01, \dots, 1\}}\max_{\tilde r \ge r} p_{c,t}(\tilde r)`,
  resampled: 'Images; precision of a category does not decompose, so intervals need a bootstrap that ranks again.',
  ties: 'Equal scores keep the order of images, then of the file.',
  edges: [
    'Crowd regions match any number of detections and count neither way.',
    'Boxes outside the size range, and unmatched detections outside it, are passed over.',
    'Categories without a box are left out; a number without any category is absent (pycocotools prints −1).',
    'No detection at all scores 0.',
  ],
  oracle: { tool: 'pycocotools', version: 'cocodataset/cocoapi@8c9bcc3' },
  parity: [
    {
      path: 'packages/eval/src/predictions/detection/detection.test.ts',
      data: 'objdet_eval',
      figure: 'all twelve numbers of the shipped result file within 10⁻⁶',
    },
  ],
  disagreements: [
    '**COCO against VOC.** 101 recall levels, ten overlaps and crowd regions here; one overlap, every point or eleven, and “difficult” boxes there: see [VOC AP](/metrics/voc_ap). AP50 is close to VOC’s all-point AP but not equal.',
    'pycocotools takes an annotation whose id is 0 for unmatched; here ids carry no meaning.',
    'Libraries that interpolate at other levels, drop crowd regions or rank across categories differ.',
    'AP over a category’s *instances of all images at once* is right; averaging AP over images is another measure.',
  ],
  sources: [
    { title: 'Lin et al. 2014, Microsoft COCO', url: 'https://arxiv.org/abs/1405.0312' },
    { title: 'cocodataset/cocoapi, cocoeval.py', url: 'https://github.com/cocodataset/cocoapi' },
  ],
  example: {
    given: COCO_GIVEN,
    working:
      'Precision is 1 up to recall .5, which covers the levels 0, .01 … .50: 51 of 101, at every overlap. $51/101 = 0.5050$.',
    results: { AP: 51 / 101, AP50: 51 / 101, APmedium: 51 / 101 },
    compute: () => scoreFiles(coco, COCO_RESULTS, COCO_LABELS),
  },
};
