/** 3D multi-object tracking by the rules of AB3DMOT: CLEAR MOT at the best threshold, and averaged over recall. */
import {
  averageAgain,
  onePass,
  sequenceOf,
  startOf,
  type State,
  type TrackingClass,
  type TrackingCounts,
  type TrackingSequence,
} from './tracking-matching.js';

const RECALL_POINTS = 40;
const ALL_TRACKS = -10_000;

export interface TrackingScores {
  /** Averages over 40 recall points; a point that is not reached counts 0. Absent where no object counts. */
  readonly samota: number | undefined;
  readonly amota: number | undefined;
  readonly amotp: number | undefined;
  /** Counts at the threshold of the greatest MOTA, or of all tracks where no MOTA exceeds 0. */
  readonly best: TrackingCounts;
  /** Least mean score of a track at that threshold; −10,000 for all tracks. */
  readonly threshold: number;
}

export const motaOf = (counts: TrackingCounts): number =>
  1 - (counts.falseNegatives + counts.falsePositives + counts.idSwitches) / counts.objects;

/** Mean overlap of matched pairs, 0 where nothing is matched. */
export const motpOf = ({ overlap, truePositives }: TrackingCounts): number =>
  truePositives === 0 ? 0 : overlap / truePositives;

/** MOTA scaled to what is possible at that recall, within [0, 1] (AB3DMOT, equation 9). */
export function scaledMota(counts: TrackingCounts, recall: number): number {
  const { objects, falseNegatives, falsePositives, idSwitches } = counts;
  const excess = falseNegatives + falsePositives + idSwitches - (1 - recall) * objects;
  return Math.min(1, Math.max(0, 1 - excess / (recall * objects)));
}

/** A threshold and the recall that it stands for. */
export interface RecallPoint {
  readonly score: number;
  readonly recall: number;
}

/** Scores where recall comes closest to steps of 1/40, from 1/40 on, with those recalls. */
export function trackingThresholds(matched: readonly number[], objects: number): RecallPoint[] {
  const scores = Float64Array.from(matched).sort().reverse();
  const points: RecallPoint[] = [];
  let recall = 0;
  scores.forEach((score, i) => {
    const last = i === scores.length - 1;
    const left = (i + 1) / objects;
    const right = last ? left : (i + 2) / objects;
    if (!last && right - recall < recall - left) return;
    points.push({ score, recall });
    recall += 1 / RECALL_POINTS;
  });
  return points.slice(1);
}

/** Sums over sequences, each as often as its weight says (null: once). */
function added(counts: readonly TrackingCounts[], weights: Uint8Array | null): TrackingCounts {
  const keys = Object.keys(counts[0]!) as (keyof TrackingCounts)[];
  return Object.fromEntries(
    keys.map((key) => [key, counts.reduce((total, each, s) => total + (weights ? weights[s]! : 1) * each[key], 0)]),
  ) as unknown as TrackingCounts;
}

/** Scores of the sequences, each there as often as its weight says (null: once). */
export type WeightedTracking = (weights: Uint8Array | null) => TrackingScores;

/**
 * Counts one class at every threshold; undefined where no result is of it. Weights leave the thresholds where they are, and choose
 * the best of them anew.
 *
 * @param least overlap in space from which a pair may match.
 * @param progress told of passes done out of all.
 * @param given thresholds to take in the place of the sequences' own.
 */
export function trackClass(
  input: readonly TrackingSequence[],
  name: TrackingClass,
  least: number,
  progress: (done: number, total: number) => void = () => undefined,
  given?: readonly RecallPoint[],
): (WeightedTracking & { readonly points: readonly RecallPoint[] }) | undefined {
  const sequences = input.map((sequence) => sequenceOf(sequence, name, least));
  if (sequences.every(({ tracks }) => tracks.length === 0)) return undefined;
  const states = sequences.map(startOf);
  const passAt = (from: readonly State[], threshold: number) =>
    sequences.map((sequence, s) => onePass(sequence, from[s]!, threshold));
  const again = (): void => sequences.forEach((sequence, s) => averageAgain(sequence, states[s]!));

  const first = passAt(states, ALL_TRACKS);
  const all = added(
    first.map(({ counts }) => counts),
    null,
  );
  const points =
    given ??
    trackingThresholds(
      first.flatMap(({ scores }) => scores),
      all.truePositives + all.falseNegatives,
    );
  const passes = points.map(({ score }, p) => {
    progress(p + 1, points.length + 2);
    again();
    return passAt(states, score).map(({ counts }) => counts);
  });
  again();
  // The script counts once more at the threshold that it has chosen, with what all passes left behind.
  const finals = new Map<number, readonly TrackingCounts[]>();
  const finalAt = (threshold: number): readonly TrackingCounts[] => {
    const known = finals.get(threshold);
    if (known) return known;
    const copies = states.map(({ scores, everMatched }) => ({ scores, everMatched: everMatched.slice() }));
    const counts = passAt(copies, threshold).map((pass) => pass.counts);
    finals.set(threshold, counts);
    return counts;
  };

  const scoresOf: WeightedTracking = (weights) => {
    let [samota, amota, amotp] = [0, 0, 0];
    let [bestMota, threshold] = [0, ALL_TRACKS];
    points.forEach(({ score, recall }, p) => {
      const counts = added(passes[p]!, weights);
      const mota = motaOf(counts);
      samota += scaledMota(counts, recall);
      amota += mota;
      amotp += motpOf(counts);
      if (mota > bestMota) [bestMota, threshold] = [mota, score];
    });
    const best = added(finalAt(threshold), weights);
    const none = best.objects === 0;
    return {
      samota: none ? undefined : samota / RECALL_POINTS,
      amota: none ? undefined : amota / RECALL_POINTS,
      amotp: none ? undefined : amotp / RECALL_POINTS,
      best,
      threshold,
    };
  };
  progress(points.length + 2, points.length + 2);
  return Object.assign(scoresOf, { points });
}

/** Scores one class of the sequences as they are; undefined where no result is of it. */
export const evaluateTracking = (
  input: readonly TrackingSequence[],
  name: TrackingClass,
  least: number,
): TrackingScores | undefined => trackClass(input, name, least)?.(null);
