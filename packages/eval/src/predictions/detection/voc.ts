/** Average precision of the PASCAL VOC challenges. Source: VOC development kits 2007 (11 points) and 2010 (all points). */
import type { CocoTruth, ScoredBox } from '../formats/coco.js';
import { boxOverlap } from './coco.js';

const OVERLAP = 0.5;

export interface VocAveragePrecision {
  /** Mean of the best precision at recall ≥ 0, .1, … 1. */
  readonly elevenPoint: number;
  /** Area under the precision made monotone. */
  readonly allPoint: number;
}

/** Area and eleven-point mean of a precision–recall sequence in order of falling score. */
export function averagePrecision(right: readonly boolean[], positives: number): VocAveragePrecision {
  const points: { recall: number; precision: number }[] = [];
  let hits = 0;
  right.forEach((ok, i) => {
    if (ok) hits++;
    points.push({ recall: hits / positives, precision: hits / (i + 1) });
  });
  let best = 0;
  const envelope = points.map(() => 0);
  for (let i = points.length - 1; i >= 0; i--) envelope[i] = best = Math.max(best, points[i]!.precision);
  let area = 0;
  points.forEach(({ recall }, i) => (area += (recall - (i === 0 ? 0 : points[i - 1]!.recall)) * envelope[i]!));
  let eleven = 0;
  for (let level = 0; level <= 10; level++) {
    const at = points.findIndex(({ recall }) => recall >= level / 10);
    if (at >= 0) eleven += envelope[at]!;
  }
  return { elevenPoint: eleven / 11, allPoint: area };
}

/**
 * Means over the categories that have a box. A detection belongs to the box that it overlaps most; from IoU .5 on it is
 * right if that box is still free, wrong if taken, and not counted if the box is a crowd (VOC: difficult).
 */
export function vocScores(truth: CocoTruth, detections: readonly ScoredBox[]): VocAveragePrecision | undefined {
  const results = truth.categories.flatMap(({ id }): VocAveragePrecision[] => {
    const boxes = truth.boxes.filter(({ category }) => category === id);
    const positives = boxes.filter(({ crowd }) => !crowd).length;
    if (positives === 0) return [];
    const taken = new Set<object>();
    const right: boolean[] = [];
    const ranked = detections.filter(({ category }) => category === id).sort((a, b) => b.score - a.score);
    for (const detection of ranked) {
      let best = -Infinity;
      let owner: (typeof boxes)[number] | undefined;
      for (const box of boxes) {
        if (box.image !== detection.image) continue;
        const overlap = boxOverlap(detection.box, box.box, false);
        if (overlap > best) [best, owner] = [overlap, box];
      }
      if (owner && best >= OVERLAP && owner.crowd) continue;
      const hit = owner !== undefined && best >= OVERLAP && !taken.has(owner);
      if (hit) taken.add(owner!);
      right.push(hit);
    }
    return [averagePrecision(right, positives)];
  });
  if (results.length === 0) return undefined;
  const mean = (of: (each: VocAveragePrecision) => number): number =>
    results.reduce((t, r) => t + of(r), 0) / results.length;
  return { elevenPoint: mean((each) => each.elevenPoint), allPoint: mean((each) => each.allPoint) };
}
