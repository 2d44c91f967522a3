import { cookies } from 'next/headers';
import { sameOrigin } from '@/lib/origin';

/** Keeps the reader's choice of colours and goes back to where they were. */
export async function POST(request: Request): Promise<Response> {
  if (!sameOrigin(request)) return new Response('wrong origin\n', { status: 403 });
  const theme = (await request.formData()).get('theme');
  const jar = await cookies();
  if (theme === 'light' || theme === 'dark')
    jar.set('theme', theme, { sameSite: 'lax', path: '/', maxAge: 31_536_000 });
  else jar.delete('theme');
  const referer = request.headers.get('referer');
  const back = referer ? new URL(referer) : null;
  return new Response(null, { status: 303, headers: { location: back ? back.pathname + back.search : '/' } });
}
