import type { Metadata } from 'next';
import { DataTable } from '@/components/data-table';
import { Badge, Facts, Notice, PageHead, TextLink } from '@/components/ui';
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
      <DataTable
        label="Tokens"
        rows={viewer.tokens}
        rowKey={(t) => t.id}
        columns={[
          { head: 'Name', cell: (t) => t.name },
          { head: 'Begins with', fold: true, cell: (t) => <code>{t.prefix}…</code> },
          { head: 'May', cell: (t) => t.scopes.join(', ') },
          { head: 'Made', fold: true, cellClassName: 'whitespace-nowrap', cell: (t) => formatTime(t.createdAt) },
          {
            head: 'Expires',
            cellClassName: 'whitespace-nowrap',
            cell: (t) => (t.expiresAt ? formatTime(t.expiresAt) : 'never'),
          },
          { head: 'Last used', fold: true, cellClassName: 'whitespace-nowrap', cell: (t) => formatTime(t.lastUsedAt) },
          {
            head: <span className="sr-only">Revoke</span>,
            cell: (t) =>
              t.revokedAt ? (
                <Badge>revoked</Badge>
              ) : (
                <ActionButton small action="revoke" id={t.id} back="/account">
                  Revoke
                </ActionButton>
              ),
          },
        ]}
      />
      <h2>New token</h2>
      <TokenForm />
    </>
  );
}
