import { join } from 'node:path';
import { openInput } from '../input.js';
import { TRACKING_OUTPUTS, trackingReport } from '../kitti/tracking-report.js';
import type { PredictionProtocol } from '../types.js';

const DATA = 'kitti_tracking';

export const definition: PredictionProtocol = {
  key: 'kitti-tracking',
  version: 1,
  title: 'KITTI 3D multi-object tracking, validation sequences',
  summary: 'Tracks on eleven KITTI training sequences, scored in 3D by the rules of AB3DMOT.',
  page: `# 3D multi-object tracking

The evaluation of AB3DMOT (Weng et al. 2020) on its eleven validation sequences, class by class. Values are fractions, as its
script prints them; its tables print them times 100.

- **Matching**: in every frame as many pairs as possible, and of those the greatest total 3D overlap; a pair needs an
  overlap of at least .25 (plain keys), .5 or .7 (\`_iou0.5\`, \`_iou0.7\`). Rotated intersections are exact, in float64.
- **What does not count**: ground truth that is occluded above 2 or truncated above 0, vans (for cars) and sitting persons
  (for pedestrians); unmatched results at most 25 pixels high, of a neighbouring type, or more than half inside a DontCare
  area of the image. The tracking labels write sitting persons \`Person\`, which the script does not read.
- **Scores** of a track are averaged over its frames. At each of 40 recall values (1/40, 2/40, …) the tracks at or above the
  score that comes closest are kept, and MOTA and MOTP (mean overlap) computed; unreached recall counts 0.
  \`amota\` and \`amotp\` are their means; \`samota\` first scales each MOTA to what its recall allows, within [0, 1].
- \`mota\`, \`motp\`, \`id_switches\`, \`fragmentations\`, \`recall\`, \`precision\` and the rest are at the threshold of the
  greatest MOTA (the highest of equal ones), or of all tracks where none exceeds 0.
- \`overall\` averages the three classes, and sums counts, where all three have results.

True positives, recall, precision and MOTP include matched objects that do not count, as in the script.

## Known disagreements

KITTI's own server matches in the image at .5 and has no averages over recall; the first version of the paper reports other
figures than the present code. The script averages a track's equal scores anew in every pass, so that a track at the very
threshold may be lost in the last bit, and remembers which results were ever matched: both are kept here. Among matchings of
equal overlap the choice is free.

## Intervals

The measures are ratios of sums over sequences and have no outcomes of their own. Intervals draw sequences and add the counts of
those drawn at the thresholds of the whole set, of which the best is chosen anew. Deriving the 40 thresholds from every drawing
would count all sequences forty times more for each of them. Eleven sequences are few: expect wide intervals.
`,
  primary: 'samota_car',
  outputs: TRACKING_OUTPUTS,
  resampling: 'sequence',
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  predictions: [
    {
      name: 'tracks',
      formats: ['folder of .txt', '.zip', '.tar.gz'],
      contents:
        'NNNN.txt for each sequence. A line: frame (from 0), track, type, truncated, occluded, alpha, left top right bottom ' +
        'in pixels, height width length x y z in metres, rotation_y, score (−1 where there is none).',
      example: '0 3 Car 0 0 -1.82 726.4 173.7 917.5 315.1 1.56 1.58 3.48 2.57 1.57 9.72 -1.56 13.85',
    },
  ],
  labels: [
    {
      name: 'label_02',
      formats: ['folder of .txt', '.zip', '.tar.gz'],
      contents: 'NNNN.txt for each sequence, without the score, and evaluate_tracking.seqmap.val, which names them.',
      example: '0 1 Cyclist 0 0 -1.94 737.6 161.5 931.1 374.0 1.74 0.82 1.79 1.78 1.75 5.99 -1.55',
      optional: true,
    },
  ],
  datasets: [DATA],
  async score(context) {
    if (context.labels.length > 0) return trackingReport(context, context.labels);
    const labels = await openInput(join(context.dataFolder(DATA), 'labels_and_seqmap.zip'));
    try {
      return await trackingReport(context, [labels]);
    } finally {
      await labels.close();
    }
  },
};
