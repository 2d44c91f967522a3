/** Closed list of what evaluation refuses, and why. */
export type EvalErrorCode =
  | 'UNKNOWN_BENCHMARK'
  | 'UNKNOWN_METHOD'
  | 'UNKNOWN_DATASET'
  | 'UNKNOWN_METRIC'
  | 'UNKNOWN_PARAM'
  | 'PARAM_TYPE'
  | 'PARAM_RANGE'
  | 'SLOT_NOT_ACCEPTED'
  | 'SLOT_MISMATCH'
  | 'DIVISION_CONFLICT'
  | 'SEEDS_RANGE'
  | 'FILE_TOO_LARGE'
  | 'FILE_MALFORMED'
  | 'DATASET_MISSING'
  | 'DATASET_CORRUPT'
  | 'DOWNLOAD_FAILED'
  | 'LICENCE_NOT_ACCEPTED'
  | 'HASH_MISMATCH'
  | 'RECEIPT_INVALID'
  | 'NON_FINITE'
  | 'BACKEND_MISSING'
  | 'CANCELLED';

/** Names the field, the value received and what is allowed; safe to show to a user. */
export class EvalError extends Error {
  override readonly name = 'EvalError';
  constructor(
    readonly code: EvalErrorCode,
    message: string,
    readonly details: Readonly<{ field?: string; value?: unknown; allowed?: string }> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
