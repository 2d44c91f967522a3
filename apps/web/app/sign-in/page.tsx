import type { Metadata } from 'next';
import { Notice, PageHead } from '@/components/ui';

export const metadata: Metadata = { title: 'Sign in' };

const REASONS: Readonly<Record<string, string>> = {
  code: 'That sign-in link was used already or has expired. Start prints a new one; a token works at any time.',
  token: 'That token is unknown, revoked or expired.',
  unreachable: 'The API does not answer; try again in a moment.',
};

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { code, problem, back } = await searchParams;
  return (
    <>
      <PageHead title="Sign in">
        Reading needs no account. To submit, sign in with the link that <code>touchstone start</code> printed, or with a
        token.
      </PageHead>
      {problem && <Notice tone="bad">{REASONS[problem] ?? REASONS.token}</Notice>}
      {code ? (
        <form action="/sign-in/exchange" method="post">
          <input type="hidden" name="code" value={code} />
          {back && <input type="hidden" name="back" value={back} />}
          <button className="button button-primary">Sign in with this link</button>
        </form>
      ) : (
        <form action="/sign-in/exchange" method="post" className="grid gap-3 max-w-[480px]">
          {back && <input type="hidden" name="back" value={back} />}
          <label className="grid gap-1">
            Token
            <input name="token" type="password" autoComplete="off" required spellCheck={false} placeholder="tst_…" />
          </label>
          <div>
            <button className="button button-primary">Sign in</button>
          </div>
          <p className="text-soft">
            The owner’s token lies in <code>.touchstone/owner-token</code> on the machine that runs Touchstone.
          </p>
        </form>
      )}
    </>
  );
}
