/** The predictions track: what people send who trained elsewhere, and the protocol that scores it. */
import type { MetricOutput } from '../core/types.js';
import type { InputTree } from './input.js';

/** One kind of file that a protocol reads, for `score --formats`, the upload page and error messages. */
export interface FileNote {
  /** What it holds, e.g. `probabilities`. */
  readonly name: string;
  /** E.g. `.npy`, `.csv`, `folder of .txt`. */
  readonly formats: readonly string[];
  /** Shape, columns, units, order; one or two sentences. */
  readonly contents: string;
  /** A few lines as a person would write them. */
  readonly example: string;
  readonly optional?: true;
}

export interface ScoreContext {
  /** Each path given with `--predictions`, opened, in order. */
  readonly predictions: readonly InputTree[];
  /** Each path given with `--labels`; empty where the labels come from the data folders. */
  readonly labels: readonly InputTree[];
  /** The folder of that name under TOUCHSTONE_DATA or the own data directory. Throws DATASET_MISSING. */
  dataFolder(name: string): string;
  /** Told as work goes on; `what` names the phase. Throws CANCELLED when the caller gave up. */
  progress(done: number, total: number, what: string): void;
}

export interface ScoreReport {
  /** By score key; a value that does not exist (no example of a class) is absent, never a number. */
  readonly scores: Readonly<Record<string, number>>;
  /** What was counted: examples, queries, frames, objects … */
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** Per resampling unit, for the keys that decompose: float64 [units]; NaN for a unit that does not count. */
  readonly outcomes: Readonly<Record<string, Float64Array>>;
  /** Name of each unit, where units have names. */
  readonly units?: readonly string[];
  /** Class (or other group) of each unit, by which differences are broken down. */
  readonly groups?: readonly string[];
  /**
   * What is drawn as a whole where units are not independent, one name a unit: the class of each query where queries of a class share
   * their gallery, the sequence of each frame. Absent: every unit by itself.
   */
  readonly clusters?: readonly string[];
  /**
   * How scores that are no mean over units come out when the units are drawn again. A key may have outcomes too, which then say
   * how the score comes about (which items a matching got right), while intervals are those of the weighted score.
   */
  readonly reweigh?: Reweighing;
}

/** Scores of a weighted test set: what bootstrap intervals of areas, corpus measures and correlations are made from. */
export interface Reweighing {
  readonly keys: readonly string[];
  /**
   * Number of units, each of which is drawn or not as a whole. Where the report names as many, they are those; else (pairs of faces
   * beside folds, items beside queries) they go by position.
   */
  readonly units: number;
  /**
   * The scores of `keys` with each unit counted weights[unit] times, or once each for null. A score that does not exist under these
   * weights is NaN. Called 1,000 times: what does not depend on the weights is computed before.
   */
  scores(weights: Uint8Array | null): Readonly<Record<string, number>>;
}

export interface PredictionProtocol {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown: the protocol, the official tool and its version, tie rules, known disagreements. */
  readonly page: string;
  readonly primary: string;
  /** Every score key that it can give; a key with a number in it stands for its family, e.g. `recall_at_1`. */
  readonly outputs: readonly MetricOutput[];
  /** What is resampled for intervals. */
  readonly resampling: 'image' | 'query' | 'sequence' | 'bag' | 'fold' | 'none';
  /** For `fold`: test size over training size of one fold; 1/(folds − 1), as in cross-validation, unless given. */
  readonly testTrainRatio?: number;
  readonly oracle?: { readonly tool: string; readonly version: string };
  readonly predictions: readonly FileNote[];
  readonly labels: readonly FileNote[];
  /** Folders under TOUCHSTONE_DATA that hold the official labels. */
  readonly datasets: readonly string[];
  score(context: ScoreContext): Promise<ScoreReport>;
}
