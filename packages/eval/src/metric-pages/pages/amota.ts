import { definition as tracking } from '../../predictions/protocols/kitti-tracking.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

/** Harmonic sum 1/21 + … + 1/40. */
const TAIL = Array.from({ length: 20 }, (_, i) => 1 / (21 + i)).reduce((a, b) => a + b);

function compute(): Promise<Readonly<Record<string, number>>> {
  const car = (frame: number, id: number, x: number, score = ''): string =>
    `${frame} ${id} Car 0 0 0 ${100 * x} 100 ${100 * x + 80} 150 1.5 2 4 ${x} 1.6 20 0${score}\n`;
  const frames = Array.from({ length: 80 }, (_, frame) => frame);
  return scoreFiles(
    tracking,
    { '0001.txt': frames.map((f) => car(f, 7, 0, ' 1') + (f < 40 ? car(f, 8, 9, ' 1') : '')).join('') },
    {
      '0001.txt': frames.map((f) => car(f, 1, 0)).join(''),
      'evaluate_tracking.seqmap.val': '0001 empty 000000 000079\n',
    },
  );
}

export const definition: MetricPage = {
  key: 'amota',
  title: 'AMOTA, sAMOTA and AMOTP',
  field: 'object tracking',
  keys: [
    { pattern: 'samota_{class}', meaning: 'mean over recalls of MOTA scaled to what its recall allows' },
    { pattern: 'amota_{class}', meaning: 'mean over recalls of MOTA' },
    { pattern: 'amotp_{class}', meaning: 'mean over recalls of the mean overlap' },
  ],
  boards: ['kitti-tracking'],
  summary:
    'MOTA and MOTP averaged over forty recall values, so that no threshold of the tracks’ scores has to be chosen.',
  definition:
    'The score of a track is the mean over its frames. At each of 40 recalls, 1/40 to 1, the tracks at or above the score that comes closest to it are kept and [MOTA](/metrics/mota) is computed. Since MOTA cannot exceed the recall r, sAMOTA first subtracts the misses that r itself implies and divides by r, within [0, 1].',
  formula: String.raw`\mathrm{sAMOTA} = \frac{1}{40}\sum_{r}\operatorname{clip}_{[0,1]}\!\left(1 - \frac{\mathrm{FP}_r + \mathrm{FN}_r + \mathrm{IDS}_r - (1 - r)\,G}{r\,G}\right)`,
  resampled: 'Sequences; ratios of sums, so intervals need a bootstrap that adds up again.',
  ties: 'Tracks of equal score are kept or dropped together, but the script averages scores anew in each pass and may lose one in the last bit; that is kept.',
  edges: [
    'A recall that is not reached counts 0.',
    'Absent where no object of the class counts. `overall` is the mean of the three classes and absent if one is.',
    'AMOTA has no lower bound: false positives are not limited.',
  ],
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/kitti-data.test.ts',
      data: 'kitti_tracking',
      figure:
        'the ground truth scores 1 in all; published counts and MOTA of seven rows agree with the number of objects here within .005 points. The published tracks themselves are not at hand, so sAMOTA was not compared to the digit',
    },
    {
      path: 'packages/eval/src/predictions/kitti/tracking-evaluation.test.ts',
      figure: 'thresholds and scaling by hand to 12 decimals',
    },
  ],
  disagreements: [
    'nuScenes’ AMOTA scales each MOTA by its recall (MOTAR) and uses distances on the ground: another measure of the same name.',
    'The first version of the paper reports other figures than the present code.',
    'Tables of AB3DMOT print these times 100.',
  ],
  sources: [
    {
      title: 'Weng et al. 2020, 3D multi-object tracking: a baseline and new evaluation metrics',
      url: 'https://arxiv.org/abs/1907.03961',
    },
  ],
  example: {
    given:
      'Eighty frames with one car, found throughout by one track; a second track of the same score is false in forty frames.',
    working:
      'Both tracks are kept at every recall, so MOTA is $1 - 40/80 = 0.5$ forty times and AMOTA 0.5. Scaled at $r = j/40$: $1 - (40 - 80 + 2j)/2j = 20/j$, at most 1. Mean: $(20 + 20(1/21 + \\dots + 1/40))/40 = 0.8404$. All overlaps are 1, so AMOTP is 1.',
    results: { amota_car: 0.5, samota_car: 0.5 + TAIL / 2, amotp_car: 1 },
    compute,
  },
};
