/** Reading the sequences of the tracking benchmark, and its scores by key. */
import type { MetricOutput } from '../../core/types.js';
import { EvalError } from '../../core/errors.js';
import { malformed } from '../errors.js';
import { type KittiTracks, kittiType, parseKittiTracks } from '../formats/kitti.js';
import { parseLines } from '../formats/table.js';
import type { InputFile, InputTree } from '../input.js';
import { reweighing } from '../reweighing.js';
import type { ScoreContext, ScoreReport } from '../types.js';
import { filesOf, numberedFiles, unusedWarning } from './files.js';
import { motaOf, motpOf, trackClass, type TrackingScores, type WeightedTracking } from './tracking-evaluation.js';
import { TRACKING_CLASSES, type TrackingClass, type TrackingSequence } from './tracking-matching.js';

/** Least overlaps in space of the published tables; the first is the benchmark's own and has plain keys. */
const LIMITS: readonly {
  readonly least: number;
  readonly suffix: string;
  readonly classes: readonly TrackingClass[];
}[] = [
  { least: 0.25, suffix: '', classes: TRACKING_CLASSES },
  { least: 0.5, suffix: '_iou0.5', classes: TRACKING_CLASSES },
  { least: 0.7, suffix: '_iou0.7', classes: ['car'] },
];

type Direction = 'higher' | 'lower';
const COUNT = { unit: 'count', range: [0, 1e9] as const, precision: 1 };
const SHARE = { unit: 'fraction', range: [0, 1] as const, precision: 1e-4 };
const SIGNED = { unit: 'fraction', range: [-1e6, 1] as const, precision: 1e-4 };

const MEASURES: readonly {
  readonly name: string;
  readonly title: string;
  readonly direction: Direction;
  readonly scale: Pick<MetricOutput, 'unit' | 'range' | 'precision'>;
  /** How the three classes make one number. */
  readonly overall?: 'mean' | 'sum';
  value(scores: TrackingScores): number | undefined;
}[] = [
  { name: 'samota', title: 'sAMOTA', direction: 'higher', scale: SHARE, overall: 'mean', value: (s) => s.samota },
  { name: 'amota', title: 'AMOTA', direction: 'higher', scale: SIGNED, overall: 'mean', value: (s) => s.amota },
  { name: 'amotp', title: 'AMOTP', direction: 'higher', scale: SHARE, overall: 'mean', value: (s) => s.amotp },
  { name: 'mota', title: 'MOTA', direction: 'higher', scale: SIGNED, overall: 'mean', value: (s) => motaOf(s.best) },
  { name: 'motp', title: 'MOTP', direction: 'higher', scale: SHARE, overall: 'mean', value: (s) => motpOf(s.best) },
  {
    name: 'id_switches',
    title: 'Identity switches',
    direction: 'lower',
    scale: COUNT,
    overall: 'sum',
    value: (s) => s.best.idSwitches,
  },
  {
    name: 'fragmentations',
    title: 'Fragmentations',
    direction: 'lower',
    scale: COUNT,
    overall: 'sum',
    value: (s) => s.best.fragmentations,
  },
  {
    name: 'false_positives',
    title: 'False positives',
    direction: 'lower',
    scale: COUNT,
    overall: 'sum',
    value: (s) => s.best.falsePositives,
  },
  {
    name: 'false_negatives',
    title: 'False negatives',
    direction: 'lower',
    scale: COUNT,
    overall: 'sum',
    value: (s) => s.best.falseNegatives,
  },
  {
    name: 'recall',
    title: 'Recall',
    direction: 'higher',
    scale: SHARE,
    value: ({ best }) => best.truePositives / (best.truePositives + best.falseNegatives),
  },
  {
    name: 'precision',
    title: 'Precision',
    direction: 'higher',
    scale: SHARE,
    value: ({ best }) =>
      best.truePositives + best.falsePositives === 0
        ? undefined
        : best.truePositives / (best.truePositives + best.falsePositives),
  },
  {
    name: 'mostly_tracked',
    title: 'Mostly tracked',
    direction: 'higher',
    scale: SHARE,
    value: ({ best }) => best.mostlyTracked / best.trajectories,
  },
  {
    name: 'mostly_lost',
    title: 'Mostly lost',
    direction: 'lower',
    scale: SHARE,
    value: ({ best }) => best.mostlyLost / best.trajectories,
  },
];

/** `{measure}_{class}`, with `_iou0.5` or `_iou0.7` for stricter matching, and `{measure}_overall`. */
export const TRACKING_OUTPUTS: readonly MetricOutput[] = LIMITS.flatMap(({ least, suffix, classes }) =>
  MEASURES.flatMap(({ name, title, direction, scale, overall }) =>
    [...classes, ...(overall && classes.length === TRACKING_CLASSES.length ? ['overall'] : [])].map((of) => ({
      key: `${name}_${of}${suffix}`,
      title: `${title}, ${of}, overlap ${least}`,
      direction,
      ...scale,
    })),
  ),
);

interface SequenceName {
  readonly name: string;
  readonly frames: number;
}

/** Lines `0001 empty 000000 000447`: sequence, a word, first frame, last frame. */
async function readSequenceMap(file: InputFile): Promise<SequenceName[]> {
  return parseLines(await file.read(), file.name).flatMap(({ line, text }) => {
    if (text.trim() === '') return [];
    const found = /^(\d{4}) \S+ 0{6} (\d{6})$/.exec(text.trim());
    if (!found) throw malformed(file.name, { line }, JSON.stringify(text), 'e.g. "0001 empty 000000 000447"');
    return [{ name: found[1]!, frames: Number(found[2]) + 1 }];
  });
}

function checkFrames(tracks: KittiTracks, file: InputFile, frames: number): KittiTracks {
  const beyond = tracks.frame.find((frame) => frame >= frames);
  if (beyond !== undefined) throw malformed(file.name, {}, `frame ${beyond}`, `frames 0 to ${frames - 1}`);
  return tracks;
}

/** Scores the sequences that the labels' map names. Throws FILE_MALFORMED for a sequence without a file. */
export async function trackingReport(context: ScoreContext, labels: readonly InputTree[]): Promise<ScoreReport> {
  const { predictions, progress } = context;
  const labelled = numberedFiles(labels, 4);
  const maps = labelled.others.filter(({ name }) => /(^|\/)evaluate_tracking\.seqmap(\.val)?$/.test(name));
  if (maps.length !== 1)
    throw new EvalError('FILE_MALFORMED', `labels: found ${maps.length} sequence maps, expected one`, {
      field: 'labels',
      value: maps.length,
      allowed: 'one file evaluate_tracking.seqmap.val beside the labels',
    });
  const map = await readSequenceMap(maps[0]!);
  const names = map.map(({ name }) => name);
  const submitted = numberedFiles(predictions, 4);
  const truthFiles = filesOf(labels, labelled, names, 'labels of every sequence');
  const resultFiles = filesOf(predictions, submitted, names, 'results of every sequence');
  const warnings = unusedWarning(submitted, names);
  const sequences: TrackingSequence[] = [];
  for (const [s, { frames }] of map.entries()) {
    progress(s, map.length, 'sequences read');
    const [truth, results] = [truthFiles[s]!, resultFiles[s]!];
    sequences.push({
      frames,
      truth: checkFrames(parseKittiTracks(await truth.read(), truth.name, 'labels'), truth, frames),
      results: checkFrames(parseKittiTracks(await results.read(), results.name, 'results'), results, frames),
    });
  }
  const untracked = sequences.reduce((total, { results }) => total + results.id.filter((id) => id === -1).length, 0);
  if (untracked > 0) warnings.push(`${untracked} results have track −1 and were left out`);

  const steps = LIMITS.reduce((total, { classes }) => total + classes.length, 0);
  let done = 0;
  const tracked: Tracked[] = LIMITS.map((limit) => ({
    ...limit,
    found: limit.classes.map((name) => {
      const start = done;
      done += 1;
      const found = trackClass(sequences, name, limit.least, (pass, passes) =>
        progress(start + pass / passes, steps, 'classes and overlaps'),
      );
      if (limit.suffix !== '') return found;
      if (!found) warnings.push(`no ${name} is tracked: it has no scores`);
      else if (found(null).best.objects === 0) warnings.push(`no ${name} in the labels counts: it has no scores`);
      return found;
    }),
  }));
  const scores = scoresByKey(tracked, null);
  const care = kittiType('dontcare');
  return {
    scores,
    counts: {
      sequences: map.length,
      frames: map.reduce((total, { frames }) => total + frames, 0),
      objects: sequences.reduce((total, { truth }) => total + truth.type.filter((type) => type !== care).length, 0),
      results: sequences.reduce((total, { results }) => total + results.n, 0),
    },
    warnings,
    outcomes: {},
    units: names,
    reweigh: reweighing(sequences.length, scores, () => (weights) => scoresByKey(tracked, weights)),
  };
}

interface Tracked {
  readonly suffix: string;
  readonly classes: readonly TrackingClass[];
  readonly found: readonly (WeightedTracking | undefined)[];
}

/** The scores that exist when each sequence counts as often as its weight says (null: once). */
function scoresByKey(tracked: readonly Tracked[], weights: Uint8Array | null): Record<string, number> {
  const scores: Record<string, number> = {};
  const set = (key: string, value: number | undefined): void => {
    if (value !== undefined && Number.isFinite(value)) scores[key] = value;
  };
  for (const { suffix, classes, found } of tracked) {
    classes.forEach((name, c) => {
      const of = found[c]?.(weights);
      if (!of || of.best.objects === 0) return;
      for (const { name: measure, value } of MEASURES) set(`${measure}_${name}${suffix}`, value(of));
    });
    if (classes.length < TRACKING_CLASSES.length) continue;
    for (const { name: measure, overall } of MEASURES) {
      const values = classes.map((name) => scores[`${measure}_${name}${suffix}`]);
      if (!overall || values.includes(undefined)) continue;
      const total = values.reduce<number>((sum, value) => sum + value!, 0);
      set(`${measure}_overall${suffix}`, overall === 'sum' ? total : total / values.length);
    }
  }
  return scores;
}
