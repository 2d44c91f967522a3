/** Average precision and orientation similarity by the rules of KITTI's object development kit. */
import {
  type Difficulty,
  hasAngles,
  type ObjectClass,
  type ObjectFrame,
  type OverlapKind,
} from './object-candidates.js';
import { type MatchedFrames, type MatchedScores, matchObjects } from './object-matching.js';

const SAMPLES = 41;

export interface Curve {
  readonly objectClass: ObjectClass;
  readonly difficulty: Difficulty;
  readonly kind: OverlapKind;
  /** Ground-truth objects that count. */
  readonly objects: number;
  /** Greatest precision at this recall sample or a later one, [41]. */
  readonly precision: Float64Array;
  /** The same of the orientation similarity; in the image only, and where every detection has an angle. */
  readonly orientation: Float64Array | undefined;
}

type Weights = Uint8Array | null;

/** Scores at which recall comes closest to each step of 1/40; scores descend, and each stands there as often as its frame weighs. */
export function recallThresholds({ score, frame }: MatchedScores, objects: number, weights: Weights = null): number[] {
  const copies = (i: number): number => (weights ? weights[frame[i]!]! : 1);
  let total = 0;
  for (let i = 0; i < score.length; i += 1) total += copies(i);
  const thresholds: number[] = [];
  let [recall, seen] = [0, 0];
  for (let i = 0; i < score.length; i += 1)
    for (let copy = copies(i); copy > 0; copy -= 1) {
      seen += 1;
      const last = seen === total;
      const left = seen / objects;
      const right = last ? left : (seen + 1) / objects;
      if (!last && right - recall < recall - left) continue;
      thresholds.push(score[i]!);
      recall += 1 / (SAMPLES - 1);
    }
  return thresholds;
}

/** In place: each sample becomes the greatest of itself and the later ones; a NaN hides what follows it, as in the kit. */
function fromTheRight(values: Float64Array, count: number): Float64Array {
  for (let i = 0; i < count; i += 1)
    for (let j = i + 1; j < values.length; j += 1) if (values[i]! < values[j]!) values[i] = values[j]!;
  return values;
}

/** The precision curve of the frames, each there as often as its weight says (null: once). Time linear in the detections. */
export function curveOf(found: MatchedFrames, angles: boolean, weights: Weights = null): Curve {
  const { objectClass, difficulty, kind, matched, changes } = found;
  const objects = found.objects.reduce((total, count, f) => total + count * (weights ? weights[f]! : 1), 0);
  const thresholds = recallThresholds(matched, objects, weights);
  const [precision, orientation] = [new Float64Array(SAMPLES), new Float64Array(SAMPLES)];
  let [at, right, wrong, alike] = [0, 0, 0, 0];
  thresholds.forEach((threshold, t) => {
    for (; at < changes.score.length && changes.score[at]! >= threshold; at += 1) {
      const weight = weights ? weights[changes.frame[at]!]! : 1;
      right += weight * changes.truePositives[at]!;
      wrong += weight * changes.falsePositives[at]!;
      alike += weight * changes.similarity[at]!;
    }
    precision[t] = right / (right + wrong);
    orientation[t] = alike / (right + wrong);
  });
  return {
    objectClass,
    difficulty,
    kind,
    objects,
    precision: fromTheRight(precision, thresholds.length),
    orientation: kind === '2d' && angles ? fromTheRight(orientation, thresholds.length) : undefined,
  };
}

/** The precision curves of every class, difficulty and kind of overlap that the detections have boxes for. */
export function evaluateObjects(frames: readonly ObjectFrame[]): Curve[] {
  const angles = hasAngles(frames);
  return matchObjects(frames).map((found) => curveOf(found, angles));
}

/**
 * In percent: the mean of the samples at recall 0, .1, …, 1 (11), or 1/40, 2/40, …, 1 (40). The kit writes its samples with
 * six decimals, and published averages are means of those.
 */
export function averagePrecision(samples: Float64Array, points: 11 | 40): number {
  let total = 0;
  for (let i = points === 11 ? 0 : 1; i < SAMPLES; i += points === 11 ? 4 : 1) total += Number(samples[i]!.toFixed(6));
  return (total / points) * 100;
}
