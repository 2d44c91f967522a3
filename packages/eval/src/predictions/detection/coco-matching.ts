/** Which detections match which boxes, as pycocotools decides it. Source: cocodataset/cocoapi@8c9bcc3, cocoeval.py. */
import type { Box, ScoredBox, TrueBox } from '../formats/coco.js';

/** start + i·(stop − start)/(n − 1): the very floats of numpy.linspace, which thresholds are compared as. */
export const linspace = (start: number, stop: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => (i === n - 1 ? stop : start + i * ((stop - start) / (n - 1))));

export const OVERLAPS = linspace(0.5, 0.95, 10);
/** A bit for each overlap threshold. */
export const EVERY = 2 ** OVERLAPS.length - 1;
export const AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
export type Area = keyof typeof AREAS;

/** Intersection over union; over the detection's own area where the truth is a crowd. */
export function boxOverlap(detection: Box, truth: Box, crowd: boolean): number {
  const width = Math.min(detection[0] + detection[2], truth[0] + truth[2]) - Math.max(detection[0], truth[0]);
  const height = Math.min(detection[1] + detection[3], truth[1] + truth[3]) - Math.max(detection[1], truth[1]);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  const own = detection[2] * detection[3];
  return both / (crowd ? own : own + truth[2] * truth[3] - both);
}

/** Detections of one image and category against its boxes, for one range of areas. */
export interface Matched {
  /** By detection, as bits of overlap thresholds: where it is right, and where it does not count. */
  readonly right: Uint16Array;
  readonly ignored: Uint16Array;
  /** Boxes that count. */
  readonly positives: number;
}

/**
 * Greedy matching in order of falling score at every threshold, by range of areas: boxes outside it do not count, nor do
 * detections outside it that match nothing.
 */
export function match(truths: readonly TrueBox[], detections: readonly ScoredBox[]): Record<Area, Matched> {
  const overlaps = detections.map(({ box }) => truths.map((truth) => boxOverlap(box, truth.box, truth.crowd)));
  const of = (area: Area): Matched => matchIn(AREAS[area], truths, detections, overlaps);
  return { all: of('all'), small: of('small'), medium: of('medium'), large: of('large') };
}

function matchIn(
  [low, high]: readonly [number, number],
  truths: readonly TrueBox[],
  detections: readonly ScoredBox[],
  overlaps: readonly (readonly number[])[],
): Matched {
  const outside = (size: number): boolean => size < low || size > high;
  const ignore = truths.map(({ crowd, area }) => crowd || outside(area));
  // Boxes that do not count come last, and a detection turns to them only if none that counts will have it.
  const order = truths.map((_, g) => g).sort((a, b) => Number(ignore[a]) - Number(ignore[b]));
  const right = new Uint16Array(detections.length);
  const ignored = Uint16Array.from(detections, ({ box }) => (outside(box[2] * box[3]) ? EVERY : 0));
  const taken = new Uint16Array(truths.length);
  for (let t = 0; t < OVERLAPS.length && truths.length > 0; t++) {
    const bit = 1 << t;
    for (let d = 0; d < detections.length; d++) {
      let best = Math.min(OVERLAPS[t]!, 1 - 1e-10);
      let found = -1;
      for (const g of order) {
        if (taken[g]! & bit && !truths[g]!.crowd) continue;
        if (found >= 0 && !ignore[found] && ignore[g]) break;
        if (overlaps[d]![g]! < best) continue;
        best = overlaps[d]![g]!;
        found = g;
      }
      if (found < 0) continue;
      taken[found]! |= bit;
      if (ignore[found]) ignored[d]! |= bit;
      else {
        ignored[d]! &= ~bit;
        right[d]! |= bit;
      }
    }
  }
  return { right, ignored, positives: ignore.filter((each) => !each).length };
}
