/** GraphQL over HTTP. Every failure becomes a CliError with the server's own code. */
import { CliError } from '../core/errors.js';
import type { Session } from './session.js';

interface GraphqlError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface UserError {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  readonly value?: string | null;
  readonly allowed?: string | null;
}

const TIMEOUT_MS = 30_000;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function unreachable(session: Session, cause: unknown): CliError {
  const inner = (cause as Error).cause;
  const reason =
    inner instanceof AggregateError
      ? inner.errors.map((e: Error) => e.message).join('; ')
      : (inner as Error | undefined)?.message;
  return new CliError(
    'SERVER_UNREACHABLE',
    `no answer from ${session.url}: ${reason ?? (cause as Error).message}`,
    { field: 'url', value: session.url, allowed: 'a running server: touchstone start, --url or TOUCHSTONE_URL' },
    { cause },
  );
}

async function readBody(
  session: Session,
  response: Response,
): Promise<{ data?: unknown; errors?: readonly GraphqlError[] }> {
  const text = await response.text();
  try {
    return JSON.parse(text) as { data?: unknown; errors?: readonly GraphqlError[] };
  } catch (cause) {
    const code = response.status >= 500 ? 'SERVER_UNREACHABLE' : 'REFUSED';
    throw new CliError(
      code,
      `${session.url}/graphql answered HTTP ${response.status}, not GraphQL`,
      { field: 'url', value: session.url },
      { cause },
    );
  }
}

/** Throws SERVER_UNREACHABLE, or the code of the first top-level error. */
export async function request<Data>(
  session: Session,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Data> {
  let response: Response;
  try {
    response = await fetch(`${session.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        'user-agent': 'touchstone-cli',
        ...(session.token ? { authorization: `Bearer ${session.token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw unreachable(session, cause);
  }
  const { data, errors } = await readBody(session, response);
  const first = errors?.[0];
  if (first) {
    const { code, field, value, allowed } = first.extensions ?? {};
    throw new CliError(textOf(code) ?? 'REFUSED', first.message, {
      field: textOf(field),
      value,
      allowed: textOf(allowed),
    });
  }
  if (data === undefined || data === null) throw new CliError('REFUSED', `HTTP ${response.status} without data`);
  return data as Data;
}

/** Throws the first user error of a mutation's payload. */
export function refuseUserErrors(errors: readonly UserError[]): void {
  const first = errors[0];
  if (!first) return;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new CliError(first.code, first.message + rest, {
    field: first.field,
    value: first.value,
    allowed: first.allowed,
  });
}

export const USER_ERRORS = 'userErrors { code field message value allowed }';

/** Throws NOT_FOUND where the server knows no such object. */
export function required<T>(value: T | null | undefined, field: string, given: string, help: string): T {
  if (value === null || value === undefined)
    throw new CliError('NOT_FOUND', `no ${field} ${given}`, { field, value: given, allowed: help });
  return value;
}
