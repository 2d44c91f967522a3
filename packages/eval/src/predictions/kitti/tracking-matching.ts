/** What one sequence counts at a threshold by the rules of AB3DMOT's evaluation of 3D multi-object tracking. */
import { type KittiTracks, type KittiType, kittiType } from '../formats/kitti.js';
import { matchPairs } from './assignment.js';
import { groundArea, imageOverlap, sharedGround, spaceOverlap } from './geometry.js';

export const TRACKING_CLASSES = ['car', 'pedestrian', 'cyclist'] as const;
export type TrackingClass = (typeof TRACKING_CLASSES)[number];

/** Types read for a class besides its own: matched, never counted. */
const NEIGHBOUR: Record<TrackingClass, KittiType | undefined> = {
  car: 'van',
  pedestrian: 'person_sitting',
  cyclist: undefined,
};
/** Unmatched results this low (pixels) or lower do not count. */
const MIN_HEIGHT = 25;
const MAX_OCCLUSION = 2;
const MAX_TRUNCATION = 0;
/** Share of a result's image box inside a DontCare area above which it does not count. */
const CARELESS = 0.5;

export interface TrackingSequence {
  readonly frames: number;
  readonly truth: KittiTracks;
  readonly results: KittiTracks;
}

/** Counts at one threshold. Matched boxes count as true positives also where they are ignored, as in the script. */
export interface TrackingCounts {
  readonly objects: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly idSwitches: number;
  readonly fragmentations: number;
  readonly mostlyTracked: number;
  readonly mostlyLost: number;
  /** Trajectories that are not ignored throughout. */
  readonly trajectories: number;
  /** Sum of the overlaps of matched pairs. */
  readonly overlap: number;
}

interface Frame {
  /** Rows of the ground truth, of the results. */
  readonly truth: Int32Array;
  readonly results: Int32Array;
  /** 1 − overlap, [truth, results]; NaN below the limit. */
  readonly cost: Float64Array;
  /** 1 for results that do not count unless matched. */
  readonly careless: Uint8Array;
}

export interface Sequence extends TrackingSequence {
  readonly byFrame: readonly Frame[];
  readonly ignored: Uint8Array;
  /** Rows of each result track, by frame. */
  readonly tracks: readonly { readonly id: number; readonly rows: readonly number[] }[];
}

/** One class of a sequence, its overlaps computed; `least` is the overlap in space from which a pair may match. */
export function sequenceOf(sequence: TrackingSequence, name: TrackingClass, least: number): Sequence {
  const { truth, results, frames } = sequence;
  const own = kittiType(name);
  const neighbour = NEIGHBOUR[name] === undefined ? -1 : kittiType(NEIGHBOUR[name]);
  const careCode = kittiType('dontcare');
  const listed = (tracks: KittiTracks, wanted: (type: number, i: number) => boolean): number[][] => {
    const lists: number[][] = Array.from({ length: frames }, () => []);
    for (let i = 0; i < tracks.n; i += 1) if (wanted(tracks.type[i]!, i)) lists[tracks.frame[i]!]?.push(i);
    return lists;
  };
  const ofClass =
    (tracks: KittiTracks) =>
    (type: number, i: number): boolean =>
      (type === own || type === neighbour) && tracks.id[i] !== -1;
  const truthRows = listed(truth, ofClass(truth));
  const resultRows = listed(results, ofClass(results));
  const careRows = listed(truth, (type) => type === careCode);
  const byFrame = truthRows.map((rows, f) => {
    const found = resultRows[f]!;
    const cost = new Float64Array(rows.length * found.length);
    rows.forEach((i, r) =>
      found.forEach((j, c) => {
        const shared = groundArea(truth, i) > 0 ? sharedGround(truth, i, results, j) : 0;
        const value = 1 - spaceOverlap(shared, truth, i, results, j, 'union');
        cost[r * found.length + c] = value <= 1 - least ? value : NaN;
      }),
    );
    const careless = Uint8Array.from(found, (j) => {
      const height = Math.abs(results.image[4 * j + 1]! - results.image[4 * j + 3]!);
      if (results.type[j] === neighbour || height <= MIN_HEIGHT) return 1;
      return Number(careRows[f]!.some((i) => imageOverlap(results, j, truth, i, 'first') > CARELESS));
    });
    return { truth: Int32Array.from(rows), results: Int32Array.from(found), cost, careless };
  });
  const tracks = new Map<number, number[]>();
  for (const rows of resultRows)
    for (const i of rows) {
      const list = tracks.get(results.id[i]!);
      if (list) list.push(i);
      else tracks.set(results.id[i]!, [i]);
    }
  return {
    ...sequence,
    byFrame,
    ignored: Uint8Array.from(truth.type, (type, i) =>
      Number(type === neighbour || truth.occlusion[i]! > MAX_OCCLUSION || truth.truncation[i]! > MAX_TRUNCATION),
    ),
    tracks: [...tracks].map(([id, rows]) => ({ id, rows })),
  };
}

/** What one ground-truth track was matched to, frame by frame where it exists; −1 is nothing. */
export interface Trajectory {
  readonly matches: number[];
  readonly ignored: boolean[];
}

/** Identity switches, fragmentations, and the share of frames tracked of one trajectory. */
export function followTrajectory({ matches, ignored }: Trajectory): {
  idSwitches: number;
  fragmentations: number;
  share: number;
} {
  let [idSwitches, fragmentations] = [0, 0];
  let last = matches[0]!;
  let tracked = Number(last !== -1);
  for (let f = 1; f < matches.length; f += 1) {
    const [before, now, next] = [matches[f - 1]!, matches[f]!, matches[f + 1]];
    if (ignored[f]) {
      last = -1;
      continue;
    }
    if (last !== now && last !== -1 && now !== -1 && before !== -1) idSwitches += 1;
    if (next !== undefined && before !== now && last !== -1 && now !== -1 && next !== -1) fragmentations += 1;
    if (now !== -1) {
      tracked += 1;
      last = now;
    }
    // At the end there is no next frame, and `last` is already this one.
    if (next === undefined && before !== now && last !== -1 && now !== -1) fragmentations += 1;
  }
  return { idSwitches, fragmentations, share: tracked / ignored.filter((each) => !each).length };
}

/** What outlasts a pass. */
export interface State {
  /** Mean score, [track]. */
  readonly scores: Float64Array;
  /** 1 for results that some pass has matched, [results]: from then on an unmatched one is always a false positive. */
  readonly everMatched: Uint8Array;
}

export interface Pass {
  readonly counts: TrackingCounts;
  /** Mean score of the track of every match. */
  readonly scores: number[];
}

export function startOf({ results, tracks }: Sequence): State {
  return {
    scores: Float64Array.from(
      tracks,
      ({ rows }) => rows.reduce((total, i) => total + results.score[i]!, 0) / rows.length,
    ),
    everMatched: new Uint8Array(results.n),
  };
}

/** Counts of the tracks whose mean score is at least `threshold`; `state.everMatched` grows. */
export function onePass(sequence: Sequence, state: State, threshold: number): Pass {
  const matchedScores: number[] = [];
  let [objects, truePositives, falsePositives, falseNegatives, overlap] = [0, 0, 0, 0, 0];
  let [idSwitches, fragmentations, mostlyTracked, mostlyLost, trajectories] = [0, 0, 0, 0, 0];
  const { truth, results, byFrame, ignored } = sequence;
  const { scores, everMatched } = state;
  const scoreOf = new Map(sequence.tracks.map(({ id }, t) => [id, scores[t]!]));
  const followed = new Map<number, Trajectory>();
  for (const frame of byFrame) {
    const kept = Array.from(frame.results.keys()).filter(
      (c) => !(scoreOf.get(results.id[frame.results[c]!]!)! < threshold),
    );
    const [rows, columns, all] = [frame.truth.length, kept.length, frame.results.length];
    const cost = new Float64Array(rows * columns);
    for (let r = 0; r < rows; r += 1)
      for (let c = 0; c < columns; c += 1) cost[r * columns + c] = frame.cost[r * all + kept[c]!]!;
    const matches = matchPairs(cost, rows, columns);
    const taken = new Uint8Array(all);
    matches.forEach((column, r) => {
      const i = frame.truth[r]!;
      const skipped = ignored[i] === 1;
      if (!skipped) objects += 1;
      const trajectory = followed.get(truth.id[i]!) ?? { matches: [], ignored: [] };
      followed.set(truth.id[i]!, trajectory);
      trajectory.ignored.push(skipped);
      if (column < 0) {
        trajectory.matches.push(-1);
        if (!skipped) falseNegatives += 1;
        return;
      }
      const c = kept[column]!;
      const id = results.id[frame.results[c]!]!;
      trajectory.matches.push(id);
      taken[c] = 1;
      everMatched[frame.results[c]!] = 1;
      truePositives += 1;
      overlap += 1 - frame.cost[r * all + c]!;
      matchedScores.push(scoreOf.get(id)!);
    });
    for (const c of kept)
      if (taken[c] === 0 && (frame.careless[c] === 0 || everMatched[frame.results[c]!] === 1)) falsePositives += 1;
  }
  for (const trajectory of followed.values()) {
    if (trajectory.ignored.every(Boolean)) continue;
    trajectories += 1;
    if (trajectory.matches.every((id) => id === -1)) {
      mostlyLost += 1;
      continue;
    }
    const found = followTrajectory(trajectory);
    idSwitches += found.idSwitches;
    fragmentations += found.fragmentations;
    if (found.share > 0.8) mostlyTracked += 1;
    else if (found.share < 0.2) mostlyLost += 1;
  }
  return {
    counts: {
      objects,
      truePositives,
      falsePositives,
      falseNegatives,
      idSwitches,
      fragmentations,
      mostlyTracked,
      mostlyLost,
      trajectories,
      overlap,
    },
    scores: matchedScores,
  };
}

/** The mean of equal numbers by repeated addition differs in its last bit now and then; the script lives with it. */
export function averageAgain({ tracks }: Sequence, { scores }: State): void {
  tracks.forEach(({ rows }, t) => {
    let total = 0;
    for (let k = 0; k < rows.length; k += 1) total += scores[t]!;
    scores[t] = total / rows.length;
  });
}
