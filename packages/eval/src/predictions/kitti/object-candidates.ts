/** Which detections and objects take part, and which overlap enough to match, by the rules of KITTI's object development kit. */
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

export interface ObjectFrame {
  readonly truth: KittiBoxes;
  readonly detections: KittiBoxes;
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
export interface Candidates {
  /** Of ground truth i: entries offsets[i] to offsets[i + 1]. */
  readonly offsets: Int32Array;
  readonly detections: Int32Array;
  readonly overlaps: Float64Array;
  /** 1 for a detection that lies in a don't-care area. */
  readonly careless: Uint8Array;
}

const detectionHeight = ({ image }: KittiBoxes, j: number): number => Math.abs(image[4 * j + 1]! - image[4 * j + 3]!);

export function candidatesOf({ truth, detections }: ObjectFrame): Record<OverlapKind, Candidates> {
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
export interface Roles {
  readonly truth: Int8Array;
  readonly detections: Int8Array;
  readonly objects: number;
}

export function rolesOf({ truth, detections }: ObjectFrame, objectClass: ObjectClass, difficulty: Difficulty): Roles {
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
