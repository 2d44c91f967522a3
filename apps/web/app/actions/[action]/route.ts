import { graphql } from '@/lib/api/graphql';
import { ApiError, request } from '@/lib/api/client';
import { localPath } from '@/lib/local-path';
import { sameOrigin } from '@/lib/origin';

const cancel = graphql(`
  mutation Cancel($id: ID!) {
    cancelRun(input: { id: $id }) {
      userErrors {
        message
      }
    }
  }
`);
const rerun = graphql(`
  mutation Rerun($id: ID!) {
    rerunSubmission(input: { id: $id }) {
      userErrors {
        message
      }
    }
  }
`);
const withdraw = graphql(`
  mutation Withdraw($id: ID!) {
    withdrawSubmission(input: { id: $id }) {
      userErrors {
        message
      }
    }
  }
`);
const revoke = graphql(`
  mutation Revoke($id: ID!) {
    revokeToken(input: { id: $id }) {
      userErrors {
        message
      }
    }
  }
`);

async function perform(action: string, id: string): Promise<readonly { message: string }[] | null> {
  switch (action) {
    case 'cancel':
      return (await request(cancel, { id })).cancelRun.userErrors;
    case 'rerun':
      return (await request(rerun, { id })).rerunSubmission.userErrors;
    case 'withdraw':
      return (await request(withdraw, { id })).withdrawSubmission.userErrors;
    case 'revoke':
      return (await request(revoke, { id })).revokeToken.userErrors;
    default:
      return null;
  }
}

/** Buttons that change something: one mutation, then back to the page they stood on, with a message if it was refused. */
export async function POST(incoming: Request, { params }: { params: Promise<{ action: string }> }): Promise<Response> {
  if (!sameOrigin(incoming)) return new Response('wrong origin\n', { status: 403 });
  const form = await incoming.formData();
  const back = localPath(form.get('back'), '/');
  try {
    const errors = await perform((await params).action, String(form.get('id') ?? ''));
    if (errors === null) return new Response('no such action\n', { status: 404 });
    return go(back, errors[0]?.message);
  } catch (error) {
    if (error instanceof ApiError) return go(back, error.message);
    throw error;
  }
}

function go(back: string, problem?: string): Response {
  const location = problem ? `${back}${back.includes('?') ? '&' : '?'}problem=${encodeURIComponent(problem)}` : back;
  return new Response(null, { status: 303, headers: { location } });
}
