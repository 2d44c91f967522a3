/** Worked examples run through whole protocols: files in memory instead of on disk. */
import { zipSync } from 'fflate';
import { EvalError } from '../core/errors.js';
import type { InputTree } from '../predictions/input.js';
import type { PredictionProtocol } from '../predictions/types.js';

/** Name → content. */
export type ExampleFiles = Readonly<Record<string, string | Uint8Array>>;

function treeOf(files: ExampleFiles): InputTree {
  const names = Object.keys(files).sort();
  return {
    path: names[0]!,
    kind: names.length === 1 ? 'file' : 'folder',
    files: names.map((name) => {
      const content = Buffer.from(files[name]!);
      return { name, bytes: content.length, read: () => Promise.resolve(content) };
    }),
    close: () => Promise.resolve(),
  };
}

/** The scores that a protocol gives to these files; `labels` holds one record a `--labels`. */
export async function scoreFiles(
  protocol: PredictionProtocol,
  predictions: ExampleFiles,
  ...labels: readonly ExampleFiles[]
): Promise<Readonly<Record<string, number>>> {
  const { scores } = await protocol.score({
    predictions: [treeOf(predictions)],
    labels: labels.map(treeOf),
    dataFolder(name) {
      throw new EvalError('DATASET_MISSING', `an example needs no data folder, and ${name} was asked for`);
    },
    progress: () => undefined,
  });
  return scores;
}

/** A float64 `.npy` of format version 1: numbers, or rows of numbers. */
export function npyFile(values: readonly number[] | readonly (readonly number[])[]): Uint8Array {
  const [first] = values;
  const shape = typeof first === 'number' ? `(${values.length},)` : `(${values.length}, ${first?.length ?? 0})`;
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1');
  return Buffer.concat([start, Buffer.from(Float64Array.from(values.flat()).buffer)]);
}

export const npzFile = (arrays: Readonly<Record<string, Parameters<typeof npyFile>[0]>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, values]) => [`${name}.npy`, npyFile(values)])));

/** The point of the unit circle at that angle. */
export const onCircle = (degrees: number): readonly number[] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

/** Four examples of three classes that several pages work through. */
export const FOUR_GIVEN = `Four examples of three classes, with the probabilities of classes 0, 1, 2 and the label:

| example | probabilities | label |
|---|---|---|
| a | .7, .2, .1 | 0 |
| b | .1, .6, .3 | 1 |
| c | .3, .3, .4 | 0 |
| d | .5, .25, .25 | 2 |`;

export const FOUR_PREDICTIONS: ExampleFiles = {
  'predictions.csv': '0.7,0.2,0.1\n0.1,0.6,0.3\n0.3,0.3,0.4\n0.5,0.25,0.25\n',
};
export const FOUR_LABELS: ExampleFiles = { 'labels.txt': '0\n1\n0\n2\n' };

/** Five examples of two classes, as predicted classes. */
export const FIVE_GIVEN =
  'Five examples with the labels 0, 0, 0, 1, 1 and the predicted classes 0, 0, 1, 1, 0: of class 0 two of three are found and one prediction is false; of class 1 one of two is found and one is false.';
export const FIVE_PREDICTIONS: ExampleFiles = { 'predictions.txt': '0\n0\n1\n1\n0\n' };
export const FIVE_LABELS: ExampleFiles = { 'labels.txt': '0\n0\n0\n1\n1\n' };

export const CIRCLE_GIVEN =
  'Five embeddings on the unit circle at 0°, 1°, 3°, 30° and 33°, of the classes 0, 1, 0, 1, 1. Every item is a query among the four others, and the nearest is the one at the smallest angle.';
export const circleFile = (): ExampleFiles => ({
  'embeddings.npz': npzFile({ embeddings: [0, 1, 3, 30, 33].map(onCircle), labels: [0, 1, 0, 1, 1] }),
});

export const REID_GIVEN =
  'One query of person 5 by camera 1. The gallery in order of similarity: person 5 by camera 1 (junk), identity −1 (junk), a distractor, person 5 by camera 2, person 8, person 5 by camera 3.';
export const reidFile = (): ExampleFiles => ({
  'reid.npz': npzFile({
    query_embeddings: [onCircle(0)],
    query_ids: [5],
    query_cameras: [1],
    gallery_embeddings: [1, 2, 3, 4, 5, 6].map(onCircle),
    gallery_ids: [5, -1, 0, 5, 8, 5],
    gallery_cameras: [1, 2, 2, 2, 1, 3],
  }),
});

export const TREC_GIVEN = `One query with the ranking a, b, c, d. The judgements: a 1, b 0, d 2, e 1; c was not judged and e not retrieved. So three documents are relevant, and ranks 1 and 4 hold two of them.`;
export const TREC_RUN: ExampleFiles = { run: '1 Q0 a 1 4 x\n1 Q0 b 2 3 x\n1 Q0 c 3 2 x\n1 Q0 d 4 1 x\n' };
export const TREC_QRELS: ExampleFiles = { qrels: '1 0 a 1\n1 0 b 0\n1 0 d 2\n1 0 e 1\n' };

export const CLUSTERS_GIVEN =
  'Six items with the clusters 0, 0, 1, 1, 2, 2 and the classes 0, 0, 0, 1, 1, 1: the middle cluster holds one item of either class.';
export const CLUSTERS: ExampleFiles = { 'clusters.csv': 'cluster,label\n0,0\n0,0\n1,0\n1,1\n2,1\n2,1\n' };

export const ONE_CAR_GIVEN =
  'Four frames with one car that a tracker finds in every frame at the right place, as track 7 in the first two and as track 8 in the last two.';
const car = (frame: number, id: number, score = ''): string =>
  `${frame} ${id} Car 0 0 0 0 100 80 150 1.5 2 4 0 1.6 20 0${score}\n`;
export const TRACK_LABELS: ExampleFiles = {
  '0001.txt': [0, 1, 2, 3].map((frame) => car(frame, 1)).join(''),
  'evaluate_tracking.seqmap.val': '0001 empty 000000 000003\n',
};
export const TRACK_RESULTS: ExampleFiles = {
  '0001.txt': [7, 7, 8, 8].map((id, frame) => car(frame, id, ' 1')).join(''),
};

export const RATES_GIVEN =
  'Five rows. Group a: labels 1, 1 and decisions 0, 1. Group b: labels 0, 0, 1 and decisions 1, 0, 1.';
export const RATES_PREDICTIONS: ExampleFiles = { 'p.csv': 'prediction\n0\n1\n1\n0\n1\n' };
export const RATES_LABELS: ExampleFiles = { 'labels.csv': 'label,group\n1,a\n1,a\n0,b\n0,b\n1,b\n' };

export const ANSWERS_GIVEN = 'One problem with the answer 3 and four samples that answer 7, 3, 3, 5, in this order.';
export const ANSWERS: ExampleFiles = { 'answers.jsonl': '{"id":1,"answers":["7","3","3","5"]}\n' };
export const ANSWER_LABELS: ExampleFiles = { 'labels.jsonl': '{"id":1,"answer":3}\n' };

export const COCO_GIVEN =
  'Two images with one box of 40 × 40 pixels each. A detector finds the first box exactly, with score .8, and nothing else.';
export const COCO_RESULTS: ExampleFiles = {
  'results.json': JSON.stringify([{ image_id: 1, category_id: 1, bbox: [0, 0, 40, 40], score: 0.8 }]),
};
export const COCO_LABELS: ExampleFiles = {
  'labels.json': JSON.stringify({
    images: [{ id: 1 }, { id: 2 }],
    categories: [{ id: 1, name: 'a' }],
    annotations: [1, 2].map((image_id) => ({
      id: image_id,
      image_id,
      category_id: 1,
      bbox: [0, 0, 40, 40],
      area: 1600,
      iscrowd: 0,
    })),
  }),
};
