/** Closed list of what the API refuses at the top level. Expected failures of a mutation are data: see user-error.ts. */
import { randomUUID } from 'node:crypto';
import { EvalError } from '@touchstone/eval/meta';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';

/** Each code with the HTTP status it is answered with. */
export const ERROR_STATUS = {
  BAD_INPUT: 400,
  BAD_ID: 400,
  BAD_CURSOR: 400,
  UNKNOWN_BENCHMARK: 404,
  QUERY_TOO_EXPENSIVE: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorDetails {
  /** Path of the argument at fault, e.g. `first` or `where.states`. */
  readonly field?: string;
  readonly value?: unknown;
  /** What would have been accepted, in words. */
  readonly allowed?: string;
}

/** Safe to show: names the field, the value received and what is allowed. */
export class ApiError extends GraphQLError {
  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { extensions: { code, ...shown(details), http: { status: ERROR_STATUS[code] } } });
  }
}

/** A value as text of at most 200 characters, so that an error never echoes a megabyte. */
export function showValue(value: unknown): string {
  const plain = typeof value === 'string' || typeof value === 'number';
  const text = plain ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function shown({ field, value, allowed }: ErrorDetails): Record<string, string> {
  return {
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value: showValue(value) }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** Codes that Apollo and graphql-js produce for a document or variables that they refuse. */
const STANDARD_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** True where the database refused to talk rather than to answer: connection lost, shut down, out of connections. */
export function isDatabaseGone(error: unknown): boolean {
  for (let e = error, depth = 0; e instanceof Error && depth < 6; e = e.cause, depth++) {
    const code = 'code' in e ? String(e.code) : '';
    if (/^(08|57P|53[0-9])/.test(code) || /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code))
      return true;
    if (
      /terminated unexpectedly|connection terminated|PGlite is closed|timeout exceeded when trying to connect/i.test(
        e.message,
      )
    )
      return true;
    if (e instanceof AggregateError && e.errors.some(isDatabaseGone)) return true;
  }
  return false;
}

/** What a caller may see of any error; what he may not see is logged under an id that he may quote. */
export function toPublicError(error: unknown, log: Logger, formatted?: GraphQLFormattedError): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const place = formatted
    ? {
        ...(formatted.path ? { path: formatted.path } : {}),
        ...(formatted.locations ? { locations: formatted.locations } : {}),
      }
    : {};
  if (original instanceof ApiError)
    return { ...place, message: original.message, extensions: { ...original.extensions, http: undefined } };
  if (original instanceof EvalError) {
    const { code, message, details } = original;
    return { ...place, message, extensions: { code, ...shown(details) } };
  }
  const code = formatted?.extensions?.code;
  if (typeof code === 'string' && STANDARD_CODES.has(code))
    return { ...place, message: formatted!.message, extensions: { code } };
  const id = randomUUID();
  if (isDatabaseGone(original)) {
    log.error({ id, err: original }, 'database unavailable');
    return {
      ...place,
      message: 'the database is not available; try again shortly',
      extensions: { code: 'SERVICE_UNAVAILABLE', id },
    };
  }
  log.error({ id, err: original }, 'unexpected error');
  return { ...place, message: `internal error; quote ${id}`, extensions: { code: 'INTERNAL_SERVER_ERROR', id } };
}
