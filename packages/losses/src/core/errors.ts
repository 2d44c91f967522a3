/** Closed list of what can go wrong inside this package because of its caller. */
export type LossErrorCode =
  | 'SHAPE_MISMATCH'
  | 'PARAM_RANGE'
  | 'PARAM_TYPE'
  | 'DOMAIN'
  | 'UNKNOWN_METHOD'
  | 'UNKNOWN_FUNCTION'
  | 'UNKNOWN_PARAM'
  | 'NO_BACKEND'
  | 'DEVICE_FAILED'
  | 'UNSUPPORTED';

/** The message names the argument, what was expected and what was received. */
export class LossError extends Error {
  override readonly name = 'LossError';
  constructor(
    readonly code: LossErrorCode,
    message: string,
    readonly details: Readonly<{ field?: string; value?: unknown; allowed?: string }> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
