/** Exit codes and the one error class of the command line. */

export const EXIT = { ok: 0, failed: 1, usage: 2, notFound: 3, refused: 4, unreachable: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ErrorDetails {
  readonly field?: string | null;
  readonly value?: unknown;
  readonly allowed?: string | null;
}

/** A refusal or failure with a stable code; its exit code follows from the code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  USAGE: EXIT.usage,
  UNKNOWN_BENCHMARK: EXIT.notFound,
  UNKNOWN_METHOD: EXIT.notFound,
  UNKNOWN_DATASET: EXIT.notFound,
  UNKNOWN_METRIC: EXIT.notFound,
  UNKNOWN_FUNCTION: EXIT.notFound,
  DATASET_MISSING: EXIT.notFound,
  FILE_NOT_FOUND: EXIT.notFound,
  NOT_FOUND: EXIT.notFound,
  BAD_ID: EXIT.notFound,
  SERVER_UNREACHABLE: EXIT.unreachable,
  DOWNLOAD_FAILED: EXIT.unreachable,
  FAILED: EXIT.failed,
  CANCELLED: EXIT.failed,
  NON_FINITE: EXIT.failed,
  DATASET_CORRUPT: EXIT.failed,
  HASH_MISMATCH: EXIT.failed,
  RECEIPT_INVALID: EXIT.failed,
  DISK_FULL: EXIT.failed,
  INTERNAL: EXIT.failed,
  INTERNAL_SERVER_ERROR: EXIT.failed,
};

export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly value?: string;
  readonly allowed?: string;
}

const SYSTEM_CODES: Readonly<Record<string, string>> = {
  ENOENT: 'FILE_NOT_FOUND',
  EISDIR: 'FILE_MALFORMED',
  EACCES: 'FORBIDDEN',
  EPERM: 'FORBIDDEN',
  ENOSPC: 'DISK_FULL',
  EADDRINUSE: 'PORT_IN_USE',
  ECONNREFUSED: 'SERVER_UNREACHABLE',
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The offending value as text, at most 120 characters. */
function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const shown = typeof value === 'number' ? String(value) : text;
  return oneLine(shown.length > 120 ? `${shown.slice(0, 117)}…` : shown);
}

/** Reads code and details of any error that carries them, whichever package threw it. */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: oneLine(String(error)) };
  const { code, details = {} } = error as { code?: unknown; details?: ErrorDetails };
  if (typeof code !== 'string') return { code: 'INTERNAL', message: oneLine(error.message) || error.name };
  return {
    code: SYSTEM_CODES[code] ?? code,
    message: oneLine(error.message),
    ...(details.field ? { field: details.field } : {}),
    ...(details.value === undefined || details.value === null ? {} : { value: showValue(details.value) }),
    ...(details.allowed ? { allowed: oneLine(details.allowed) } : {}),
  };
}

/** `error CODE: message (field f, value v, allowed a)`; what the message already says is not repeated. */
export function formatError(described: DescribedError): string {
  const parts = (['field', 'value', 'allowed'] as const)
    .filter((name) => described[name] !== undefined && !described.message.includes(described[name]))
    .map((name) => `${name} ${described[name]}`);
  return `error ${described.code}: ${described.message}${parts.length ? ` (${parts.join(', ')})` : ''}`;
}

/** Anything that is refused by a rule is 4; the exceptions are listed above. */
export function exitCodeOf(code: string): ExitCode {
  return EXIT_BY_CODE[code] ?? EXIT.refused;
}
