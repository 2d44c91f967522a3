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

/** One operation against the API with the visitor's token, if signed in. Throws ApiError. */
export async function request<Result, Variables>(
  document: TadaDocumentNode<Result, Variables>,
  ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
): Promise<Result> {
  const token = (await cookies()).get(TOKEN_COOKIE)?.value;
  let answer: Answer<Result>;
  try {
    const response = await fetch(`${apiAddress()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query: print(document), variables: variables ?? {} }),
      cache: 'no-store',
      signal: AbortSignal.timeout(15_000),
    });
    answer = (await response.json()) as Answer<Result>;
  } catch (cause) {
    throw new ApiError([{ code: 'UNREACHABLE', message: 'The API does not answer.' }], { cause });
  }
  if (answer.errors?.length || !answer.data)
    throw new ApiError(
      (answer.errors ?? []).map((e) => ({ code: e.extensions?.code ?? 'UNKNOWN', message: e.message })),
    );
  return answer.data;
}

export async function isSignedIn(): Promise<boolean> {
  return (await cookies()).has(TOKEN_COOKIE);
}
