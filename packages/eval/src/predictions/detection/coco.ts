/** Average precision and recall of boxes as pycocotools computes them. Source: cocodataset/cocoapi@8c9bcc3, cocoeval.py. */
import type { CocoTruth, ScoredBox } from '../formats/coco.js';
import { type Area, AREAS, EVERY, linspace, match, type Matched, OVERLAPS } from './coco-matching.js';

const RECALLS = linspace(0, 1, 101);
const MOST = [1, 10, 100] as const;

export const COCO_KEYS = [
  'AP',
  'AP50',
  'AP75',
  'APsmall',
  'APmedium',
  'APlarge',
  'AR1',
  'AR10',
  'AR100',
  'ARsmall',
  'ARmedium',
  'ARlarge',
] as const;

export type CocoScores = Partial<Record<(typeof COCO_KEYS)[number], number>>;

/** One category and range of areas, over all images. */
interface Ranking {
  /** Of each detection that counts at some threshold, by falling score: its image, and as bits of thresholds where it is right. */
  readonly image: Int32Array;
  readonly right: Uint16Array;
  /** The same where it does not count. */
  readonly ignored: Uint16Array;
  /** By image that has any: boxes that count, and right detections among the first 1, 10, 100, summed over thresholds. */
  readonly images: Int32Array;
  readonly positives: Int32Array;
  readonly found: readonly Int32Array[];
  /** Right detections at the threshold where they are most. */
  readonly room: number;
}

interface MatchedImage {
  readonly image: number;
  /** Descending. */
  readonly scores: readonly number[];
  readonly matched: Record<Area, Matched>;
}

function rankingOf(images: readonly MatchedImage[], area: Area): Ranking {
  const [image, score, right, ignored] = [[] as number[], [] as number[], [] as number[], [] as number[]];
  const found = MOST.map(() => new Int32Array(images.length));
  images.forEach(({ image: at, scores, matched }, i) => {
    scores.forEach((value, d) => {
      const [hits, without] = [matched[area].right[d]!, matched[area].ignored[d]!];
      MOST.forEach((most, m) => {
        if (d < most) for (let bits = hits; bits > 0; bits &= bits - 1) found[m]![i]!++;
      });
      if (without === EVERY) return;
      image.push(at);
      score.push(value);
      right.push(hits);
      ignored.push(without);
    });
  });
  const order = Uint32Array.from(image.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
  return {
    image: Int32Array.from(order, (d) => image[d]!),
    right: Uint16Array.from(order, (d) => right[d]!),
    ignored: Uint16Array.from(order, (d) => ignored[d]!),
    images: Int32Array.from(images, (each) => each.image),
    positives: Int32Array.from(images, ({ matched }) => matched[area].positives),
    found,
    room: Math.max(0, ...OVERLAPS.map((_, t) => right.reduce((count, bits) => count + ((bits >> t) & 1), 0))),
  };
}

const buffers = [new Float64Array(), new Float64Array()];

/** One of two buffers that are used again and again, at least so long; what is in it is anything. */
function scratch(which: 0 | 1, length: number): Float64Array {
  if (buffers[which]!.length < length) buffers[which] = new Float64Array(2 * length);
  return buffers[which]!;
}

interface Curve {
  /** At each overlap threshold, the mean over the 101 recall levels of the interpolated precision. */
  readonly precision: Float64Array;
  /** Mean recall over the thresholds with at most 1, 10, 100 detections an image. */
  readonly recall: readonly number[];
}

/** Precision and recall of a category; undefined where no box counts. With `weights` each image is there so many times. */
function accumulate(
  { image, right, ignored, images, positives, found, room }: Ranking,
  weights: Uint8Array | null,
): Curve | undefined {
  const weighted = (counts: Int32Array): number => {
    let total = 0;
    for (let i = 0; i < counts.length; i++) total += counts[i]! * (weights ? weights[images[i]!]! : 1);
    return total;
  };
  const boxes = weighted(positives);
  if (boxes === 0) return undefined;
  // Precision is highest, and recall grows, at right detections alone: `room` of them at most at each threshold.
  const [recalls, precisions] = [scratch(0, OVERLAPS.length * room), scratch(1, OVERLAPS.length * room)];
  const points = new Int32Array(OVERLAPS.length);
  const [hits, outside] = [new Float64Array(OVERLAPS.length), new Float64Array(OVERLAPS.length)];
  let seen = 0;
  for (let d = 0; d < image.length; d++) {
    const weight = weights ? weights[image[d]!]! : 1;
    if (weight === 0) continue;
    seen += weight;
    for (let bits = ignored[d]!; bits > 0; bits &= bits - 1) outside[31 - Math.clz32(bits & -bits)]! += weight;
    for (let bits = right[d]!; bits > 0; bits &= bits - 1) {
      const t = 31 - Math.clz32(bits & -bits);
      const at = t * room + points[t]!++;
      hits[t]! += weight;
      recalls[at] = hits[t]! / boxes;
      precisions[at] = hits[t]! / (seen - outside[t]! + Number.EPSILON);
    }
  }
  const precision = Float64Array.from(points, (count, t) => {
    const [from, to] = [t * room, t * room + count];
    for (let i = to - 1; i > from; i--) if (precisions[i - 1]! < precisions[i]!) precisions[i - 1] = precisions[i]!;
    let [total, at] = [0, from];
    for (const level of RECALLS) {
      while (at < to && recalls[at]! < level) at++;
      if (at === to) break;
      total += precisions[at]!;
    }
    return total / RECALLS.length;
  });
  return { precision, recall: found.map((counts) => weighted(counts) / (OVERLAPS.length * boxes)) };
}

const keyOf = (image: number, category: number): string => `${image} ${category}`;

function grouped<T extends { readonly image: number; readonly category: number }>(
  items: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item.image, item.category);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Images in ascending order, as pycocotools takes them: equal scores keep it. */
export const imagesInOrder = ({ images }: CocoTruth): number[] => [...new Set(images)].sort((a, b) => a - b);

/**
 * Matches everything once; the result gives the twelve numbers, fractions of 1, of images that are each there as often as their
 * weight says, in the order of `imagesInOrder` (null: once). A number over no category at all (no small object anywhere) is absent.
 * `progress` is told of categories done.
 */
export function evaluateCoco(
  truth: CocoTruth,
  detections: readonly ScoredBox[],
  progress: (done: number, total: number) => void = () => undefined,
): (weights: Uint8Array | null) => CocoScores {
  const [truths, found] = [grouped(truth.boxes), grouped(detections)];
  for (const group of found.values()) {
    group.sort((a, b) => b.score - a.score);
    group.length = Math.min(group.length, MOST.at(-1)!);
  }
  const images = imagesInOrder(truth);
  const areas = Object.keys(AREAS) as Area[];
  const rankings = truth.categories.map(({ id }, done) => {
    progress(done, truth.categories.length);
    const involved = Array.from(images.keys()).filter(
      (i) => truths.has(keyOf(images[i]!, id)) || found.has(keyOf(images[i]!, id)),
    );
    const matched = involved.map((i) => {
      const key = keyOf(images[i]!, id);
      const detected = found.get(key) ?? [];
      return { image: i, scores: detected.map(({ score }) => score), matched: match(truths.get(key) ?? [], detected) };
    });
    return areas.map((area) => rankingOf(matched, area));
  });

  return (weights) => {
    const curves = Object.fromEntries(
      areas.map((area, a) => [area, rankings.flatMap((each) => accumulate(each[a]!, weights) ?? [])]),
    ) as Record<Area, Curve[]>;
    const precision = (area: Area): number => mean(curves[area].flatMap((curve) => Array.from(curve.precision)));
    const precisionAt = (t: number): number => mean(curves.all.map((curve) => curve.precision[t]!));
    const recall = (area: Area, most: number): number =>
      mean(curves[area].map((curve) => curve.recall[MOST.indexOf(most as 1 | 10 | 100)]!));
    const scores: Required<CocoScores> = {
      AP: precision('all'),
      AP50: precisionAt(0),
      AP75: precisionAt(5),
      APsmall: precision('small'),
      APmedium: precision('medium'),
      APlarge: precision('large'),
      AR1: recall('all', 1),
      AR10: recall('all', 10),
      AR100: recall('all', 100),
      ARsmall: recall('small', 100),
      ARmedium: recall('medium', 100),
      ARlarge: recall('large', 100),
    };
    return Object.fromEntries(Object.entries(scores).filter(([, value]) => !Number.isNaN(value)));
  };
}

/** The twelve numbers of the images as they are. */
export const cocoScores = (truth: CocoTruth, detections: readonly ScoredBox[]): CocoScores =>
  evaluateCoco(truth, detections)(null);
