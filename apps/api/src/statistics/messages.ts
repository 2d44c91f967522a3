/** What the API's event loop and its thread for statistics say to each other. */
import type { Coverage, DifferenceEstimate } from '@touchstone/eval/statistics';

export interface BoardEntry {
  readonly id: string;
  /** Index into the job's boards. */
  readonly board: number;
  /** Rows of one group (division and claim) have ranks among themselves. */
  readonly group: string;
  readonly ranked: boolean;
  /** Rows that it is compared with. */
  readonly baselines: readonly string[];
  readonly runs: readonly { readonly run: string; readonly seed: number; readonly score: number }[];
}

export interface BoardsHead {
  readonly kind: 'boards';
  readonly boards: readonly {
    readonly direction: 'higher' | 'lower';
    /** Seeds that a ranked row has. */
    readonly seeds: readonly number[];
  }[];
  readonly entries: readonly BoardEntry[];
}

/** Sketches of some runs, as stored. */
export type BoardsPart = readonly { readonly board: number; readonly run: string; readonly sketch: Uint8Array }[];

export interface Standing {
  /** Null for a row that cannot be compared: one run, of which only the score is known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Numbers of its tie groups within division and claim, from 1, ascending; empty for a row that is not compared. */
  readonly groups: readonly number[];
  /** Which chance its comparisons take into account. */
  readonly over: Coverage | null;
}

export interface BoardResult {
  readonly standings: ReadonlyMap<string, Standing>;
  /** Rows of each tie group, best first, by division, claim and number joined by spaces. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Minuend and subtrahend, joined by a space. */
  readonly differences: ReadonlyMap<string, DifferenceEstimate>;
  /** Of the group with the most rows that can be compared. */
  readonly resolution: number | null;
}

export interface PairHead {
  readonly kind: 'pair';
  readonly direction: 'higher' | 'lower';
  /** Longest list of examples. */
  readonly most: number;
}

/** Outcomes of both sides under one seed, deflated, and the JSON of the units of each side, once. */
export interface PairPart {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly units?: readonly [Uint8Array | null, Uint8Array | null];
}

export interface PairResult {
  /** Why there is nothing to show. */
  readonly reason: string | null;
  /** Null where the units have no groups. */
  readonly groups:
    readonly { readonly group: string; readonly n: number; readonly difference: DifferenceEstimate }[] | null;
  readonly worst: readonly {
    readonly unit: number;
    readonly name: string | null;
    readonly group: string | null;
    readonly a: number;
    readonly b: number;
    readonly difference: number;
  }[];
}

export type Head = BoardsHead | PairHead;
export type Part = BoardsPart | PairPart;

export type Request =
  | { readonly id: number; readonly head: Head }
  | { readonly id: number; readonly part: Part }
  | { readonly id: number; readonly end: true }
  /** Nothing more comes, and nobody waits. */
  | { readonly id: number; readonly dropped: true };

export type Answer =
  | { readonly id: number; readonly result: readonly BoardResult[] | PairResult }
  | { readonly id: number; readonly error: string };
