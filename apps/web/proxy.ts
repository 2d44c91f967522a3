import { type NextRequest, NextResponse } from 'next/server';
import { apiAnswers, AWAY_PAGE } from '@/lib/api-health';

/** Every page gets headers that let it load from this origin only; scripts need the nonce of this very response. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const nonce = btoa(crypto.randomUUID());
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const address = (process.env.TOUCHSTONE_URL ?? 'http://127.0.0.1:4000').replace(/\/+$/, '').replace(/\/graphql$/, '');
  const response =
    request.method !== 'GET' || (await apiAnswers(address))
      ? NextResponse.next({ request: { headers } })
      : new NextResponse(AWAY_PAGE, {
          status: 503,
          headers: { 'content-type': 'text/html; charset=utf-8', 'retry-after': '5' },
        });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  return response;
}

// A request that passes here is kept in memory up to a limit and cut off there, so the form that carries files does not.
export const config = { matcher: ['/((?!_next/static|icon|submit/predictions).*)'] };
