/** Average precision and recall of boxes as pycocotools computes them. Source: cocodataset/cocoapi@8c9bcc3, cocoeval.py. */
import type { Box, CocoTruth, ScoredBox, TrueBox } from '../formats/coco.js';

/** start + i·(stop − start)/(n − 1): the very floats of numpy.linspace, which thresholds are compared as. */
const linspace = (start: number, stop: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => (i === n - 1 ? stop : start + i * ((stop - start) / (n - 1))));

const OVERLAPS = linspace(0.5, 0.95, 10);
const RECALLS = linspace(0, 1, 101);
const MOST = [1, 10, 100] as const;
const AREAS = { all: [0, 1e10], small: [0, 32 ** 2], medium: [32 ** 2, 96 ** 2], large: [96 ** 2, 1e10] } as const;
type Area = keyof typeof AREAS;

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
interface Matched {
  readonly scores: readonly number[];
  /** By overlap threshold, then detection: 1 matched, 0 not. */
  readonly matched: readonly Uint8Array[];
  readonly ignored: readonly Uint8Array[];
  /** Boxes that count. */
  readonly positives: number;
}

function match(truths: readonly TrueBox[], detections: readonly ScoredBox[], area: Area): Matched {
  const [low, high] = AREAS[area];
  const outside = (size: number): boolean => size < low || size > high;
  // Boxes that do not count come last, and a detection turns to them only if none that counts will have it.
  const order = truths
    .map((truth) => ({ truth, ignore: truth.crowd || outside(truth.area) }))
    .sort((a, b) => Number(a.ignore) - Number(b.ignore));
  const overlaps = detections.map(({ box }) => order.map(({ truth }) => boxOverlap(box, truth.box, truth.crowd)));
  const matched = OVERLAPS.map(() => new Uint8Array(detections.length));
  const ignored = OVERLAPS.map(() => new Uint8Array(detections.length));
  OVERLAPS.forEach((threshold, t) => {
    const taken = new Uint8Array(order.length);
    detections.forEach(({ box }, d) => {
      let best = Math.min(threshold, 1 - 1e-10);
      let found = -1;
      for (let g = 0; g < order.length; g++) {
        if (taken[g] && !order[g]!.truth.crowd) continue;
        if (found >= 0 && !order[found]!.ignore && order[g]!.ignore) break;
        if (overlaps[d]![g]! < best) continue;
        best = overlaps[d]![g]!;
        found = g;
      }
      if (found >= 0) {
        taken[found] = 1;
        matched[t]![d] = 1;
        ignored[t]![d] = Number(order[found]!.ignore);
      } else ignored[t]![d] = Number(outside(box[2] * box[3]));
    });
  });
  return {
    scores: detections.map(({ score }) => score),
    matched,
    ignored,
    positives: order.filter(({ ignore }) => !ignore).length,
  };
}

interface Curve {
  /** Mean over the 101 recall levels of the interpolated precision. */
  readonly precision: number;
  readonly recall: number;
}

/** Precision and recall at each overlap threshold; undefined for a category without a box that counts. */
function accumulate(images: readonly Matched[], most: number): Curve[] | undefined {
  const positives = images.reduce((total, image) => total + image.positives, 0);
  if (positives === 0) return undefined;
  const all = images.flatMap((image) => image.scores.slice(0, most).map((score, d) => ({ score, image, d })));
  all.sort((a, b) => b.score - a.score);
  return OVERLAPS.map((_, t) => {
    const recalls: number[] = [];
    const precisions: number[] = [];
    let [right, wrong] = [0, 0];
    for (const { image, d } of all) {
      if (!image.ignored[t]![d]) {
        if (image.matched[t]![d]) right++;
        else wrong++;
      }
      recalls.push(right / positives);
      precisions.push(right / (right + wrong + Number.EPSILON));
    }
    for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
    let total = 0;
    let at = 0;
    for (const level of RECALLS) {
      while (at < recalls.length && recalls[at]! < level) at++;
      if (at < precisions.length) total += precisions[at]!;
    }
    return { precision: total / RECALLS.length, recall: recalls.at(-1) ?? 0 };
  });
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

/**
 * The twelve numbers, fractions of 1. A number over no category at all (no small object anywhere) is absent.
 * `progress` is told of categories done.
 */
export function cocoScores(
  truth: CocoTruth,
  detections: readonly ScoredBox[],
  progress: (done: number, total: number) => void = () => undefined,
): Partial<Record<(typeof COCO_KEYS)[number], number>> {
  const [truths, found] = [grouped(truth.boxes), grouped(detections)];
  for (const group of found.values()) {
    group.sort((a, b) => b.score - a.score);
    group.length = Math.min(group.length, MOST.at(-1)!);
  }
  // Images in ascending order, as pycocotools takes them: equal scores keep it.
  const images = [...new Set(truth.images)].sort((a, b) => a - b);
  const curves: Record<Area, Map<number, Curve[][]>> = {
    all: new Map(),
    small: new Map(),
    medium: new Map(),
    large: new Map(),
  };
  for (const most of MOST) for (const area of Object.keys(AREAS) as Area[]) curves[area].set(most, []);
  truth.categories.forEach(({ id }, done) => {
    progress(done, truth.categories.length);
    const involved = images.filter((image) => truths.has(keyOf(image, id)) || found.has(keyOf(image, id)));
    for (const area of Object.keys(AREAS) as Area[]) {
      const matched = involved.map((image) =>
        match(truths.get(keyOf(image, id)) ?? [], found.get(keyOf(image, id)) ?? [], area),
      );
      for (const most of MOST) {
        const curve = accumulate(matched, most);
        if (curve) curves[area].get(most)!.push(curve);
      }
    }
  });
  const precision = (area: Area, thresholds: readonly number[]): number =>
    mean(curves[area].get(100)!.flatMap((curve) => thresholds.map((t) => curve[t]!.precision)));
  const recall = (area: Area, most: number): number =>
    mean(curves[area].get(most)!.flatMap((curve) => curve.map((at) => at.recall)));
  const every = OVERLAPS.map((_, t) => t);
  const scores: Record<(typeof COCO_KEYS)[number], number> = {
    AP: precision('all', every),
    AP50: precision('all', [0]),
    AP75: precision('all', [5]),
    APsmall: precision('small', every),
    APmedium: precision('medium', every),
    APlarge: precision('large', every),
    AR1: recall('all', 1),
    AR10: recall('all', 10),
    AR100: recall('all', 100),
    ARsmall: recall('small', 100),
    ARmedium: recall('medium', 100),
    ARlarge: recall('large', 100),
  };
  return Object.fromEntries(Object.entries(scores).filter(([, value]) => !Number.isNaN(value)));
}
