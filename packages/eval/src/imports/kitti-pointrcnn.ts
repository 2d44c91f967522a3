import { join } from 'node:path';
import type { ImportSource } from './types.js';

export const kittiPointrcnn: ImportSource = {
  key: 'kitti-pointrcnn',
  title: 'PointRCNN detections on KITTI tracking frames',
  summary: 'Detections on 3,919 frames of the tracking benchmark: scored again on kitti-tracking-frames-object.',
  folder: 'kitti_object_official_eval',
  citation:
    'Shi, Wang, Li 2019, PointRCNN, CVPR; detections as distributed with AB3DMOT (Weng et al. 2020); KITTI (Geiger, Lenz, Urtasun 2012) CC BY-NC-SA 3.0',
  rows: async (folder) => [
    {
      claim: 'SUBMITTED',
      benchmark: 'kitti-tracking-frames-object',
      name: 'PointRCNN (Shi et al. 2019)',
      files: [join(folder, 'detections_pointrcnn.tar.gz')],
      note: 'Published PointRCNN detections of the frames of eleven KITTI tracking sequences, in the object format.',
    },
  ],
};
