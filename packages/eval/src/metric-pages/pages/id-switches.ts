import { definition as tracking } from '../../predictions/protocols/kitti-tracking.js';
import { ONE_CAR_GIVEN, scoreFiles, TRACK_LABELS, TRACK_RESULTS } from '../examples.js';
import type { MetricPage } from '../types.js';

export const definition: MetricPage = {
  key: 'id_switches',
  title: 'Identity switches and fragmentations',
  field: 'object tracking',
  keys: [
    { pattern: 'id_switches_{class}', meaning: 'how often an object passes to another track' },
    { pattern: 'fragmentations_{class}', meaning: 'how often a trajectory is interrupted or changes hands' },
  ],
  boards: ['kitti-tracking'],
  summary: 'How often the track of an object changes, and how often its trajectory breaks, over all sequences.',
  definition:
    'Along each object’s trajectory: a switch where two successive frames are matched by different tracks; a fragmentation where the match changes and goes on, after a gap or by another track. Counts at the score threshold with the greatest MOTA.',
  formula: String.raw`\mathrm{IDS} = \sum_{o}\sum_{t}\mathbf{1}\!\left[m_o(t) \ne m_o(t-1),\ \text{both matched}\right]`,
  resampled: 'Sequences; sums over them.',
  ties: 'None beyond those of the matching.',
  edges: [
    'A change across an unmatched frame is a fragmentation and no switch.',
    'Frames in which the object does not count end what came before.',
    'An object found again for a single last frame is counted as the script does.',
    '`overall` is the sum of the classes, absent if one has no results.',
  ],
  oracle: { tool: 'AB3DMOT scripts/KITTI/evaluate.py', version: '6a7fff5' },
  parity: [
    {
      path: 'packages/eval/src/predictions/kitti/tracking-evaluation.test.ts',
      figure: 'eight trajectories by hand, those with gaps, hand-overs and ignored frames among them, exactly',
    },
  ],
  disagreements: [
    'CLEAR MOT counts a switch also after a gap.',
    'More tracks kept mean more switches: compare at equal recall, or by AMOTA.',
  ],
  sources: [
    { title: 'Bernardin and Stiefelhagen 2008', url: 'https://doi.org/10.1155/2008/246309' },
    {
      title: 'Li, Huang and Nevatia 2009, Learning to associate (fragmentations)',
      url: 'https://doi.org/10.1109/CVPR.2009.5206735',
    },
  ],
  example: {
    given: ONE_CAR_GIVEN,
    working: 'Between the second and third frame the track changes and goes on: 1 switch and 1 fragmentation.',
    results: { id_switches_car: 1, fragmentations_car: 1 },
    compute: () => scoreFiles(tracking, TRACK_RESULTS, TRACK_LABELS),
  },
};
