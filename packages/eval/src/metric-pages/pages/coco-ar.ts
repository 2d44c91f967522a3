import { definition as coco } from '../../predictions/protocols/coco-detection.js';
import { COCO_GIVEN, COCO_LABELS, COCO_RESULTS, scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'coco_ar',
  title: 'COCO average recall',
  field: 'object detection',
  keys: [
    { pattern: 'AR{1,10,100}', meaning: 'with at most that many detections an image' },
    { pattern: 'AR{small,medium,large}', meaning: 'of boxes below 32², to 96², and above 96² pixels' },
  ],
  boards: ['coco-detection'],
  summary: 'Share of boxes found by the best k detections of each image, averaged over categories and ten overlaps.',
  definition:
    'The recall at the end of the curve, over intersection-over-union thresholds .50 to .95 and the categories that have a box. It tells what a detector could find if its scores did not matter.',
  formula: String.raw`\mathrm{AR}_k = \frac{1}{10}\sum_{t}\frac{1}{|C|}\sum_{c}\frac{\mathrm{TP}_{c,t}(k)}{\mathrm{boxes}_c}`,
  resampled: 'Images; intervals need a bootstrap that matches again.',
  ties: 'Equal scores keep the order of the file where the limit of k cuts.',
  edges: [
    'k is a limit an image *and category*.',
    'As [COCO AP](/metrics/coco_ap) for crowds, sizes and absent categories.',
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
    'Hosang et al. define average recall as an area over overlaps from .5 to 1, for class-agnostic proposals.',
  ],
  sources: [
    {
      title: 'Hosang et al. 2016, What makes for effective detection proposals?',
      url: 'https://arxiv.org/abs/1502.05082',
    },
    { title: 'cocodataset/cocoapi, cocoeval.py', url: 'https://github.com/cocodataset/cocoapi' },
  ],
  example: {
    given: COCO_GIVEN,
    working: 'One of two boxes is found at every overlap: 0.5.',
    results: { AR1: 0.5, AR100: 0.5 },
    compute: () => scoreFiles(coco, COCO_RESULTS, COCO_LABELS),
  },
};
