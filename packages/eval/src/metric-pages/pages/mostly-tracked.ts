import { definition as tracking } from '../../predictions/protocols/kitti-tracking.js';
import { ONE_CAR_GIVEN, scoreFiles, TRACK_LABELS, TRACK_RESULTS } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'mostly_tracked',
  title: 'Mostly tracked, mostly lost',
  field: 'object tracking',
  keys: [
    { pattern: 'mostly_tracked_{class}', meaning: 'share of trajectories matched in over 80 % of their frames' },
    { pattern: 'mostly_lost_{class}', meaning: 'share matched in under 20 %' },
  ],
  boards: ['kitti-tracking'],
  summary: 'Share of trajectories that are matched in more than 80 %, or fewer than 20 %, of their frames.',
  definition:
    'Whatever tracks did the matching: changes of identity do not matter. Frames in which the object does not count are no frames. At the score threshold with the greatest MOTA.',
  formula: String.raw`\mathrm{MT} = \frac{|\{o : s_o > .8\}|}{|O|},\qquad \mathrm{ML} = \frac{|\{o : s_o < .2\}|}{|O|}`,
  resampled: 'Sequences; ratios of sums.',
  ties: 'A share of exactly 80 % or 20 % is neither.',
  edges: ['Trajectories that never count are left out.', 'Absent without any trajectory.'],
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/tracking-evaluation.test.ts',
      figure: 'shares of eight trajectories by hand, exactly',
    },
  ],
  disagreements: ['MOTChallenge prints counts rather than shares.'],
  sources: [
    { title: 'Li, Huang and Nevatia 2009, Learning to associate', url: 'https://doi.org/10.1109/CVPR.2009.5206735' },
  ],
  example: {
    given: ONE_CAR_GIVEN,
    working: 'The one trajectory is matched in all its frames: mostly tracked 1, mostly lost 0.',
    results: { mostly_tracked_car: 1, mostly_lost_car: 0 },
    compute: () => scoreFiles(tracking, TRACK_RESULTS, TRACK_LABELS),
  },
};
