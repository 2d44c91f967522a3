import { cookies } from 'next/headers';
import { TOKEN_COOKIE } from '@/lib/api/client';
import { sameOrigin } from '@/lib/origin';

export async function POST(request: Request): Promise<Response> {
  if (!sameOrigin(request)) return new Response('wrong origin\n', { status: 403 });
  (await cookies()).delete(TOKEN_COOKIE);
  return new Response(null, { status: 303, headers: { location: '/' } });
}
