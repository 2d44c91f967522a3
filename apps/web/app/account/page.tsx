import type { Metadata } from 'next';
import { Badge, Facts, Notice, PageHead, TableFrame, TextLink } from '@/components/ui';
import { ActionButton } from '@/features/submit/action-button';
import { TokenForm } from '@/features/account/token-form';
import { graphql } from '@/lib/api/graphql';
import { request } from '@/lib/api/client';
import { formatTime } from '@/lib/format';

export const metadata: Metadata = { title: 'Account' };

const query = graphql(`
  query Account {
    viewer {
      id
      name
      role
      scopes
      tokens {
        id
        name
        prefix
        scopes
        createdAt
        expiresAt
        lastUsedAt
        revokedAt
      }
    }
  }
`);

export default async function AccountPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { viewer } = await request(query);
  const { problem } = await searchParams;
  if (!viewer)
    return (
      <PageHead title="Account">
        <TextLink href="/sign-in">Sign in</TextLink> to see your tokens.
      </PageHead>
    );
  return (
    <>
      <PageHead title="Account" />
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Facts
        items={[
          ['Name', viewer.name],
          ['Role', viewer.role],
          ['This session may', viewer.scopes.join(', ')],
        ]}
      />
      <form action="/sign-out" method="post" className="mt-4">
        <button className="button">Sign out</button>
      </form>
      <h2>Tokens</h2>
      <p className="text-soft max-w-[72ch] mb-3">
        For the command line, the Python client and workers. Only a hash is kept: a token is shown once, when it is
        made.
      </p>
      <TableFrame label="Tokens">
        <table className="max-sm:[&_:is(th,td):nth-child(2)]:hidden max-sm:[&_:is(th,td):nth-child(4)]:hidden max-sm:[&_:is(th,td):nth-child(6)]:hidden">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Begins with</th>
              <th scope="col">May</th>
              <th scope="col">Made</th>
              <th scope="col">Expires</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className="sr-only">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {viewer.tokens.map((t) => (
              <tr key={t.id}>
                <td>{t.name}</td>
                <td>
                  <code>{t.prefix}…</code>
                </td>
                <td>{t.scopes.join(', ')}</td>
                <td className="whitespace-nowrap">{formatTime(t.createdAt)}</td>
                <td className="whitespace-nowrap">{t.expiresAt ? formatTime(t.expiresAt) : 'never'}</td>
                <td className="whitespace-nowrap">{formatTime(t.lastUsedAt)}</td>
                <td>
                  {t.revokedAt ? (
                    <Badge>revoked</Badge>
                  ) : (
                    <ActionButton small action="revoke" id={t.id} back="/account">
                      Revoke
                    </ActionButton>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <h2>New token</h2>
      <TokenForm />
    </>
  );
}
