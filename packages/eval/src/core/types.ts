/**
 * The records of evaluation: dataset, metric, benchmark, variant, run, receipt.
 * A run is a pure function of (benchmark version, variant, seed, dataset revision, kernel plan).
 */
import type { Slot } from '@touchstone/losses/meta';
import type { z } from 'zod';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

// -- datasets ---------------------------------------------------------------------------------------

export interface DatasetSource {
  /** File name inside the dataset's own folder. */
  readonly file: string;
  readonly url?: string;
  /** Length of the decompressed content. */
  readonly bytes?: number;
  /** Lower-case hex SHA-256 of the *decompressed* content: a repacked gz is the same data. */
  readonly sha256: string;
}

/** Features are row-major float32 [n, …shape]; labels are class positions. */
export interface LoadedDataset {
  readonly n: number;
  readonly shape: readonly number[];
  readonly features: Float32Array;
  readonly labels: Int32Array;
  readonly classNames: readonly string[];
}

export interface DatasetDefinition {
  readonly key: string;
  readonly revision: string;
  readonly title: string;
  readonly summary: string;
  readonly licence: {
    readonly name: string;
    readonly url?: string;
    readonly redistributable: boolean;
    readonly mustAccept: boolean;
  };
  readonly citation: string;
  /** The folder name looked for under each TOUCHSTONE_DATA directory. */
  readonly folder: string;
  readonly bundled: boolean;
  readonly sources: readonly DatasetSource[];
  /** How a person gets it when `data pull` cannot. */
  readonly howToGet: string;
  readonly items: number;
  readonly classes: number;
  load(locate: (file: string) => string): Promise<LoadedDataset>;
}

export type DatasetState = 'BUNDLED' | 'PRESENT' | 'DOWNLOADABLE' | 'MISSING' | 'CORRUPT';

// -- metrics ----------------------------------------------------------------------------------------

export interface MetricOutput {
  /** Score key, e.g. `map_at_r`. */
  readonly key: string;
  readonly title: string;
  readonly direction: 'higher' | 'lower';
  readonly unit: string;
  readonly range: readonly [number, number];
  /** Ranks compare means quantised to this step. */
  readonly precision: number;
}

export interface MetricInputs {
  /** [n, classes] row-major probabilities (float64), for classification. */
  readonly probabilities?: Float64Array;
  /** [n, dim] row-major embeddings, for retrieval. */
  readonly embeddings?: Float32Array;
  readonly labels: Int32Array;
  readonly n: number;
  readonly width: number;
}

export interface MetricResult {
  readonly scores: Readonly<Record<string, number>>;
  /** Per resampling unit, for the keys that decompose: float64 [units]. */
  readonly outcomes: Readonly<Record<string, Float64Array>>;
}

export interface MetricDefinition {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  /** What it computes, ties, empty input and NaN included; markdown. */
  readonly description: string;
  readonly inputs: 'probabilities' | 'embeddings';
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly outputs: readonly MetricOutput[];
  readonly resampling: 'image' | 'query' | 'sequence' | 'bag' | 'fold' | 'none';
  readonly oracle?: { readonly tool: string; readonly version: string };
  compute(inputs: MetricInputs): MetricResult;
}

// -- benchmarks -------------------------------------------------------------------------------------

export type Scale = 'FULL' | 'REDUCED' | 'PROXY' | 'SMOKE';
export type Task = 'classification' | 'retrieval';
export type Division = 'PLATFORM_TUNED' | 'PUBLISHED_DEFAULTS' | 'OPEN';
export type Claim = 'REPORTED' | 'SUBMITTED' | 'RERUN';

export interface ComponentRef {
  readonly method: string;
  readonly version: number;
  /** Complete: defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>;
}

/** The common space, on a log scale each. Every entry draws the same points of one scrambled Sobol sequence. */
export interface CommonSpace {
  readonly learningRate: { readonly low: number; readonly high: number; readonly default: number };
  readonly weightDecay: { readonly low: number; readonly high: number; readonly default: number };
  /** ≤ 12. */
  readonly trials: number;
}

/** The frozen protocol: everything that can move a number, JSON, hashed. No title, no prose. */
export interface Protocol {
  readonly schema: 1;
  readonly key: string;
  readonly version: number;
  readonly track: 'train' | 'predictions';
  readonly task: Task;
  readonly scale: Scale;
  readonly fidelity: 'OFFICIAL' | `VARIANT(${string})`;
  readonly datasets: readonly { readonly key: string; readonly revision: string; readonly sha256: readonly string[] }[];
  /** How indices are chosen; `sha256` fixes the resulting index lists. Validation is class-disjoint where the test classes are unseen. */
  readonly split: {
    readonly rule: string;
    readonly train: number;
    readonly val: number;
    readonly test: number;
    readonly sha256: string;
  };
  readonly features: JsonValue;
  readonly model: {
    readonly kind: 'mlp' | 'linear';
    readonly hidden: readonly number[];
    readonly embeddingDim: number;
    readonly initialisation: 'heNormal' | 'glorotUniform' | 'pca';
  };
  readonly optimiser: {
    readonly kind: 'adam' | 'adamw' | 'sgd';
    readonly momentum?: number;
    readonly schedule: 'constant' | 'cosine';
  };
  /** The seed under which PLATFORM_TUNED points are tried; never one of `seeds`. */
  readonly tuningSeed: number;
  readonly steps: number;
  readonly batch:
    | { readonly kind: 'uniform'; readonly size: number }
    | { readonly kind: 'pk'; readonly classes: number; readonly perClass: number };
  readonly augmentation: 'none';
  readonly seeds: readonly number[];
  readonly backend: 'wasm' | 'webgpu';
  readonly metrics: readonly { readonly key: string; readonly version: number }[];
  readonly primary: string;
  /** The slot this board ranks; one slot a board. */
  readonly slot: Slot;
  /** Every slot a variant may fill, with the protocol's default for it. */
  readonly accepts: Readonly<Partial<Record<Slot, ComponentRef>>>;
  /** What stands in the other slots that training needs; no variant changes it. */
  readonly fixed: Readonly<Partial<Record<Slot, ComponentRef>>>;
  readonly space: CommonSpace;
  /** Only in the predictions track: what is sent may bring labels of its own, although there are official ones. */
  readonly ownLabels?: true;
  /** Only in the predictions track: every score that a run may have, without its title. */
  readonly outputs?: readonly Pick<MetricOutput, 'key' | 'direction' | 'unit' | 'precision'>[];
  /** Only in the predictions track: what is resampled for intervals. */
  readonly resampling?: MetricDefinition['resampling'];
  /** Only in the predictions track: the board takes published numbers with their source, and nothing is scored here. */
  readonly reportedOnly?: true;
}

export interface BenchmarkDefinition {
  readonly protocol: Protocol;
  readonly title: string;
  readonly summary: string;
  /** Markdown: purpose, protocol in words, what the paper claims and what we find, known limits. */
  readonly page: string;
  readonly paper?: string;
  /** The entry that the others are compared with, as a component of the ranked slot. */
  readonly baseline: ComponentRef;
  readonly ceiling?: { readonly value: number; readonly source: string };
  /** Smallest difference of the primary that this protocol detects with 80 % power; null until measured. */
  readonly resolution: number | null;
  readonly references: readonly string[];
}

// -- variants, runs, receipts -----------------------------------------------------------------------

/** 'tuned': the platform chooses the point by validation; otherwise the point as given. */
export type Space = 'tuned' | Readonly<{ learningRate: number; weightDecay: number }>;

/** Complete and canonical: hashing it names the entry. `untrained` runs skip training. */
export interface Variant {
  readonly components: Readonly<Partial<Record<Slot, ComponentRef>>>;
  readonly space: Space;
  readonly untrained?: true;
  /** Only in the predictions track: the files that were sent, in order, by content. */
  readonly predictions?: {
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
  };
  /** Only of claim REPORTED: what was published where. Two rows that differ in one of the three are two rows. */
  readonly reported?: {
    readonly name: string;
    readonly url: string;
    /** In ascending order of the keys. */
    readonly scores: readonly { readonly key: string; readonly value: number }[];
  };
}

/** What a person writes; `resolveVariant` completes and checks it. */
export interface VariantInput {
  readonly method?: string;
  readonly params?: Readonly<Record<string, JsonValue>>;
  /** Further slots: { layer: { method: 'gelu', params: {} } }. */
  readonly slots?: Readonly<
    Partial<Record<Slot, { readonly method: string; readonly params?: Readonly<Record<string, JsonValue>> }>>
  >;
  readonly division?: Division;
  /** Only in OPEN. */
  readonly learningRate?: number;
  readonly weightDecay?: number;
}

export type RunState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Closed list of why a run ended without scores. */
export type RunReason =
  | 'NON_FINITE'
  | 'OUT_OF_MEMORY'
  | 'TIME_LIMIT'
  | 'HEARTBEAT_LOST'
  | 'CRASHED'
  | 'METHOD_ERROR'
  | 'DATASET_MISSING'
  | 'DATASET_CORRUPT'
  | 'BACKEND_MISSING'
  | 'BAD_FILE'
  | 'REGISTRY_MISMATCH'
  | 'WORKER_LOST'
  | 'CANCELLED_BY_USER'
  | 'INTERNAL';

export interface TuningRecord {
  readonly benchmarkHash: string;
  /** Hash of the variant with space 'tuned'. */
  readonly variantHash: string;
  readonly points: readonly {
    readonly learningRate: number;
    readonly weightDecay: number;
    readonly scale?: number;
    readonly score: number | null;
  }[];
  readonly chosen: number;
  /** The chosen point lies on the border of the space in some coordinate. */
  readonly edge: boolean;
}

export interface RunRequest {
  readonly benchmark: string;
  readonly benchmarkHash: string;
  readonly variant: Variant;
  readonly variantHash: string;
  readonly seed: number;
  /** `try`: fraction of steps and data, never ranked. Default 1. */
  readonly fraction?: number;
}

export interface SeriesPoint {
  readonly key: string;
  readonly step: number;
  readonly value: number;
}

export interface RunResult {
  readonly scores: Readonly<Record<string, number>>;
  readonly series: readonly SeriesPoint[];
  readonly outcomes: Readonly<Record<string, Float64Array>>;
  /** Encoded bootstrap sketches by score key. */
  readonly sketches: Readonly<Record<string, Uint8Array>>;
  /** Names and groups of the test units, where they have any. */
  readonly units: RunUnits | null;
  readonly convergence: 'CONVERGED' | 'NOT_CONVERGED';
  readonly tuning: TuningRecord | null;
  readonly resources: Readonly<{ wallMs: number; cpuMs: number; peakBytes: number; flops: number }>;
  readonly receipt: Receipt;
}

/** What is known of the test units of a run, in the order of its outcomes. */
export interface RunUnits {
  readonly names: readonly string[] | null;
  /** Class of each unit. */
  readonly groups: readonly string[] | null;
}

export interface Receipt {
  readonly schema: 1;
  readonly benchmark: string;
  readonly benchmarkHash: string;
  readonly variant: Variant;
  readonly variantHash: string;
  readonly datasets: readonly { readonly key: string; readonly revision: string; readonly sha256: readonly string[] }[];
  readonly code: string;
  /** On webgpu also the adapter that computed and its driver, on which numbers depend. */
  readonly backend: {
    readonly name: string;
    readonly version: string;
    readonly adapter?: string;
    readonly driver?: string;
  };
  readonly plan: string;
  readonly seed: number;
  /** Present on a `try`: the fraction of data and steps. Such a receipt is never ranked. */
  readonly fraction?: number;
  readonly tuned: Readonly<{ learningRate: number; weightDecay: number; scale?: number; edge: boolean }> | null;
  readonly scores: Readonly<Record<string, number>>;
  /** SHA-256 of the canonical JSON of all fields above. */
  readonly digest: string;
  /** Outside the digest: machine and cost. */
  readonly environment: Readonly<{ node: string; cpu: string; platform: string }>;
  readonly resources: RunResult['resources'];
  readonly convergence: RunResult['convergence'];
}

// -- messages between a child (one run) and whoever forked it -----------------------------------------

export type ChildMessage =
  | {
      readonly type: 'progress';
      readonly phase: 'data' | 'tuning' | 'training' | 'scoring';
      readonly step: number;
      readonly steps: number;
      readonly loss: number | null;
      readonly stepsPerSecond: number;
      readonly etaMs: number;
    }
  | { readonly type: 'series'; readonly points: readonly SeriesPoint[] }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly line: string }
  | { readonly type: 'heartbeat'; readonly residentBytes: number }
  | { readonly type: 'result'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly reason: RunReason; readonly message: string; readonly step?: number };

export type ParentMessage =
  | {
      readonly type: 'run';
      readonly request: RunRequest;
      readonly tuning?: TuningRecord;
      /** Where the files of `request.variant.predictions` lie, in their order. */
      readonly files?: readonly string[];
    }
  | { readonly type: 'cancel' };

export type AnyZodObject = z.ZodObject;
