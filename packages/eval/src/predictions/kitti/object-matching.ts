/** Which detections match which objects by the rules of KITTI's object development kit, at every threshold at once. */
import {
  type Candidates,
  candidatesOf,
  DIFFICULTIES,
  type Difficulty,
  evaluatedKinds,
  OBJECT_CLASSES,
  type ObjectClass,
  type ObjectFrame,
  OVERLAP_KINDS,
  type OverlapKind,
  type Roles,
  rolesOf,
} from './object-candidates.js';

/** A score must exceed this to count at all. */
const NO_SCORE = -1e7;

/** Score and frame of the true positives where each object takes its best-scored candidate, by descending score. */
export interface MatchedScores {
  readonly score: Float64Array;
  readonly frame: Int32Array;
}

/**
 * What counts change as the threshold falls, by descending score: a frame's true and false positives and the sum of its similarities
 * at a threshold are the sums of its changes at that score and above.
 */
export interface Changes {
  readonly score: Float64Array;
  readonly frame: Int32Array;
  readonly truePositives: Int16Array;
  readonly falsePositives: Int16Array;
  readonly similarity: Float64Array;
}

/** All that a class, difficulty and kind of overlap take from the frames, whatever frames are drawn. */
export interface MatchedFrames {
  readonly objectClass: ObjectClass;
  readonly difficulty: Difficulty;
  readonly kind: OverlapKind;
  /** Ground-truth objects that count, [frames]. */
  readonly objects: Int32Array;
  readonly matched: MatchedScores;
  readonly changes: Changes;
}

/** Adds the scores of one frame; these become the thresholds. */
function addMatched({ detections }: ObjectFrame, candidates: Candidates, roles: Roles, scores: number[]): void {
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

interface Tally {
  readonly truePositives: number;
  readonly similarity: number;
  /** Taken detections that would else be false positives. */
  readonly spared: number;
}

/** One frame's matches among detections that score at least `threshold`; each object takes its greatest overlap. */
function tally({ truth, detections }: ObjectFrame, candidates: Candidates, roles: Roles, threshold: number): Tally {
  const taken = new Uint8Array(detections.n);
  let [truePositives, similarity, spared] = [0, 0, 0];
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
    if (roles.detections[chosen] === 0 && candidates.careless[chosen] === 0) spared += 1;
    if (roles.truth[i] === 1 || chosenIgnored) continue;
    truePositives += 1;
    similarity += (1 + Math.cos(truth.alpha[i]! - detections.alpha[chosen]!)) / 2;
  }
  return { truePositives, similarity, spared };
}

/** Changes of one frame at scores of at least `lowest`, below which no threshold lies. */
function addChanges(
  frame: ObjectFrame,
  candidates: Candidates,
  roles: Roles,
  lowest: number,
  add: (score: number, truePositives: number, falsePositives: number, similarity: number) => void,
): void {
  const { score, n } = frame.detections;
  for (let j = 0; j < n; j += 1)
    if (roles.detections[j] === 0 && candidates.careless[j] === 0 && score[j]! >= lowest) add(score[j]!, 0, 1, 0);
  // Only detections that some object may take change what is matched.
  const levels = new Set<number>();
  for (let i = 0; i < roles.truth.length; i += 1)
    for (let k = candidates.offsets[i]!; roles.truth[i] !== -1 && k < candidates.offsets[i + 1]!; k += 1) {
      const j = candidates.detections[k]!;
      if (roles.detections[j] !== -1 && score[j]! >= lowest) levels.add(score[j]!);
    }
  let before: Tally = { truePositives: 0, similarity: 0, spared: 0 };
  for (const level of [...levels].sort((a, b) => b - a)) {
    const now = tally(frame, candidates, roles, level);
    add(
      level,
      now.truePositives - before.truePositives,
      before.spared - now.spared,
      now.similarity - before.similarity,
    );
    before = now;
  }
}

/**
 * Matches of every class, difficulty and kind of overlap that the detections have boxes for.
 *
 * @param frames ground truth and detections, frame by frame; every frame of the split, also empty ones.
 * @param progress told of frames done out of all.
 */
export function matchObjects(
  frames: readonly ObjectFrame[],
  progress: (done: number, total: number) => void = () => undefined,
): MatchedFrames[] {
  const kinds = evaluatedKinds(frames);
  const steps = frames.length + OBJECT_CLASSES.length * DIFFICULTIES.length;
  const candidates = frames.map((frame, f) => {
    if (f % 100 === 0) progress(f, steps);
    return candidatesOf(frame);
  });
  let done = frames.length;
  const found: MatchedFrames[] = [];
  for (const objectClass of OBJECT_CLASSES)
    for (const difficulty of DIFFICULTIES) {
      progress(done, steps);
      done += 1;
      const evaluated = OVERLAP_KINDS.filter((kind) => kinds[objectClass][kind]);
      if (evaluated.length === 0) continue;
      const roles = frames.map((frame) => rolesOf(frame, objectClass, difficulty));
      const objects = Int32Array.from(roles, (each) => each.objects);
      // Without a detection of the class a frame adds neither true nor false positives.
      const active = Array.from(frames.keys()).filter((f) => roles[f]!.detections.includes(0));
      for (const kind of evaluated) {
        const own = candidates.map((each) => each[kind]);
        const matched = matchedFrames(frames, own, roles, active);
        const changes = changesOf(frames, own, roles, active, matched.score.at(-1) ?? Infinity);
        found.push({ objectClass, difficulty, kind, objects, matched, changes });
      }
    }
  progress(steps, steps);
  return found;
}

function matchedFrames(
  frames: readonly ObjectFrame[],
  candidates: readonly Candidates[],
  roles: readonly Roles[],
  active: readonly number[],
): MatchedScores {
  const [scores, owners] = [[] as number[], [] as number[]];
  for (const f of active) {
    addMatched(frames[f]!, candidates[f]!, roles[f]!, scores);
    while (owners.length < scores.length) owners.push(f);
  }
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return {
    score: Float64Array.from(order, (at) => scores[at]!),
    frame: Int32Array.from(order, (at) => owners[at]!),
  };
}

function changesOf(
  frames: readonly ObjectFrame[],
  candidates: readonly Candidates[],
  roles: readonly Roles[],
  active: readonly number[],
  lowest: number,
): Changes {
  const [score, frame] = [[] as number[], [] as number[]];
  const [truePositives, falsePositives, similarity] = [[] as number[], [] as number[], [] as number[]];
  for (const f of active)
    addChanges(frames[f]!, candidates[f]!, roles[f]!, lowest, (level, right, wrong, alike) => {
      score.push(level);
      frame.push(f);
      truePositives.push(right);
      falsePositives.push(wrong);
      similarity.push(alike);
    });
  const order = Uint32Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
  return {
    score: Float64Array.from(order, (at) => score[at]!),
    frame: Int32Array.from(order, (at) => frame[at]!),
    truePositives: Int16Array.from(order, (at) => truePositives[at]!),
    falsePositives: Int16Array.from(order, (at) => falsePositives[at]!),
    similarity: Float64Array.from(order, (at) => similarity[at]!),
  };
}
