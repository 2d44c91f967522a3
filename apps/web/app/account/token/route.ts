import { graphql } from '@/lib/api/graphql';
import { ApiError, request } from '@/lib/api/client';
import { sameOrigin } from '@/lib/origin';

const create = graphql(`
  mutation CreateToken($name: String!, $scopes: [String!], $days: Int) {
    createToken(input: { name: $name, scopes: $scopes, expiresInDays: $days }) {
      secret
      userErrors {
        message
      }
    }
  }
`);

/** Makes a token and shows its secret in the answer itself: never in an address, never in a cookie, never again. */
export async function POST(incoming: Request): Promise<Response> {
  if (!sameOrigin(incoming)) return new Response('wrong origin\n', { status: 403 });
  const form = await incoming.formData();
  const days = Number(form.get('days'));
  try {
    const { createToken } = await request(create, {
      name: String(form.get('name') ?? ''),
      scopes: form.getAll('scopes').map(String),
      days: Number.isInteger(days) && days > 0 ? days : null,
    });
    if (createToken.secret)
      return new Response(`${createToken.secret}\n\nThis token is shown once. Keep it, then go back.\n`, {
        headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
      });
    return back(createToken.userErrors[0]?.message ?? 'refused');
  } catch (error) {
    if (error instanceof ApiError) return back(error.message);
    throw error;
  }
}

function back(problem: string): Response {
  return new Response(null, { status: 303, headers: { location: `/account?problem=${encodeURIComponent(problem)}` } });
}
