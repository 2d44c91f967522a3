import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLines } from '../formats/table.js';
import { type InputTree, openInput } from '../input.js';
import { numberedFiles } from '../kitti/files.js';
import {
  OBJECT_LABELS,
  OBJECT_OUTPUTS,
  OBJECT_PREDICTIONS,
  OBJECT_PRIMARY,
  OBJECT_RULES,
  objectReport,
} from '../kitti/object-report.js';
import type { PredictionProtocol } from '../types.js';

const DATA = 'kitti_object_official_eval';
const FRAMES = 3919;

export const definition: PredictionProtocol = {
  key: 'kitti-tracking-frames-object',
  version: 1,
  title: 'KITTI objects on 3,919 tracking frames',
  summary: 'Detections on the frames of eleven KITTI tracking sequences, scored by the object development kit.',
  page: `# KITTI objects on tracking frames

Ground truth are the labels of eleven training sequences of the tracking benchmark (3,919 frames), written as object labels:
not the 3,769-image split, and never to be compared with figures of it.

${OBJECT_RULES}
## Peculiarities of these labels

Truncation is the tracking benchmark's whole number (0, 1, 2), so that anything above 0 exceeds every limit. DontCare areas
carry sizes of −1000 m, which the kit takes as a square of one kilometre around the camera: on the ground nothing is then a
false positive, and \`bev\` is higher than it would be with object labels. This is kept, as the official program does it.
`,
  primary: OBJECT_PRIMARY,
  outputs: OBJECT_OUTPUTS,
  resampling: 'image',
  oracle: { tool: 'KITTI object development kit (evaluate_object.cpp)', version: '2017' },
  predictions: [OBJECT_PREDICTIONS],
  labels: [{ ...OBJECT_LABELS, optional: true }],
  fidelity: 'VARIANT(3,919 frames of eleven tracking sequences, not the 3,769 validation images)',
  datasets: [
    {
      folder: DATA,
      revision: 'tracking labels as object labels',
      files: {
        'index.tsv': '9fa0fc34ad556be17f5def63ed33184f66f787786a1fe4a83ba9ea053cb8756c',
        'label_2.tar.gz': '3fbcb400459fa94ea8b121942c72cbe6bdc306f83fa925ed5944b8c4dcbb36dc',
      },
    },
  ],
  async score(context) {
    if (context.labels.length > 0) {
      const numbers = [...numberedFiles(context.labels, 6).files.keys()].sort();
      const report = await objectReport(context, context.labels, numbers);
      const warning = `labels of your own, ${numbers.length} frames: not this benchmark's ${FRAMES}`;
      return { ...report, warnings: [warning, ...report.warnings] };
    }
    const folder = context.dataFolder(DATA);
    const index = parseLines(await readFile(join(folder, 'index.tsv')), 'index.tsv');
    const labels: InputTree = await openInput(join(folder, 'label_2.tar.gz'));
    try {
      return await objectReport(
        context,
        [labels],
        index.map(({ text }) => text.slice(0, 6)),
      );
    } finally {
      await labels.close();
    }
  },
};
