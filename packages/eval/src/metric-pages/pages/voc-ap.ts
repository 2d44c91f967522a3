import { averagePrecision } from '../../predictions/detection/voc.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'voc_ap',
  title: 'PASCAL VOC average precision',
  field: 'object detection',
  keys: [{ pattern: 'voc_ap_{11point,allpoint}', meaning: 'mean of eleven points (2007), or the whole area (2010)' }],
  summary:
    'Area under the monotone precision–recall curve at overlap .5, or its mean at eleven recalls, over categories.',
  definition:
    'A detection belongs to the box of its image that it overlaps most; from an intersection over union of .5 on it is right if that box is still free, and wrong if it is taken. The 2007 challenge averages the best precision at recall 0, .1 … 1 or beyond; since 2010 it is the area under the curve made monotone.',
  formula: String.raw`\mathrm{AP}_{11} = \frac{1}{11}\sum_{r \in \{0, .1, \dots, 1\}}\max_{\tilde r \ge r} p(\tilde r),\qquad \mathrm{AP}_{\mathrm{all}} = \sum_i (r_i - r_{i-1})\max_{\tilde r \ge r_i} p(\tilde r)`,
  resampled: 'Images; intervals need a bootstrap that ranks again.',
  ties: 'Equal scores keep the order of the file.',
  edges: [
    'A detection whose box is a crowd (VOC: difficult) is not counted.',
    'Categories without a box are left out.',
    'Second detections of one box are wrong.',
  ],
  oracle: { tool: 'PASCAL VOC development kits', version: '2007, 2010' },
  parity: [
    {
      path: 'packages/eval/src/predictions/detection/detection.test.ts',
      figure: 'both areas of a worked curve to 12 decimals',
    },
  ],
  disagreements: [
    '**VOC against COCO.** One overlap, no limit of 100 detections: see [COCO AP](/metrics/coco_ap).',
    'The original kit adds one pixel to widths and heights, which moves the value slightly. Boxes are continuous here.',
    'A detection whose best box is taken is wrong in VOC even if a second box also overlaps enough; COCO looks for a free one.',
  ],
  sources: [
    {
      title: 'Everingham et al. 2010, The PASCAL visual object classes challenge',
      url: 'https://doi.org/10.1007/s11263-009-0275-4',
    },
  ],
  example: {
    given: 'Four boxes; three detections in order of score: right, wrong, right.',
    working:
      'Precision 1 at recall .25 and 2/3 at recall .5. All points: $.25 · 1 + .25 · 2/3 = 0.4167$. Eleven points: recall 0, .1, .2 have 1, recall .3, .4, .5 have 2/3, the rest 0: $5/11 = 0.4545$.',
    results: { voc_ap_allpoint: 5 / 12, voc_ap_11point: 5 / 11 },
    compute() {
      const { allPoint, elevenPoint } = averagePrecision([true, false, true], 4);
      return { voc_ap_allpoint: allPoint, voc_ap_11point: elevenPoint };
    },
  },
};
