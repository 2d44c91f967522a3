/** What is written of a metric for people: one record a family of score keys. */

export const METRIC_FIELDS = [
  'classification',
  'calibration',
  'selective prediction',
  'certified robustness',
  'regression',
  'embedding retrieval',
  'text retrieval',
  'ranking and recommendation',
  'verification',
  'clustering',
  'object detection',
  'object tracking',
  'image restoration',
  'translation',
  'sampled answers',
  'fairness',
] as const;
export type MetricField = (typeof METRIC_FIELDS)[number];

/** A shape of score keys: `{k}` stands for a whole number, `{a,b}` for either word, any other name in braces for text. */
export interface KeyPattern {
  readonly pattern: string;
  /** A few words. */
  readonly meaning: string;
}

/** Where it can be seen that the figures are those of the oracle. */
export interface Parity {
  /** A test or fixture of the repository, from its root. */
  readonly path: string;
  /** The folder under TOUCHSTONE_DATA that the test reads, where it needs one. */
  readonly data?: string;
  /** What was compared, and how close it came. */
  readonly figure: string;
}

export interface Source {
  readonly title: string;
  readonly url: string;
}

/** A case small enough for a sheet of paper. */
export interface WorkedExample {
  /** Markdown: what is given. */
  readonly given: string;
  /** Markdown: the arithmetic, with every result as a number. */
  readonly working: string;
  /** The results of the arithmetic by score key. */
  readonly results: Readonly<Record<string, number>>;
  /** The same case through the implementation: at least the keys of `results`. */
  compute(): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
}

export interface MetricPage {
  /** In the form of the score keys, e.g. `recall_at_k`. */
  readonly key: string;
  readonly title: string;
  readonly field: MetricField;
  readonly keys: readonly KeyPattern[];
  /** The benchmarks that mean this by their keys, a final `*` for any ending; every benchmark where absent. */
  readonly boards?: readonly string[];
  /** Benchmarks that mean something else by them. */
  readonly except?: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** Markdown: the definition in words. */
  readonly definition: string;
  /** TeX. */
  readonly formula: string;
  /** What a bootstrap draws again, and whether the score is a mean over it. */
  readonly resampled: string;
  readonly ties: string;
  /** What happens at the edges: what is refused, clamped or absent, and when. */
  readonly edges: readonly string[];
  /** The tool that it must equal; null where none is official. */
  readonly oracle: { readonly tool: string; readonly version: string } | null;
  readonly parity: readonly Parity[];
  /** Markdown: where other implementations differ. */
  readonly disagreements: readonly string[];
  readonly sources: readonly Source[];
  readonly example: WorkedExample;
}
