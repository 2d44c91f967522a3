/** A small test set for every protocol of the predictions track, which can be written with any of its units in any number. */
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { PNG } from 'pngjs';

type Content = string | Uint8Array;

/** Files by path; those under `data/` are what the data folders hold. */
export interface Written {
  readonly predictions: Readonly<Record<string, Content>>;
  readonly labels?: Readonly<Record<string, Content>>;
  readonly data?: Readonly<Record<string, Content>>;
}

export interface ReweighingCase {
  /** Units that are drawn. */
  readonly units: number;
  /** The files for these units, of which some may be there several times and others not at all. */
  write(units: readonly number[]): Written;
  /** Why the test set cannot be written with units repeated. */
  readonly fixed?: string;
  /** Keys without an interval. */
  readonly without?: readonly string[];
}

/** A number in [0, 1) that depends on the arguments alone. */
export function noise(...of: readonly number[]): number {
  let state = 2166136261;
  for (const value of of) {
    state = Math.imul(state ^ (value + 1), 16777619) >>> 0;
    state = Math.imul(state ^ (state >>> 13), 1540483477) >>> 0;
  }
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const table = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
  [header, ...rows.map((row) => row.join(','))].join('\n') + '\n';

export function npy(data: Float64Array | Int32Array | Float32Array, ...shape: number[]): Uint8Array {
  const descr = { Float64Array: '<f8', Int32Array: '<i4', Float32Array: '<f4' }[data.constructor.name];
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(header),
    Buffer.from(data.buffer),
  ]);
}
export const npz = (arrays: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])));
const doubles = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));
export const wholes = (values: readonly number[]): Uint8Array => npy(Int32Array.from(values), values.length);

/** Probabilities in steps of 1/20, so that some are equal. */
function probabilities(i: number, classes: number): number[] {
  const raw = range(classes).map((c) => 1 + Math.floor(noise(i, c) * 8));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / total);
}

const classOf = (i: number, classes: number): number =>
  noise(i, 99) < 0.5
    ? probabilities(i, classes).reduce((best, p, c, all) => (p > all[best]! ? c : best), 0)
    : Math.floor(noise(i, 98) * classes);

function csr(rows: readonly (readonly number[])[], columns: number): Uint8Array {
  const indices = rows.flat();
  const offsets = rows.reduce<number[]>((all, row) => [...all, all.at(-1)! + row.length], [0]);
  return npz({
    data: npy(
      Float64Array.from(indices, () => 1),
      indices.length,
    ),
    indices: wholes(indices),
    indptr: wholes(offsets),
    shape: wholes([rows.length, columns]),
  });
}

/** `few` different whole numbers below `most`. */
const several = (i: number, few: number, most: number): number[] => [
  ...new Set(range(few).map((k) => Math.floor(noise(i, k, 5) * most))),
];

function boxes(units: readonly number[]): Written {
  const box = (i: number, k: number): number[] => {
    const size = 10 + noise(i, k, 1) * (k === 2 ? 200 : 60);
    return [noise(i, k, 2) * 300, 150 * k, size, size * (0.5 + noise(i, k, 3))];
  };
  const moved = ([x, y, w, h]: readonly number[], i: number, d: number): number[] =>
    [x!, y!, w!, h!].map((value, at) => value + (noise(i, d, 4, at) - 0.5) * 0.15 * w!);
  return {
    labels: {
      'truth.json': JSON.stringify({
        images: units.map((_, id) => ({ id })),
        categories: [1, 2].map((id) => ({ id, name: `c${id}` })),
        annotations: units.flatMap((i, image_id) =>
          range(3).map((k) => {
            const bbox = box(i, k);
            const iscrowd = Number(noise(i, k, 6) < 0.1);
            return { image_id, category_id: 1 + (k % 2), bbox, area: bbox[2]! * bbox[3]!, iscrowd };
          }),
        ),
      }),
    },
    predictions: {
      'results.json': JSON.stringify(
        units.flatMap((i, image_id) =>
          range(6).map((d) => ({
            image_id,
            category_id: 1 + (d % 2),
            bbox: moved(box(i, d % 3), i, d),
            score: noise(i, d, 7),
          })),
        ),
      ),
    },
  };
}

/** Labels or detections of one frame of KITTI: six objects in a row. */
function kittiFrame(i: number, detected: boolean, prefix = ''): string {
  const types = ['Car', 'Car', 'Car', 'Pedestrian', 'Pedestrian', 'Cyclist'];
  const line = (k: number, d: number): string => {
    const shift = detected ? (noise(i, d, 1) - 0.5) * 0.8 : 0;
    const left = 200 * k + 20 * shift;
    const turn = detected ? 0.2 * noise(i, d, 2) : 0;
    const [height, far] = detected ? [1.3 + 0.3 * noise(i, d, 11), 20 + 1.5 * (noise(i, d, 12) - 0.5)] : [1.5, 20];
    const solid = `${height} 1.6 4 ${10 * k + shift} 1.6 ${far} ${turn}`;
    return `${types[k]} 0 ${detected ? 0 : Math.floor(noise(i, k, 3) * 3)} ${turn} ${left} 100 ${left + 100} 160 ${solid}`;
  };
  const order = detected ? [...range(6), ...range(6)] : range(6);
  return order
    .filter((_, d) => noise(i, d, detected ? 5 : 6) < 0.8)
    .map((k, d) => `${prefix}${line(k, d)}${detected ? ` ${noise(i, d, 8)}` : ''}`)
    .join('\n');
}

const numbered = (units: readonly number[], digits: number, text: (i: number) => string): Record<string, string> =>
  Object.fromEntries(units.map((i, at) => [`${String(at).padStart(digits, '0')}.txt`, text(i)]));

const frames = (units: readonly number[], split: boolean): Written => ({
  predictions: numbered(units, 6, (i) => kittiFrame(i, true)),
  labels: {
    ...numbered(units, 6, (i) => kittiFrame(i, false)),
    ...(split ? { 'val.txt': units.map((_, at) => String(at).padStart(6, '0')).join('\n') } : {}),
  },
});

/** Five frames of a sequence; a track is an object's place in the row, and now and then another. */
function sequence(i: number, detected: boolean): string {
  return range(5)
    .flatMap((frame) =>
      kittiFrame(1000 * i + frame, detected)
        .split('\n')
        .filter((line) => line !== '')
        .map(
          (line, at) =>
            `${frame} ${at + (detected && noise(i, frame, at) < 0.2 ? 50 : 0)} ${line.replace(/^(\S+) \S+ \d/, '$1 0 0')}`,
        ),
    )
    .join('\n');
}

function picture(i: number, restored: boolean): Uint8Array {
  const png = new PNG({ width: 20, height: 18 });
  for (let at = 0; at < png.data.length; at++)
    png.data[at] = at % 4 === 3 ? 255 : Math.floor(200 * noise(i, at) + (restored ? 20 * noise(i, at, 1) : 0));
  return PNG.sync.write(png);
}

const pictures = (units: readonly number[], restored: boolean, folder: string): Record<string, Uint8Array> =>
  Object.fromEntries(units.map((i, at) => [`${folder}/img_${String(at).padStart(3, '0')}.png`, picture(i, restored)]));

function run(units: readonly number[]): string {
  return units
    .flatMap((i, at) => several(i, 9, 30).map((d) => `${at + 1} Q0 ${d + 1} 1 ${noise(i, d, 3)} mine`))
    .join('\n');
}

const RACES = ['African-American', 'Caucasian', 'Hispanic'];
const raceOf = (i: number): string => RACES[i % 3]!;
const rowOf = (units: readonly number[]): number[] => units.map((_, at) => at);
const risks = (units: readonly number[]): Record<string, string> => ({
  'risks.csv': table(
    'id,probability',
    units.map((i, at) => [at, noise(i, 1)]),
  ),
});
const compas = (units: readonly number[]): Written => ({
  predictions: risks(units),
  data: {
    'compas/compas-scores-two-years.csv.gz': gzipSync(
      table(
        'id,race,sex,age,decile_score,two_year_recid,days_b_screening_arrest,is_recid,c_charge_degree,score_text',
        units.map((i, at) => [
          at,
          raceOf(i),
          i % 2 ? 'Male' : 'Female',
          20 + (i % 40),
          1 + (i % 10),
          Number(noise(i, 2) < 0.5),
          0,
          1,
          'F',
          'Low',
        ]),
      ),
    ),
  },
});
const DISTANCES = ['distance_correlation', 'ccdcov2', 'jdcov2'];

const SPLITS = 20;
const UCI = ['bostonHousing', 'concrete', 'energy', 'kin8nm', 'power-plant', 'wine-quality-red', 'yacht'];
const uci: ReweighingCase = {
  units: SPLITS,
  fixed: 'the splits are the published ones',
  write: () => ({
    predictions: {
      'splits.csv': table(
        'split,mean,std',
        range(SPLITS * 3).map((i) => [Math.floor(i / 3), noise(i), 0.1 + noise(i, 1)]),
      ),
    },
    data: {
      'uci_regression_splits/uci_regression_splits.zip': zipSync(
        Object.fromEntries(
          UCI.flatMap((folder) =>
            Object.entries({
              'data.txt': range(30).map((i) => `${noise(i, 2)} ${noise(i, 3)}`),
              'index_target.txt': ['1'],
              ...Object.fromEntries(
                range(SPLITS).map((s) => [`index_test_${s}.txt`, range(3).map((k) => String(3 * (s % 10) + k))]),
              ),
            }).map(([name, lines]) => [`${folder}/data/${name}`, Buffer.from(lines.join('\n') + '\n')]),
          ),
        ),
      ),
    },
  }),
};

const noisy = (n: number, classes: number, key: string, columns: readonly string[]): ReweighingCase => ({
  units: n,
  fixed: 'the images are the official ones',
  write: () => ({
    predictions: {
      'classes.csv': table(
        'prediction',
        range(n).map((i) => [classOf(i, 4)]),
      ),
    },
    data: {
      [`cifar_n/${key}_labels.csv.gz`]: gzipSync(
        table(
          columns.join(','),
          range(n).map((i) =>
            columns.map((_, c) => (noise(i, 7, c) < 0.3 ? Math.floor(noise(i, 8, c) * classes) : i % 4)),
          ),
        ),
      ),
    },
  }),
});

const lines = (values: readonly (string | number)[]): string => values.join('\n') + '\n';
const WORDS = ['the', 'dog', 'bit', 'a', 'man', 'who', 'had', 'bread', '.', 'quietly'];
const sentence = (i: number, kind: number): string =>
  range(5 + (i % 5))
    .map((k) => WORDS[Math.floor(noise(i, k, noise(i, k, kind) < 0.25 ? kind : 0) * WORDS.length)])
    .join(' ');

const clusters = (units: readonly number[], old: boolean): Written => ({
  predictions: {
    'clusters.csv': table(
      old ? 'cluster,label,old' : 'cluster,label',
      units.map((i) => {
        // Some clusters and classes of one item: where it is not drawn, they are none.
        const label = i % 15 === 4 ? i : Math.floor(noise(i, 1) * 4);
        const cluster = i % 10 === 0 ? -i : noise(i, 2) < 0.6 ? label : Math.floor(noise(i, 3) * 5);
        return [cluster, label, ...(old ? [Number(label < 2)] : [])];
      }),
    ),
  },
});

/** Boards of one official set, which hand their labels to the code of another protocol: which one. */
export const sameCode: Readonly<Record<string, string>> = {
  'certified-accuracy-cifar10': 'certified-accuracy',
  aime24: 'math-answers',
  aime25: 'math-answers',
  amc23: 'math-answers',
  'beir-nfcorpus': 'cranfield-retrieval',
  'beir-scifact': 'cranfield-retrieval',
  'metric-learning-cub200': 'metric-learning',
  'metric-learning-cars196': 'metric-learning',
  ...Object.fromEntries(
    ['set12', 'bsd68'].flatMap((set) =>
      [15, 25, 50].map((sigma) => [`denoising-${set}-sigma${sigma}`, 'denoising'] as const),
    ),
  ),
  ...Object.fromEntries(
    [
      'set5-x2',
      'set5-x3',
      'set5-x4',
      'set14-x2',
      'set14-x3',
      'set14-x4',
      'bsd100-x2',
      'bsd100-x3',
      'bsd100-x4',
      'urban100-x2',
      'urban100-x4',
    ].map((set) => [`super-resolution-${set}`, 'super-resolution'] as const),
  ),
  ...Object.fromEntries(
    ['en-de-2016', 'en-de-2017', 'de-en-2016', 'de-en-2017'].map((set) => [`multi30k-${set}`, 'translation'] as const),
  ),
};

export const cases: Readonly<Record<string, ReweighingCase>> = {
  'amazon-baby-recommendation': {
    units: 14,
    write: (units) => {
      const part = (items: (i: number) => readonly number[]): Uint8Array =>
        gzipSync(JSON.stringify(Object.fromEntries(units.map((i, user) => [user, items(i)]))));
      return {
        predictions: {
          'lists.txt': lines(
            units.map((i) =>
              range(60)
                .map((item) => `${item}:${noise(i, item)}`)
                .join(' '),
            ),
          ),
        },
        data: {
          'amazon_recsys/baby/5-core/train.json.gz': part((i) => several(i, 2, 50)),
          // The last item, which everybody has, keeps the number of items.
          'amazon_recsys/baby/5-core/val.json.gz': part(() => [59]),
          'amazon_recsys/baby/5-core/test.json.gz': part((i) => (i % 5 === 0 ? [] : several(i + 100, 3, 50))),
        },
      };
    },
  },
  'category-discovery': { units: 60, write: (units) => clusters(units, true) },
  'certified-accuracy': {
    units: 30,
    write: (units) => ({
      predictions: {
        'log.csv': table(
          'idx,label,predict,radius,correct',
          units.map((i, at) => {
            const [label, predicted] = [i % 3, noise(i) < 0.6 ? i % 3 : -1];
            return [at, label, predicted, predicted < 0 ? 0 : noise(i, 1) * 2, Number(label === predicted)];
          }),
        ),
      },
    }),
  },
  cifar100n: noisy(50_000, 100, 'cifar100n', ['clean_label', 'noisy_label']),
  cifar10h: {
    units: 10_000,
    fixed: 'the images are the official ones',
    write: () => {
      const matrix = (n: number, seed: number): Uint8Array =>
        npy(Float64Array.from(range(n).flatMap((i) => probabilities(i + seed, 10))), n, 10);
      return {
        predictions: { 'p.npy': matrix(10_000, 0) },
        labels: {
          'labels.csv': table(
            'label',
            range(10_000).map((i) => [classOf(i, 10)]),
          ),
        },
        data: { 'cifar10h/cifar10h-probs.npy': matrix(10_000, 20_000) },
      };
    },
  },
  cifar10n: noisy(50_000, 10, 'cifar10n', [
    'clean_label',
    'aggre_label',
    'random_label1',
    'random_label2',
    'random_label3',
    'worse_label',
  ]),
  classification: {
    units: 60,
    write: (units) => ({
      predictions: {
        'p.csv': table(
          'id,a,b,c,d',
          units.map((i, at) => [at, ...probabilities(i, 4)]),
        ),
      },
      labels: {
        'labels.csv': table(
          'id,label',
          units.map((i, at) => [at, 'abcd'[classOf(i, 4)]!]),
        ),
      },
    }),
  },
  clustering: { units: 60, write: (units) => clusters(units, false) },
  'coco-detection': { units: 25, write: boxes },
  compas: { units: 60, write: compas, without: DISTANCES },
  'compas-filtered': { units: 60, write: compas, without: DISTANCES },
  'cranfield-retrieval': {
    units: 12,
    write: (units) => ({
      predictions: { run: run(units) },
      labels: {
        cranqrel: lines(
          units.flatMap((i, at) => several(i + 50, 8, 30).map((d) => `${at + 1} ${d + 1} ${1 + (d % 4)}`)),
        ),
      },
    }),
  },
  denoising: {
    units: 5,
    write: (units) => ({ predictions: pictures(units, true, 'set'), labels: pictures(units, false, 'set') }),
  },
  eurlex4k: {
    units: 15,
    write: (units) => ({
      predictions: {
        'scores.txt': lines(
          units.map((i) =>
            range(12)
              .map((label) => `${label}:${noise(i, label)}`)
              .join(' '),
          ),
        ),
      },
      data: {
        'eurlex4k/Y.tst.npz': csr(
          units.map((i) => several(i, 4, 12)),
          12,
        ),
        'eurlex4k/Y.trn.npz': csr(
          range(40).map((i) => several(i + 60, 3, 12)),
          12,
        ),
        'eurlex4k/Y.val.npz': csr(
          range(10).map((i) => several(i + 200, 3, 12)),
          12,
        ),
      },
    }),
  },
  'face-verification': {
    units: 60,
    fixed: 'folds hold equally many pairs of both kinds',
    without: ['accuracy_std', 'accuracy_standard_error'],
    write: () => ({
      predictions: {
        's.txt': lines(range(60).map((i) => Number((noise(i) * 0.8 + (i % 20 < 10 ? 0.3 : 0)).toFixed(2)))),
      },
      labels: {
        'pairs.txt': lines(['3\t10', ...range(60).map((i) => (i % 20 < 10 ? `P${i}\t1\t2` : `P${i}\t1\tQ${i}\t1`))]),
      },
    }),
  },
  fairness: {
    units: 60,
    without: DISTANCES,
    write: (units) => ({
      predictions: risks(units),
      labels: {
        'groups.csv': table(
          'id,label,group',
          units.map((i, at) => [at, Number(noise(i, 2) < 0.5), raceOf(i)]),
        ),
      },
    }),
  },
  'image-text-retrieval': {
    units: 8,
    fixed: 'images are ranked too, so that repeating one changes every ranking',
    write: () => ({
      predictions: {
        's.npz': npz({
          similarities: npy(
            doubles(8 * 16, (at) => noise(at) + Number(Math.floor((at % 16) / 2) === Math.floor(at / 16)) * 0.4),
            8,
            16,
          ),
        }),
      },
    }),
  },
  'kitti-object': { units: 30, write: (units) => frames(units, true) },
  'kitti-tracking': {
    units: 5,
    fixed: 'intervals keep the thresholds of the whole set',
    write: (units) => ({
      predictions: numbered(units, 4, (i) => sequence(i, true)),
      labels: {
        ...numbered(units, 4, (i) => sequence(i, false)),
        'evaluate_tracking.seqmap.val': lines(
          rowOf(units).map((at) => `${String(at).padStart(4, '0')} empty 000000 000004`),
        ),
      },
    }),
  },
  'kitti-tracking-frames-object': { units: 30, write: (units) => frames(units, false) },
  'math-answers': {
    units: 20,
    write: (units) => ({
      predictions: {
        'answers.jsonl': lines(
          units.map((i, id) =>
            JSON.stringify({
              id,
              gold: String(i % 7),
              answers: range(4).map((k) => String(Math.floor(noise(i, k) * 3) + (i % 7))),
            }),
          ),
        ),
      },
    }),
  },
  'metric-learning': {
    units: 40,
    fixed: 'items are ranked too, so that repeating one changes every ranking',
    write: () => ({
      predictions: {
        'e.npz': npz({
          embeddings: npy(
            doubles(160, (at) => noise(at) + (at % 4 === Math.floor(at / 4) % 4 ? 0.5 : 0)),
            40,
            4,
          ),
          labels: wholes(range(40).map((i) => i % 5)),
        }),
      },
    }),
  },
  'person-reid': {
    units: 20,
    write: (units) => ({
      predictions: {
        'e.npz': npz({
          query_embeddings: npy(
            Float64Array.from(units.flatMap((i) => range(4).map((k) => noise(i, k) - 0.5))),
            units.length,
            4,
          ),
          query_ids: wholes(units.map((i) => i % 6)),
          query_cameras: wholes(units.map((i) => i % 2)),
          gallery_embeddings: npy(
            doubles(120, (at) => noise(at, 77) - 0.5),
            30,
            4,
          ),
          gallery_ids: wholes(range(30).map((i) => i % 5)),
          gallery_cameras: wholes(range(30).map((i) => i % 3)),
        }),
      },
    }),
  },
  regression: {
    units: 40,
    write: (units) => ({
      predictions: {
        'm.csv': table(
          'id,mean,std,target',
          units.map((i, at) => [at, noise(i), 0.1 + noise(i, 1), noise(i, 2)]),
        ),
      },
    }),
  },
  'retrieval-trec': {
    units: 12,
    write: (units) => ({
      predictions: { run: run(units) },
      labels: {
        qrels: lines(units.flatMap((i, at) => several(i + 50, 8, 30).map((d) => `${at + 1} 0 ${d + 1} ${d % 3}`))),
      },
    }),
  },
  'super-resolution': {
    units: 5,
    write: (units) => ({ predictions: pictures(units, true, 'Set5/x2'), labels: pictures(units, false, 'Set5/x2') }),
  },
  translation: {
    units: 20,
    write: (units) => ({
      predictions: { 'mine.txt': lines(units.map((i) => sentence(i, 1))) },
      labels: { 'a.txt': lines(units.map((i) => sentence(i, 2))), 'b.txt': lines(units.map((i) => sentence(i, 3))) },
    }),
  },
  ...Object.fromEntries(
    ['boston-housing', 'concrete', 'energy', 'kin8nm', 'power-plant', 'wine-red', 'yacht'].map((set) => [
      `uci-${set}`,
      uci,
    ]),
  ),
};
