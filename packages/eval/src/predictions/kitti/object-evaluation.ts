/** Average precision and orientation similarity by the rules of KITTI's object development kit. */
import { type KittiBoxes, type KittiType, kittiType } from '../formats/kitti.js';
import { groundArea, groundOverlap, imageOverlap, sharedGround, spaceOverlap } from './geometry.js';

export const OBJECT_CLASSES = ['car', 'pedestrian', 'cyclist'] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];
export const DIFFICULTIES = ['easy', 'moderate', 'hard'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];
export const OVERLAP_KINDS = ['2d', 'bev', '3d'] as const;
export type OverlapKind = (typeof OVERLAP_KINDS)[number];

/** Pixels; ground truth must be higher, a detection at least so high. */
const MIN_HEIGHT: Record<Difficulty, number> = { easy: 40, moderate: 25, hard: 25 };
const MAX_OCCLUSION: Record<Difficulty, number> = { easy: 0, moderate: 1, hard: 2 };
const MAX_TRUNCATION: Record<Difficulty, number> = { easy: 0.15, moderate: 0.3, hard: 0.5 };
/** Overlap that a match must exceed, in the image, on the ground and in space alike. */
const MIN_OVERLAP: Record<ObjectClass, number> = { car: 0.7, pedestrian: 0.5, cyclist: 0.5 };
const NEIGHBOUR: Record<ObjectClass, KittiType | undefined> = {
  car: 'van',
  pedestrian: 'person_sitting',
  cyclist: undefined,
};
const SAMPLES = 41;
/** A score must exceed this to count at all. */
const NO_SCORE = -1e7;

export interface ObjectFrame {
  readonly truth: KittiBoxes;
  readonly detections: KittiBoxes;
}

/** What is evaluated of a class: which kinds of boxes the detections have. */
export interface Evaluated {
  readonly kinds: Readonly<Record<OverlapKind, boolean>>;
}

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

const CLASS_CODES = OBJECT_CLASSES.map(kittiType);
const DONT_CARE = kittiType('dontcare');

/** For each type code the class whose ground truth it is or neighbours, else −1. */
const GROUP = Int8Array.from({ length: 256 }, (_, code) =>
  OBJECT_CLASSES.findIndex((name, c) => CLASS_CODES[c] === code || neighbourCode(name) === code),
);

function neighbourCode(name: ObjectClass): number {
  const neighbour = NEIGHBOUR[name];
  return neighbour === undefined ? -1 : kittiType(neighbour);
}

/** Pairs of a frame that overlap enough to match, of one kind, by ground truth and then by detection. */
interface Candidates {
  /** Of ground truth i: entries offsets[i] to offsets[i + 1]. */
  readonly offsets: Int32Array;
  readonly detections: Int32Array;
  readonly overlaps: Float64Array;
  /** 1 for a detection that lies in a don't-care area. */
  readonly careless: Uint8Array;
}

const detectionHeight = ({ image }: KittiBoxes, j: number): number => Math.abs(image[4 * j + 1]! - image[4 * j + 3]!);

function candidatesOf({ truth, detections }: ObjectFrame): Record<OverlapKind, Candidates> {
  const found = OVERLAP_KINDS.map(() => ({
    offsets: new Int32Array(truth.n + 1),
    detections: [] as number[],
    overlaps: [] as number[],
    careless: new Uint8Array(detections.n),
  }));
  const overlapsOf = (j: number, i: number, criterion: 'union' | 'first'): [number, number, number] => {
    const shared = sharedGround(detections, j, truth, i);
    return [
      imageOverlap(detections, j, truth, i, criterion),
      groundOverlap(shared, groundArea(detections, j), groundArea(truth, i), criterion),
      spaceOverlap(shared, detections, j, truth, i, criterion),
    ];
  };
  for (let i = 0; i < truth.n; i += 1) {
    const group = GROUP[truth.type[i]!]!;
    for (let j = 0; j < detections.n; j += 1) {
      const own = CLASS_CODES.indexOf(detections.type[j]!);
      if (truth.type[i] === DONT_CARE && own >= 0) {
        const least = MIN_OVERLAP[OBJECT_CLASSES[own]!];
        overlapsOf(j, i, 'first').forEach((overlap, k) => {
          if (overlap > least) found[k]!.careless[j] = 1;
        });
      }
      // A detection too small to count takes part for every class.
      if (group < 0 || (own !== group && detectionHeight(detections, j) >= MIN_HEIGHT.easy)) continue;
      overlapsOf(j, i, 'union').forEach((overlap, k) => {
        if (!(overlap > MIN_OVERLAP[OBJECT_CLASSES[group]!])) return;
        found[k]!.detections.push(j);
        found[k]!.overlaps.push(overlap);
      });
    }
    for (const each of found) each.offsets[i + 1] = each.detections.length;
  }
  const [image, ground, space] = found.map((each) => ({
    ...each,
    detections: Int32Array.from(each.detections),
    overlaps: Float64Array.from(each.overlaps),
  })) as [Candidates, Candidates, Candidates];
  return { '2d': image, bev: ground, '3d': space };
}

/** 0 counts, 1 may be matched without counting, −1 takes no part. */
interface Roles {
  readonly truth: Int8Array;
  readonly detections: Int8Array;
  readonly objects: number;
}

function rolesOf({ truth, detections }: ObjectFrame, objectClass: ObjectClass, difficulty: Difficulty): Roles {
  const code = kittiType(objectClass);
  const neighbour = neighbourCode(objectClass);
  let objects = 0;
  const truthRoles = Int8Array.from({ length: truth.n }, (_, i) => {
    if (truth.type[i] === neighbour) return 1;
    if (truth.type[i] !== code) return -1;
    const height = truth.image[4 * i + 3]! - truth.image[4 * i + 1]!;
    const ignored =
      Math.trunc(truth.occlusion[i]!) > MAX_OCCLUSION[difficulty] ||
      truth.truncation[i]! > MAX_TRUNCATION[difficulty] ||
      height <= MIN_HEIGHT[difficulty];
    if (!ignored) objects += 1;
    return ignored ? 1 : 0;
  });
  const detectionRoles = Int8Array.from({ length: detections.n }, (_, j) => {
    if (detectionHeight(detections, j) < MIN_HEIGHT[difficulty]) return 1;
    return detections.type[j] === code ? 0 : -1;
  });
  return { truth: truthRoles, detections: detectionRoles, objects };
}

/** Scores of the true positives where each object takes its best-scored candidate; these become the thresholds. */
function matchedScores({ detections }: ObjectFrame, candidates: Candidates, roles: Roles, scores: number[]): void {
  const taken = new Uint8Array(detections.n);
  for (let i = 0; i < roles.truth.length; i += 1) {
    if (roles.truth[i] === -1) continue;
    let [chosen, best] = [-1, NO_SCORE];
    for (let k = candidates.offsets[i]!; k < candidates.offsets[i + 1]!; k += 1) {
      const j = candidates.detections[k]!;
      if (roles.detections[j] === -1 || taken[j] === 1 || detections.score[j]! <= best) continue;
      chosen = j;
      best = detections.score[j]!;
    }
    if (chosen < 0) continue;
    taken[chosen] = 1;
    if (roles.truth[i] === 0 && roles.detections[chosen] === 0) scores.push(best);
  }
}

/** Scores at which recall comes closest to each step of 1/40. */
export function recallThresholds(matched: readonly number[], objects: number): number[] {
  const scores = Float64Array.from(matched).sort().reverse();
  const thresholds: number[] = [];
  let recall = 0;
  scores.forEach((score, i) => {
    const last = i === scores.length - 1;
    const left = (i + 1) / objects;
    const right = last ? left : (i + 2) / objects;
    if (!last && right - recall < recall - left) return;
    thresholds.push(score);
    recall += 1 / (SAMPLES - 1);
  });
  return thresholds;
}

interface Tally {
  truePositives: number;
  falsePositives: number;
  similarity: number;
}

/** Adds one frame's counts among detections that score at least `threshold`; each object takes its greatest overlap. */
function tally(
  { truth, detections }: ObjectFrame,
  candidates: Candidates,
  roles: Roles,
  threshold: number,
  taken: Uint8Array,
  total: Tally,
): void {
  taken.fill(0);
  for (let i = 0; i < roles.truth.length; i += 1) {
    if (roles.truth[i] === -1) continue;
    let [chosen, greatest, chosenIgnored] = [-1, 0, false];
    for (let k = candidates.offsets[i]!; k < candidates.offsets[i + 1]!; k += 1) {
      const j = candidates.detections[k]!;
      if (roles.detections[j] === -1 || taken[j] === 1 || detections.score[j]! < threshold) continue;
      if (roles.detections[j] === 0) {
        if (candidates.overlaps[k]! <= greatest && !chosenIgnored) continue;
        [chosen, greatest, chosenIgnored] = [j, candidates.overlaps[k]!, false];
      } else if (chosen < 0) [chosen, chosenIgnored] = [j, true];
    }
    if (chosen < 0) continue;
    taken[chosen] = 1;
    if (roles.truth[i] === 1 || chosenIgnored) continue;
    total.truePositives += 1;
    total.similarity += (1 + Math.cos(truth.alpha[i]! - detections.alpha[chosen]!)) / 2;
  }
  for (let j = 0; j < detections.n; j += 1)
    if (
      roles.detections[j] === 0 &&
      taken[j] === 0 &&
      detections.score[j]! >= threshold &&
      candidates.careless[j] === 0
    )
      total.falsePositives += 1;
}

/** In place: each sample becomes the greatest of itself and the later ones; a NaN hides what follows it, as in the kit. */
function fromTheRight(values: Float64Array, count: number): Float64Array {
  for (let i = 0; i < count; i += 1)
    for (let j = i + 1; j < values.length; j += 1) if (values[i]! < values[j]!) values[i] = values[j]!;
  return values;
}

/** Kinds of boxes among the detections of each class: nothing is evaluated that no detection has. */
export function evaluatedKinds(frames: readonly ObjectFrame[]): Record<ObjectClass, Record<OverlapKind, boolean>> {
  const kinds = OBJECT_CLASSES.map(() => ({ '2d': false, bev: false, '3d': false }));
  for (const { detections } of frames)
    for (let j = 0; j < detections.n; j += 1) {
      const own = kinds[CLASS_CODES.indexOf(detections.type[j]!)];
      if (!own) continue;
      const [height, width, length] = detections.size.subarray(3 * j, 3 * j + 3) as unknown as [number, number, number];
      const [x, y, z] = detections.location.subarray(3 * j, 3 * j + 3) as unknown as [number, number, number];
      if (detections.image[4 * j]! >= 0) own['2d'] = true;
      if (x !== -1000 && z !== -1000 && width > 0 && length > 0) {
        own.bev = true;
        if (y !== -1000 && height > 0) own['3d'] = true;
      }
    }
  const [car, pedestrian, cyclist] = kinds as [(typeof kinds)[0], (typeof kinds)[0], (typeof kinds)[0]];
  return { car, pedestrian, cyclist };
}

/** True where every detection has an observation angle; one of −10 switches the orientation similarity off for all. */
export const hasAngles = (frames: readonly ObjectFrame[]): boolean =>
  frames.every(({ detections }) => !detections.alpha.includes(-10));

/**
 * The precision curves of every class, difficulty and kind of overlap that the detections have boxes for.
 *
 * @param frames ground truth and detections, frame by frame; every frame of the split, also empty ones.
 * @param progress told of frames done out of all.
 */
export function evaluateObjects(
  frames: readonly ObjectFrame[],
  progress: (done: number, total: number) => void = () => undefined,
): Curve[] {
  const kinds = evaluatedKinds(frames);
  const angles = hasAngles(frames);
  const steps = frames.length + OBJECT_CLASSES.length * DIFFICULTIES.length;
  let done = 0;
  const candidates = frames.map((frame, f) => {
    if (f % 100 === 0) progress(f, steps);
    return candidatesOf(frame);
  });
  done = frames.length;
  const taken = frames.map(({ detections }) => new Uint8Array(detections.n));
  const curves: Curve[] = [];
  for (const objectClass of OBJECT_CLASSES)
    for (const difficulty of DIFFICULTIES) {
      progress(done, steps);
      done += 1;
      if (!OVERLAP_KINDS.some((kind) => kinds[objectClass][kind])) continue;
      const roles = frames.map((frame) => rolesOf(frame, objectClass, difficulty));
      const objects = roles.reduce((total, each) => total + each.objects, 0);
      // Without a detection of the class a frame adds neither true nor false positives.
      const active = Array.from(frames.keys()).filter((f) => roles[f]!.detections.includes(0));
      for (const kind of OVERLAP_KINDS.filter((each) => kinds[objectClass][each])) {
        const scores: number[] = [];
        for (const f of active) matchedScores(frames[f]!, candidates[f]![kind], roles[f]!, scores);
        const thresholds = recallThresholds(scores, objects);
        const tallies = thresholds.map((threshold) => {
          const total = { truePositives: 0, falsePositives: 0, similarity: 0 };
          for (const f of active) tally(frames[f]!, candidates[f]![kind], roles[f]!, threshold, taken[f]!, total);
          return total;
        });
        const curveOf = (part: 'truePositives' | 'similarity'): Float64Array => {
          const values = new Float64Array(SAMPLES);
          tallies.forEach((each, t) => {
            values[t] = each[part] / (each.truePositives + each.falsePositives);
          });
          return fromTheRight(values, tallies.length);
        };
        curves.push({
          objectClass,
          difficulty,
          kind,
          objects,
          precision: curveOf('truePositives'),
          orientation: kind === '2d' && angles ? curveOf('similarity') : undefined,
        });
      }
    }
  progress(steps, steps);
  return curves;
}

/**
 * In percent: the mean of the samples at recall 0, .1, …, 1 (11), or 1/40, 2/40, …, 1 (40). The kit writes its samples with
 * six decimals, and published averages are means of those.
 */
export function averagePrecision(samples: Float64Array, points: 11 | 40): number {
  let total = 0;
  for (let i = points === 11 ? 0 : 1; i < SAMPLES; i += points === 11 ? 4 : 1) total += sixDecimals(samples[i]!);
  return (total / points) * 100;
}

/** As C's `%f` writes it. An odd multiple of 1/128 lies midway between two decimals: C takes the even one, `toFixed` the upper. */
function sixDecimals(value: number): number {
  const midway = Number.isInteger(value * 128) && !Number.isInteger(value * 64);
  return midway ? (2 * Math.round((value * 1e6) / 2)) / 1e6 : Number(value.toFixed(6));
}
