import type { Metadata } from 'next';
import { Live } from '@/components/live';
import { DataTable } from '@/components/data-table';
import { Empty, Notice, PageHead, StateMark, TextLink } from '@/components/ui';
import { graphql } from '@/lib/api/graphql';
import { isSignedIn, request } from '@/lib/api/client';
import { formatScore, formatTime, words } from '@/lib/format';

export const metadata: Metadata = { title: 'My submissions' };

const query = graphql(`
  query MySubmissions($after: String) {
    submissions(first: 50, after: $after, mine: true) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        createdAt
        label
        state
        division
        withdrawnAt
        benchmark {
          key
          title
          primary {
            title
            precision
          }
        }
        entry {
          id
          rank
          mean
        }
        runs {
          state
        }
      }
    }
  }
`);

export default async function SubmissionsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | undefined>>;
}) {
  const { after, problem } = await searchParams;
  if (!(await isSignedIn()))
    return (
      <PageHead title="My submissions">
        <TextLink href="/sign-in">Sign in</TextLink> to see what you sent.
      </PageHead>
    );
  const { submissions } = await request(query, { after: after ?? null });
  const live = submissions.nodes.some((s) => s.state === 'QUEUED' || s.state === 'RUNNING');
  return (
    <>
      {live && <Live everyMs={2500} />}
      <PageHead title="My submissions">
        {submissions.totalCount} sent. <TextLink href="/submit">Submit a variant</TextLink>
      </PageHead>
      {problem && <Notice tone="bad">{problem}</Notice>}
      {submissions.nodes.length === 0 ? (
        <Empty>Nothing yet.</Empty>
      ) : (
        <DataTable
          label="My submissions"
          rows={submissions.nodes}
          rowKey={(s) => s.id}
          columns={[
            {
              head: 'Sent',
              fold: true,
              cellClassName: 'whitespace-nowrap text-soft',
              cell: (s) => formatTime(s.createdAt),
            },
            {
              head: 'Variant',
              cellClassName: 'min-w-40',
              cell: (s) => (
                <>
                  <TextLink href={`/submissions/${s.id}`}>{s.label}</TextLink>
                  <span className="block text-soft">
                    {words(s.division)}
                    {s.withdrawnAt ? ', withdrawn' : ''}
                  </span>
                </>
              ),
            },
            {
              head: 'Benchmark',
              fold: true,
              cell: (s) => (
                <TextLink
                  href={`/leaderboards/${s.benchmark.key}?division=${s.division.toLowerCase()}${s.entry ? `&entry=${s.entry.id}` : ''}`}
                >
                  {s.benchmark.title}
                </TextLink>
              ),
            },
            { head: 'State', cell: (s) => <StateMark state={s.state} /> },
            {
              head: 'Seeds done',
              numeric: true,
              cell: (s) => (
                <>
                  {s.runs.filter((r) => r.state === 'SUCCEEDED').length} of {s.runs.length}
                </>
              ),
            },
            { head: 'Mean', numeric: true, cell: (s) => formatScore(s.entry?.mean, s.benchmark.primary.precision) },
            { head: 'Rank', numeric: true, cell: (s) => s.entry?.rank ?? '–' },
          ]}
        />
      )}
      {submissions.pageInfo.hasNextPage && (
        <p className="mt-3">
          <TextLink href={`/submissions?after=${submissions.pageInfo.endCursor}`}>Older</TextLink>
        </p>
      )}
    </>
  );
}
