import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvalError } from '../../core/errors.js';
import { malformed } from '../errors.js';
import { parseLines } from '../formats/table.js';
import { type InputFile, openInput } from '../input.js';
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

const DATA = 'kitti_object_sample';
/** Whoever scores lays the folder `label_2` of the training images into it. */
const OWN = 'kitti_object';
/** Frames of the validation half of Chen et al. 2015, which everyone uses. */
const FRAMES = 3769;

async function splitOf(file: Pick<InputFile, 'name' | 'read'>): Promise<string[]> {
  const seen = new Map<string, number>();
  return parseLines(await file.read(), file.name).flatMap(({ line, text }) => {
    const number = text.trim();
    if (number === '') return [];
    if (!/^\d{6}$/.test(number)) throw malformed(file.name, { line }, JSON.stringify(number), 'six digits');
    const before = seen.get(number);
    if (before !== undefined)
      throw malformed(file.name, { line }, `${number} again (line ${before})`, 'each frame once');
    seen.set(number, line);
    return [number];
  });
}

const officialSplit = (dataFolder: (name: string) => string) => ({
  name: 'val.txt',
  read: () => readFile(join(dataFolder(DATA), 'ImageSets/val.txt')),
});

export const definition: PredictionProtocol = {
  key: 'kitti-object',
  version: 1,
  title: 'KITTI object detection, validation split',
  summary: 'Detections on the 3,769 validation images of KITTI, scored by the object development kit.',
  page: `# KITTI object detection

The 3,769 validation images of the split by Chen et al. (2015), out of the 7,481 training images. KITTI's licence forbids
passing its labels on: lay your own \`label_2\` into a folder \`kitti_object\` under TOUCHSTONE_DATA, or hand it in with
\`--labels\`; a list \`val.txt\` may lie beside it then, else the one of the data folders is taken. No checksums of the labels
have been published: the digest of those that were used stands in every receipt, and rows of other labels are not ranked.

${OBJECT_RULES}`,
  primary: OBJECT_PRIMARY,
  outputs: OBJECT_OUTPUTS,
  resampling: 'image',
  oracle: { tool: 'KITTI object development kit (evaluate_object.cpp)', version: '2017' },
  predictions: [OBJECT_PREDICTIONS],
  labels: [
    { ...OBJECT_LABELS, optional: true },
    {
      name: 'split',
      formats: ['val.txt'],
      contents: 'Six digits a line, the frames to score.',
      example: '000001\n000002\n000004',
      optional: true,
    },
  ],
  fidelity: 'OFFICIAL',
  datasets: [
    {
      folder: DATA,
      revision: 'validation half of Chen et al. 2015',
      files: { 'ImageSets/val.txt': '657ac4bcc1e156e5b106a4ca18e1f88e012787ea1d2b5d0adeea97fee903fa86' },
    },
    {
      folder: OWN,
      revision: 'data_object_label_2',
      supplied: async (dataFolder) => (await splitOf(officialSplit(dataFolder))).map((frame) => `label_2/${frame}.txt`),
    },
  ],
  async score(context) {
    const given = context.labels.length > 0;
    const labels = given ? context.labels : [await openInput(join(context.dataFolder(OWN), 'label_2'))];
    const { files, others } = numberedFiles(labels, 6);
    if (files.size === 0) {
      const allowed = '--labels with the folder label_2 of the training images';
      throw new EvalError(
        'DATASET_MISSING',
        `kitti-object needs KITTI's labels, which may not be passed on; ${allowed}`,
        {
          field: 'labels',
          value: labels.map(({ path }) => path).join(', '),
          allowed,
        },
      );
    }
    const lists = given ? others.filter(({ name }) => /(^|\/)val\.txt$/.test(name)) : [];
    if (lists.length > 1)
      throw malformed(lists[1]!.name, {}, `a second split (${lists[0]!.name})`, 'one val.txt among the labels');
    const numbers = await splitOf(lists[0] ?? officialSplit(context.dataFolder));
    const report = await objectReport(context, labels, numbers);
    if (numbers.length === FRAMES) return report;
    const warning = `${numbers.length} frames: not the official split of ${FRAMES}`;
    return { ...report, warnings: [warning, ...report.warnings] };
  },
};
