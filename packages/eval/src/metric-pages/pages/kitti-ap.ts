import { definition as kitti } from '../../predictions/protocols/kitti-object.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

const car = (left: number, score = ''): string =>
  `Car 0 0 0 ${left} 150 ${left + 100} 200 1.5 1.6 4 ${left / 10} 1.6 20 0${score}\n`;

export const definition: MetricPage = {
  key: 'kitti_ap',
  title: 'KITTI average precision',
  field: 'object detection',
  keys: [
    {
      pattern: 'kitti_ap{11,40}_{2d,bev,3d}_{car,pedestrian,cyclist}_{easy,moderate,hard}',
      meaning: 'eleven or forty recalls; boxes of the image, on the ground, in space',
    },
  ],
  summary: 'Precision at forty (or eleven) recall levels by the rules of KITTI’s development kit, in percent.',
  definition:
    'Overlap must exceed .7 for cars and .5 for pedestrians and cyclists. Ground truth counts by difficulty: higher than 40, 25, 25 pixels, occluded at most 0, 1, 2, truncated at most .15, .30, .50. What is harder, vans (for cars) and sitting persons (for pedestrians) may be matched, but counts neither way; so do detections lower than the least height, and those inside DontCare areas. Scores of matches give at most 41 thresholds, one a fortieth of recall; each precision becomes the greatest of itself and the later ones. R40 averages samples 1 to 40, R11 samples 0, 4 … 40.',
  formula: String.raw`\mathrm{AP}_{R40} = \frac{100}{40}\sum_{i=1}^{40} \max_{j \ge i} p_j,\qquad \mathrm{AP}_{R11} = \frac{100}{11}\sum_{i=0}^{10}\max_{j \ge 4i} p_j`,
  resampled: 'Images; precision does not decompose, so intervals need a bootstrap that evaluates again.',
  ties: 'To find thresholds each box takes its best-scored free candidate, to count its free candidate of greatest overlap; of equal ones the first in file order.',
  edges: [
    'A class without detections has no scores, nor has a kind of box that its detections lack.',
    'Where no ground truth counts the kit prints 0; here the score is absent.',
    'An overlap *equal* to the limit is no match.',
    'With one object, and nothing else, the first sample alone exists: R11 is 9.09 and R40 is 0.',
  ],
  oracle: { tool: 'KITTI object development kit (evaluate_object.cpp)', version: '2017' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/kitti-data.test.ts',
      data: 'kitti_object_official_eval',
      figure: 'the official car figures of 3,919 frames and 43,334 detections to all four decimals',
    },
    {
      path: 'packages/eval/src/predictions/kitti/boost-oracle.json',
      data: 'kitti_object_official_eval',
      figure: 'every class, kind and difficulty to 9 decimals of the kit’s rules in C++ over Boost.Geometry 1.74',
    },
  ],
  disagreements: [
    '**R11 against R40.** R11 counts the sample at recall 0, which one sure detection makes 1, and is up to several points higher. KITTI itself has used R40 since October 2019; never compare the two.',
    'Ports to NumPy and CUDA rotate boxes in float32 and differ in the second decimal; some count overlaps equal to the limit, some skip the rule of low detections of other classes.',
    'On the *tracking* frames truncation is 0, 1 or 2 and DontCare areas have sizes of −1000 m, which the kit takes as a kilometre around the camera: `bev` is then too high. It is kept, as the official program has it, and is no figure of the 3,769-image split.',
  ],
  sources: [
    { title: 'Geiger, Lenz and Urtasun 2012, KITTI', url: 'https://doi.org/10.1109/CVPR.2012.6248074' },
    {
      title: 'Simonelli et al. 2019, Disentangling monocular 3D object detection (R40)',
      url: 'https://arxiv.org/abs/1905.12365',
    },
  ],
  example: {
    given: 'Three cars in one image. Four detections by falling score: right, false, right, right.',
    working:
      'Precision at the three thresholds is 1, 2/3, 3/4; made monotone 1, 3/4, 3/4, and 0 for the other 38 samples. R40 leaves out the first: $100·(.75 + .75)/40 = 3.75$. R11 has of these only the first: $100·1/11 = 9.0909$.',
    results: { kitti_ap40_2d_car_easy: 3.75, kitti_ap11_2d_car_easy: 100 / 11 },
    compute: () =>
      scoreFiles(
        kitti,
        { '000001.txt': car(0, ' 0.9') + car(900, ' 0.8') + car(200, ' 0.7') + car(400, ' 0.6') },
        { '000001.txt': car(0) + car(200) + car(400), 'val.txt': '000001\n' },
      ),
  },
};
