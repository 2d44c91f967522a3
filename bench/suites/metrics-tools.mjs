/** The metrics of the predictions track beside the usual tools: what they are, at which sizes, and how ours is called. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { pythonWith } from '../lib/python.mjs';
import { assignmentOf, embeddingsOf, translationsOf } from './metrics-inputs.mjs';

const KS = [1, 10, 100, 1000];
const [COMPILED, PYTHON] = [2, 1];
const FRAMES = 3919;
const KITTI = 'kitti_object_official_eval';

const dist = (name) => import(`../../packages/eval/dist/predictions/${name}.js`);

/** A tool's place in the table; `goal`: how many times its time ours may take. */
function tool(name, module, goal, each, ...paths) {
  const python = pythonWith(module);
  const { n, dim, threads } = each.sizes;
  return {
    ...{ name, alternative: true, goal, python, script: 'metrics_tools.py' },
    values: [name, each.name, n, dim, threads, ...paths],
    absent: python ? undefined : `not present: no python3 here imports ${module}`,
  };
}

function retrieval(name, what, full, threads) {
  const sizes = { n: full ? 60_502 : 8000, dim: 512, threads };
  const each = { name, sizes };
  const shown = `${sizes.n.toLocaleString('en')} × ${sizes.dim}, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
  return {
    ...each,
    ...{ title: `${what} of ${shown}`, unit: 'evaluation', tolerance: 1e-4, most: full ? 1 : Infinity },
    implementations: [
      { name: 'touchstone' },
      tool('faiss', 'faiss', COMPILED, each),
      tool('scikit-learn', 'sklearn', PYTHON, each),
    ],
  };
}

function hungarian(name, what, n) {
  const each = { name, sizes: { n, dim: n, threads: 1 } };
  return {
    ...each,
    ...{ title: `best assignment of ${n.toLocaleString('en')}², ${what}`, unit: 'assignment', tolerance: 1e-12 },
    implementations: [{ name: 'touchstone' }, tool('scipy', 'scipy', COMPILED, each)],
  };
}

function kitti() {
  const each = { name: 'kitti-ap', sizes: { n: FRAMES, dim: 1, threads: 1 } };
  const folder = kittiFolder();
  const program = process.env.TOUCHSTONE_KITTI_DEVKIT;
  const paths = folder ? [program, join(folder, 'label_2.tar.gz'), archive(folder)] : [];
  const kit = tool('kitti-devkit', 'numpy', COMPILED, each, ...paths);
  const missing =
    'not present: TOUCHSTONE_KITTI_DEVKIT names no program (label folder, result folder); Debian has none';
  return {
    ...each,
    ...{ title: `KITTI AP and AOS of ${FRAMES} frames`, unit: 'evaluation', tolerance: 1e-6 },
    leftOut: folder ? undefined : `TOUCHSTONE_DATA has no ${KITTI}`,
    implementations: [
      { name: 'touchstone' },
      program ? kit : { name: 'kitti-devkit', alternative: true, absent: missing },
    ],
  };
}

const kittiFolder = () =>
  (process.env.TOUCHSTONE_DATA ?? '')
    .split(delimiter)
    .map((data) => join(data, KITTI))
    .find((data) => existsSync(data));
const archive = (folder) => join(folder, 'detections_pointrcnn.tar.gz');

function bleu(full) {
  const n = full ? 30_000 : 3000;
  const each = { name: 'bleu', sizes: { n, dim: 1, threads: 1 } };
  return {
    ...each,
    ...{ title: `BLEU (13a) of ${n.toLocaleString('en')} segments`, unit: 'corpus', tolerance: 1e-9 },
    implementations: [{ name: 'touchstone' }, tool('nltk', 'nltk', PYTHON, each)],
  };
}

/** One thread against one thread, and all against all. */
export function toolCases({ full = false } = {}) {
  const all = availableParallelism();
  const threads = all > 1 ? [1, all] : [1];
  const n = full ? 2000 : 1000;
  return [
    ...threads.map((count) => retrieval('map-at-r', 'MAP@R (R at most 11)', full, count)),
    ...threads.map((count) => retrieval('recall-at-k', `Recall@${KS.join(', ')}`, full, count)),
    hungarian('hungarian', 'real values', n),
    hungarian('hungarian-whole', 'whole values below 1,000', n),
    hungarian('hungarian-outer', 'products of a row’s and a column’s number', full ? 2000 : 500),
    kitti(),
    bleu(full),
  ];
}

async function retrievalOf(name, { n, dim, threads }) {
  const { unitRows } = await dist('embeddings/engine');
  const { nearest } = await dist('embeddings/nearest');
  const { embeddings, labels, classes } = embeddingsOf(n, dim);
  return async () => {
    const rows = unitRows({ n, width: dim, data: embeddings });
    const found = await nearest({ rows, labels }, undefined, classes, () => {}, threads);
    // Of queries with another item of their class.
    const counted = found.relevant.reduce((total, r) => total + Number(r > 0), 0);
    const mean = (value) => labels.reduce((sum, _, i) => sum + (found.relevant[i] > 0 ? value(i) : 0), 0) / counted;
    return name === 'map-at-r'
      ? [mean((i) => found.averagePrecision[i])]
      : KS.map((k) => mean((i) => Number(found.firstHit[i] <= k)));
  };
}

async function assignmentUnit(name, { n }) {
  const { bestAssignment } = await dist('clustering/assignment');
  const values = assignmentOf(name.slice('hungarian-'.length) || 'real', n);
  return () => {
    const columns = bestAssignment(values, n, n);
    return [columns.reduce((total, j, i) => total + values[i * n + j], 0)];
  };
}

async function kittiUnit() {
  const { scorePredictions } = await import('@touchstone/eval/predictions');
  const folder = kittiFolder();
  const kinds = ['2d', 'bev', '3d', 'aos'];
  const keys = ['car', 'pedestrian', 'cyclist'].flatMap((name) =>
    kinds.flatMap((kind) =>
      ['easy', 'moderate', 'hard'].flatMap((level) =>
        [11, 40].map((points) => `kitti_ap${points}_${kind}_${name}_${level}`),
      ),
    ),
  );
  return async () => {
    const { scores } = await scorePredictions({
      benchmark: 'kitti-tracking-frames-object',
      predictions: [archive(folder)],
    });
    return keys.map((key) => scores[key]);
  };
}

async function bleuUnit({ n }) {
  const { bleuStatistics, corpusBleu } = await dist('translation/bleu');
  const { candidates, references } = translationsOf(n);
  return () => [corpusBleu(candidates.map((candidate, i) => bleuStatistics(candidate, [references[i]])))];
}

/** → the unit of work of ours, which gives the numbers to compare. */
export function openOurs(name, sizes) {
  if (name === 'map-at-r' || name === 'recall-at-k') return retrievalOf(name, sizes);
  if (name.startsWith('hungarian')) return assignmentUnit(name, sizes);
  return name === 'kitti-ap' ? kittiUnit() : bleuUnit(sizes);
}
