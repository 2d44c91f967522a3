import { definition as kitti } from '../../predictions/protocols/kitti-object.js';
import { scoreFiles } from '../examples.js';
import type { MetricPage } from '../types.js';

const car = (left: number, alpha: number, score = ''): string =>
  `Car 0 0 ${alpha} ${left} 150 ${left + 100} 200 1.5 1.6 4 ${left / 10} 1.6 20 0${score}\n`;

export const definition: MetricPage = {
  key: 'kitti_aos',
  title: 'KITTI average orientation similarity',
  field: 'object detection',
  keys: [
    {
      pattern: 'kitti_ap{11,40}_aos_{car,pedestrian,cyclist}_{easy,moderate,hard}',
      meaning: 'average orientation similarity at eleven or forty recalls',
    },
  ],
  summary: 'KITTI’s 2D average precision with each true positive weighted by how well its angle is known, in percent.',
  definition:
    'As [KITTI AP](/metrics/kitti_ap) of boxes in the image, but a true positive adds (1 + cos Δ)/2, Δ being the difference of the observation angles alpha, and a false positive 0. It never exceeds the 2D average precision.',
  formula: String.raw`s(\tau) = \frac{1}{|D_\tau|}\sum_{i \in \mathrm{TP}_\tau}\frac{1 + \cos\Delta_i}{2},\qquad \mathrm{AOS}_{R40} = \frac{100}{40}\sum_{i=1}^{40}\max_{j \ge i} s_j`,
  resampled: 'Images; intervals need a bootstrap that evaluates again.',
  ties: 'Those of KITTI AP.',
  edges: [
    'One detection with alpha −10, of any class and frame, means “no angles” and switches it off everywhere.',
    'Absent where the 2D score is.',
  ],
  oracle: { tool: 'KITTI object development kit (evaluate_object.cpp)', version: '2017' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/kitti-data.test.ts',
      data: 'kitti_object_official_eval',
      figure: 'the ground truth itself has 100 throughout to 9 decimals',
    },
    {
      path: 'packages/eval/src/predictions/kitti/boost-oracle.json',
      data: 'kitti_object_official_eval',
      figure: 'every class and difficulty to 9 decimals of the kit’s rules in C++ over Boost.Geometry 1.74',
    },
  ],
  disagreements: [
    'Ports that weight by heading (rotation_y) instead of alpha give other numbers.',
    'nuScenes’ and Waymo’s orientation-weighted AP use 3D matching and other weights.',
  ],
  sources: [{ title: 'Geiger, Lenz and Urtasun 2012, KITTI', url: 'https://doi.org/10.1109/CVPR.2012.6248074' }],
  example: {
    given: 'One car with alpha 0. One detection fits it, with alpha π/2 and score .9; another of that score is false.',
    working:
      'At the one threshold precision is 1/2 and similarity $\\frac12 · \\frac{1 + \\cos \\pi/2}{2} = 1/4$. R11 has that sample once: $100·.25/11 = 2.2727$, where the 2D average precision is $100·.5/11 = 4.5455$.',
    results: { kitti_ap11_aos_car_easy: 25 / 11, kitti_ap11_2d_car_easy: 50 / 11 },
    compute: () =>
      scoreFiles(
        kitti,
        { '000001.txt': car(0, Math.PI / 2, ' 0.9') + car(500, 0, ' 0.9') },
        { '000001.txt': car(0, 0), 'val.txt': '000001\n' },
      ),
  },
};
