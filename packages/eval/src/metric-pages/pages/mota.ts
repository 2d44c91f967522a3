import { definition as tracking } from '../../predictions/protocols/kitti-tracking.js';
import { ONE_CAR_GIVEN, scoreFiles, TRACK_LABELS, TRACK_RESULTS } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'mota',
  title: 'MOTA and MOTP',
  field: 'object tracking',
  keys: [
    { pattern: 'mota_{class}', meaning: 'one minus misses, false positives and identity switches over objects' },
    { pattern: 'motp_{class}', meaning: 'mean overlap of matched pairs' },
  ],
  boards: ['kitti-tracking'],
  summary: 'One minus all tracking errors over the number of objects, and the mean overlap of what is matched.',
  definition:
    'In every frame as many pairs as possible are matched and of these the greatest total 3D overlap; a pair needs .25 (plain keys), .5 or .7 (`_iou0.5`, `_iou0.7`). Objects that are occluded above 2 or truncated, vans (for cars) and sitting persons (for pedestrians) may be matched but do not count. Both numbers are at the score threshold with the greatest MOTA.',
  formula: String.raw`\mathrm{MOTA} = 1 - \frac{\sum_t (\mathrm{FN}_t + \mathrm{FP}_t + \mathrm{IDS}_t)}{\sum_t G_t},\qquad \mathrm{MOTP} = \frac{\sum_{t,i}\mathrm{IoU}_{t,i}}{\mathrm{TP}}`,
  resampled: 'Sequences; ratios of sums, so intervals need a bootstrap that adds up again.',
  ties: 'Of equally good thresholds the highest. Among matchings of equal overlap the choice is free.',
  edges: [
    'MOTA has no lower bound. Where none exceeds 0, all tracks are kept.',
    'True positives, and so MOTP, include matched objects that do not count, as in the script.',
    'MOTP is 0 where nothing is matched.',
  ],
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/kitti-data.test.ts',
      data: 'kitti_tracking',
      figure:
        'the ground truth scores 1; published counts give the published MOTA of seven rows within .005 points with the objects counted here',
    },
  ],
  disagreements: [
    'KITTI’s own server matches boxes of the *image* at .5 and takes the tracks as they are, without a choice of threshold.',
    'MOTP by distance (CLEAR MOT’s own) is lower-is-better; this one is by overlap.',
    'MOTA hardly sees identities; HOTA and IDF1 do.',
  ],
  sources: [
    {
      title: 'Bernardin and Stiefelhagen 2008, Evaluating multiple object tracking performance',
      url: 'https://doi.org/10.1155/2008/246309',
    },
    { title: 'Weng et al. 2020 (AB3DMOT)', url: 'https://arxiv.org/abs/1907.03961' },
  ],
  example: {
    given: ONE_CAR_GIVEN,
    working: 'One identity switch among four objects: $1 - 1/4 = 0.75$. Every overlap is 1.',
    results: { mota_car: 0.75, motp_car: 1 },
    compute: () => scoreFiles(tracking, TRACK_RESULTS, TRACK_LABELS),
  },
};
