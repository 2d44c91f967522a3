/** Published results as rows of boards: what `touchstone import` sends to a server. */
import type { Environment } from '../data-store.js';

/** Files that are scored again by the protocol of the board. */
export interface SubmittedRow {
  readonly claim: 'SUBMITTED';
  readonly benchmark: string;
  readonly name: string;
  /** Paths, in the order in which the benchmark takes them. */
  readonly files: readonly string[];
  /** Where they were published. */
  readonly note: string;
}

/** Numbers that stand as they were published. */
export interface ReportedRow {
  readonly claim: 'REPORTED';
  readonly benchmark: string;
  readonly name: string;
  readonly scores: readonly { readonly key: string; readonly value: number }[];
  readonly source: {
    readonly title: string;
    readonly url: string;
    readonly year?: number;
    readonly note?: string;
  };
}

export type ImportRow = SubmittedRow | ReportedRow;

export interface ImportSource {
  readonly key: string;
  readonly title: string;
  /** What becomes of it: which boards, scored again or reported. */
  readonly summary: string;
  /** The folder looked for under TOUCHSTONE_DATA and the own data directory. */
  readonly folder: string;
  /** Who published it and under which terms. */
  readonly citation: string;
  /** Every row, read from that folder. Throws FILE_MALFORMED, FILE_TOO_LARGE, DATASET_CORRUPT. */
  rows(folder: string): Promise<readonly ImportRow[]>;
}

export interface ImportRequest {
  readonly source: string;
  readonly env?: Environment;
}
