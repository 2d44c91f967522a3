import { cookies } from 'next/headers';
import { apiAddress, TOKEN_COOKIE } from '@/lib/api/client';
import { localPath } from '@/lib/local-path';
import { sameOrigin } from '@/lib/origin';

const go = (location: string) => new Response(null, { status: 303, headers: { location } });

/** A single-use code or a token becomes an HttpOnly cookie. A GET never signs anybody in, so a prefetch spends no code. */
export async function POST(request: Request): Promise<Response> {
  if (!sameOrigin(request)) return new Response('wrong origin\n', { status: 403 });
  const form = await request.formData();
  const code = form.get('code');
  const given = form.get('token');
  const back = localPath(form.get('back'), '/submissions');
  const again = (problem: string) => go(`/sign-in?${new URLSearchParams({ problem, back })}`);
  try {
    const token =
      typeof code === 'string' && code
        ? await exchange(code)
        : typeof given === 'string'
          ? await check(given.trim())
          : null;
    if (!token) return again(code ? 'code' : 'token');
    const secure =
      (request.headers.get('x-forwarded-proto') ?? new URL(request.url).protocol.replace(':', '')) === 'https';
    (await cookies()).set(TOKEN_COOKIE, token, {
      httpOnly: true,
      sameSite: 'lax',
      secure,
      path: '/',
      maxAge: 30 * 86_400,
    });
    return go(back);
  } catch {
    return again('unreachable');
  }
}

async function exchange(code: string): Promise<string | null> {
  const answer = await fetch(`${apiAddress()}/auth/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) return null;
  const body = (await answer.json()) as { token?: string };
  return body.token ?? null;
}

async function check(token: string): Promise<string | null> {
  if (!token || /[^\x21-\x7e]/.test(token)) return null;
  const answer = await fetch(`${apiAddress()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await answer.json()) as { data?: { viewer?: { id: string } | null } };
  return body.data?.viewer ? token : null;
}
