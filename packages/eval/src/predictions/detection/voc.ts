/** Average precision of the PASCAL VOC challenges. Source: VOC development kits 2007 (11 points) and 2010 (all points). */
import type { CocoTruth, ScoredBox, TrueBox } from '../formats/coco.js';
import { imagesInOrder } from './coco.js';
import { boxOverlap } from './coco-matching.js';

const OVERLAP = 0.5;

export interface VocAveragePrecision {
  /** Mean of the best precision at recall ≥ 0, .1, … 1. */
  readonly elevenPoint: number;
  /** Area under the precision made monotone. */
  readonly allPoint: number;
}

/**
 * Area and eleven-point mean of a precision–recall sequence in order of falling score; detection i counts `weightOf(i)` times
 * among `positives` boxes.
 */
export function averagePrecision(
  right: readonly boolean[],
  positives: number,
  weightOf: (i: number) => number = () => 1,
): VocAveragePrecision {
  // Precision is highest, and recall grows, at right detections alone.
  const [recalls, envelope] = [[] as number[], [] as number[]];
  let [hits, seen] = [0, 0];
  right.forEach((ok, i) => {
    const weight = weightOf(i);
    seen += weight;
    if (!ok || weight === 0) return;
    hits += weight;
    recalls.push(hits / positives);
    envelope.push(hits / seen);
  });
  for (let i = envelope.length - 1; i > 0; i--) envelope[i - 1] = Math.max(envelope[i - 1]!, envelope[i]!);
  let area = 0;
  recalls.forEach((recall, i) => (area += (recall - (i === 0 ? 0 : recalls[i - 1]!)) * envelope[i]!));
  let [eleven, at] = [0, 0];
  for (let level = 0; level <= 10; level++) {
    while (at < recalls.length && recalls[at]! < level / 10) at++;
    if (at < recalls.length) eleven += envelope[at]!;
  }
  return { elevenPoint: eleven / 11, allPoint: area };
}

/** One category: its detections by falling score, without those in crowds, and its boxes that count by image. */
interface Ranking {
  readonly right: readonly boolean[];
  readonly image: Int32Array;
  readonly positives: readonly { readonly image: number; readonly count: number }[];
}

function rankingOf(
  boxes: readonly TrueBox[],
  detections: readonly ScoredBox[],
  place: ReadonlyMap<number, number>,
): Ranking {
  const byImage = new Map<number, TrueBox[]>();
  for (const box of boxes) byImage.set(box.image, [...(byImage.get(box.image) ?? []), box]);
  const taken = new Set<object>();
  const [right, images] = [[] as boolean[], [] as number[]];
  for (const detection of [...detections].sort((a, b) => b.score - a.score)) {
    let best = -Infinity;
    let owner: TrueBox | undefined;
    for (const box of byImage.get(detection.image) ?? []) {
      const overlap = boxOverlap(detection.box, box.box, false);
      if (overlap > best) [best, owner] = [overlap, box];
    }
    if (owner && best >= OVERLAP && owner.crowd) continue;
    const hit = owner !== undefined && best >= OVERLAP && !taken.has(owner);
    if (hit) taken.add(owner!);
    right.push(hit);
    images.push(place.get(detection.image)!);
  }
  return {
    right,
    image: Int32Array.from(images),
    positives: [...byImage].map(([image, own]) => ({
      image: place.get(image)!,
      count: own.filter(({ crowd }) => !crowd).length,
    })),
  };
}

/**
 * Means over the categories that have a box. A detection belongs to the box that it overlaps most; from IoU .5 on it is
 * right if that box is still free, wrong if taken, and not counted if the box is a crowd (VOC: difficult). The result gives them
 * for images that are each there as often as their weight says, in the order of `imagesInOrder` (null: once).
 */
export function evaluateVoc(
  truth: CocoTruth,
  detections: readonly ScoredBox[],
): (weights: Uint8Array | null) => VocAveragePrecision | undefined {
  const place = new Map(imagesInOrder(truth).map((image, i) => [image, i]));
  const rankings = truth.categories.map(({ id }) =>
    rankingOf(
      truth.boxes.filter(({ category }) => category === id),
      detections.filter(({ category }) => category === id),
      place,
    ),
  );
  return (weights) => {
    const weightOf = (image: number): number => (weights ? weights[image]! : 1);
    const results = rankings.flatMap(({ right, image, positives }) => {
      const boxes = positives.reduce((total, each) => total + each.count * weightOf(each.image), 0);
      return boxes === 0 ? [] : averagePrecision(right, boxes, (i) => weightOf(image[i]!));
    });
    if (results.length === 0) return undefined;
    const mean = (of: (each: VocAveragePrecision) => number): number =>
      results.reduce((total, each) => total + of(each), 0) / results.length;
    return { elevenPoint: mean((each) => each.elevenPoint), allPoint: mean((each) => each.allPoint) };
  };
}
