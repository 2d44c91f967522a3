import { cookies } from 'next/headers';
import { apiAddress, TOKEN_COOKIE } from '@/lib/api/client';
import { sameOrigin } from '@/lib/origin';

const LIMIT = 1_000_000;

/** The browser's only door to the API: same origin, token added here, never readable by scripts. */
export async function POST(request: Request): Promise<Response> {
  if (!sameOrigin(request)) return problem(403, 'WRONG_ORIGIN', 'requests must come from this site');
  if (!request.headers.get('content-type')?.startsWith('application/json'))
    return problem(415, 'BAD_REQUEST', 'send application/json');
  const body = await request.text();
  if (body.length > LIMIT) return problem(413, 'TOO_LARGE', `a request has at most ${LIMIT} characters`);
  const token = (await cookies()).get(TOKEN_COOKIE)?.value;
  try {
    const answer = await fetch(`${apiAddress()}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body,
      cache: 'no-store',
      signal: AbortSignal.timeout(30_000),
    });
    return new Response(await answer.text(), {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
    });
  } catch {
    return problem(503, 'UNREACHABLE', 'the API does not answer');
  }
}

function problem(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status });
}
