import { definition as tracking } from '../../predictions/protocols/kitti-tracking.js';
import { ONE_CAR_GIVEN, scoreFiles, TRACK_LABELS, TRACK_RESULTS } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'tracking_counts',
  title: 'Errors, recall and precision of tracking',
  field: 'object tracking',
  keys: [
    { pattern: 'false_positives_{class}', meaning: 'results that match nothing' },
    { pattern: 'false_negatives_{class}', meaning: 'objects that are not found' },
    { pattern: 'recall_{class}', meaning: 'true positives over true positives and misses' },
    { pattern: 'precision_{class}', meaning: 'true positives over all results that count' },
  ],
  boards: ['kitti-tracking'],
  summary: 'What MOTA is made of: results without an object, objects without a result, and the two ratios.',
  definition:
    'At the score threshold with the greatest MOTA, over all frames of all sequences. Unmatched results at most 25 pixels high, of a neighbouring type, or more than half inside a DontCare area of the image do not count.',
  formula: String.raw`\mathrm{recall} = \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}},\qquad \mathrm{precision} = \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}}`,
  resampled: 'Sequences; sums, and ratios of sums.',
  ties: 'Those of the matching and of the threshold.',
  edges: [
    'True positives include matched objects that do not count, as in the script.',
    'Precision is absent where there is no result at all.',
    'A result that some pass has matched is a false positive wherever a later pass leaves it unmatched, as in the script.',
  ],
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/kitti-data.test.ts',
      data: 'kitti_tracking',
      figure:
        'the ground truth has recall and precision 1 and no error; published sums give the published MOTA within .005 points',
    },
  ],
  disagreements: ['KITTI’s server counts at an overlap of .5 in the image.'],
  sources: [{ title: 'Weng et al. 2020 (AB3DMOT)', url: 'https://arxiv.org/abs/1907.03961' }],
  example: {
    given: ONE_CAR_GIVEN,
    working:
      'Four matches, 0 false positives, 0 misses: recall and precision are 1. The change of track is no error of these.',
    results: { false_positives_car: 0, false_negatives_car: 0, recall_car: 1, precision_car: 1 },
    compute: () => scoreFiles(tracking, TRACK_RESULTS, TRACK_LABELS),
  },
};
