import 'server-only';
import { cookies } from 'next/headers';
import type { TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';

export const TOKEN_COOKIE = 'touchstone_token';

/** Read at request time, so that one build serves every installation. */
export function apiAddress(): string {
  return (process.env.TOUCHSTONE_URL ?? 'http://127.0.0.1:4000').replace(/\/+$/, '').replace(/\/graphql$/, '');
}

export interface ApiProblem {
  readonly code: string;
  readonly message: string;
}

/** The API answered with errors, or not at all (code UNREACHABLE). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly problems: readonly ApiProblem[],
    options?: ErrorOptions,
  ) {
    super(problems.map((problem) => problem.message).join('; '), options);
  }
  get code(): string {
    return this.problems[0]?.code ?? 'UNKNOWN';
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/**
 * One operation against the API with the visitor's token, if signed in. A token that has ended (revoked, expired, or of
 * another installation) does not keep anybody from reading: the question is asked again without it. Throws ApiError.
 */
export async function request<Result, Variables>(
  document: TadaDocumentNode<Result, Variables>,
  ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
): Promise<Result> {
  const token = (await cookies()).get(TOKEN_COOKIE)?.value;
  const body = JSON.stringify({ query: print(document), variables: variables ?? {} });
  let answer = await send<Result>(body, token);
  if (token && answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED') answer = await send<Result>(body, undefined);
  if (answer.errors?.length || !answer.data)
    throw new ApiError(
      (answer.errors ?? []).map((e) => ({ code: e.extensions?.code ?? 'UNKNOWN', message: e.message })),
    );
  return answer.data;
}

async function send<T>(body: string, token: string | undefined): Promise<Answer<T>> {
  try {
    const response = await fetch(`${apiAddress()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body,
      cache: 'no-store',
      signal: AbortSignal.timeout(15_000),
    });
    return (await response.json()) as Answer<T>;
  } catch (cause) {
    throw new ApiError([{ code: 'UNREACHABLE', message: 'The API does not answer.' }], { cause });
  }
}

export async function isSignedIn(): Promise<boolean> {
  return (await cookies()).has(TOKEN_COOKIE);
}
